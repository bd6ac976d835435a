/** The strings form was given an operator or a direction that it does not know. */
export class UnknownWordError extends Error {
  override readonly name = 'UnknownWordError'

  constructor(what: 'operator' | 'direction', word: unknown, known: readonly string[]) {
    super(
      `${show(word)} is no ${what} of a query. ` +
        `This usually happens after a slip of the pen, or when the ${what} comes from a request: it stands in the SQL itself, so only known words may pass. Use one of ${known.join(', ')}.`,
    )
  }
}

/** A value that cannot be compared or computed with what stands beside it. */
export class OperandError extends Error {
  override readonly name = 'OperandError'

  constructor(value: unknown, expected: string) {
    super(
      `A query cannot use ${show(value)} here: it takes ${expected}. ` +
        'This usually happens when a variable was never set, or a value from a form or from JSON was not converted. Convert it first; for "no value" say null.',
    )
  }
}

/** NULL in a comparison that can never be true then. */
export class NullComparisonError extends Error {
  override readonly name = 'NullComparisonError'

  constructor(operator: string) {
    super(
      `${operator} with null is never true: in SQL nothing is known of NULL. ` +
        'This usually happens when a value is missing. Check it before, or ask for isNull() and isNotNull().',
    )
  }
}

/** null in the list of IN or NOT IN. */
export class NullInListError extends Error {
  override readonly name = 'NullInListError'

  constructor(operator: 'in' | 'notIn') {
    super(
      `${operator}() was given a list that holds null. ` +
        'In SQL, x NOT IN (1, NULL) is never true and x IN (1, NULL) does not find NULL, so no list with null says what it seems to. ' +
        `Filter the nulls out, and where they are meant add .${operator === 'in' ? 'or(x.isNull())' : 'and(x.isNotNull())'}.`,
    )
  }
}

/** Something that is no condition, where one is needed. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError'

  constructor(method: string, given: unknown) {
    const reason =
      typeof given === 'boolean'
        ? "This usually happens when JavaScript's own operators compare (u.age > 18): they run before the query is built. Write u.age.gt(18)."
        : 'This usually happens when the function has braces and no return, or a variable was never set. Return a condition such as u.age.gt(18).'
    super(`${method}() got ${show(given)}, which is no condition. ${reason}`)
  }
}

/** An UPDATE or DELETE without WHERE that nobody asked for. */
export class MissingWhereError extends Error {
  override readonly name = 'MissingWhereError'

  constructor(statement: 'UPDATE' | 'DELETE', table: string) {
    super(
      `This ${statement} would meet every row of ${table}: it has no WHERE. ` +
        'This usually happens when a condition is forgotten, or a list of filters is empty. Add .where(…), or say .everyRow() where every row is meant.',
    )
  }
}

/** A statement that would write nothing. */
export class NothingToWriteError extends Error {
  override readonly name = 'NothingToWriteError'

  constructor(method: 'values' | 'set', table: string) {
    const given = method === 'values' ? 'no rows' : 'no columns'
    super(
      `${method}() got ${given} for ${table}, and SQL has no statement for that. ` +
        'This usually happens when a list or a form turns out empty. Check it before, and send nothing then.',
    )
  }
}

/** Rows of one INSERT that do not give the same columns. */
export class MixedRowsError extends Error {
  override readonly name = 'MixedRowsError'

  constructor(table: string, property: string, row: number) {
    super(
      `Row ${row} for ${table} gives no "${property}", which other rows of the same INSERT give. ` +
        'One statement writes the same columns in every row, and this column takes no NULL. This usually happens when rows come from two places. Give it in every row, or insert in two statements.',
    )
  }
}

/** A column of a source that the query does not read. */
export class UnknownSourceError extends Error {
  override readonly name = 'UnknownSourceError'

  constructor(source: string, column: string, known: readonly string[]) {
    super(
      `${source}.${column} is used in a query that does not read ${source}. It reads ${known.join(', ') || 'no table here'}. ` +
        'This usually happens when a join is missing, or when the table was given an alias. Join it, or use the columns that the function is called with.',
    )
  }
}

/** Two sources, or two parts of a WITH, of one name. */
export class DuplicateSourceError extends Error {
  override readonly name = 'DuplicateSourceError'

  constructor(name: string) {
    super(
      `Two sources of this query are called "${name}", so their columns cannot be told apart. ` +
        "This usually happens when a table is joined to itself. Give one of them another name: alias(User, 'manager').",
    )
  }
}

/** A query whose select list does not fit the place where it stands. */
export class OutputMismatchError extends Error {
  override readonly name = 'OutputMismatchError'

  constructor(what: string, expected: string, given: readonly string[]) {
    super(
      `${what} needs a query that selects ${expected}; this one selects ${given.join(', ') || '*'}. ` +
        'This usually happens when select(…) is missing, or names the columns in another order. Give it the select list that fits.',
    )
  }
}

/** More parameters than the database takes in one statement. */
export class TooManyParametersError extends Error {
  override readonly name = 'TooManyParametersError'

  constructor(count: number, limit: number, dialect: string) {
    super(
      `This statement has ${count} parameters, and ${dialect} takes at most ${limit}. ` +
        'This usually happens with a long list in in(). Ask in several queries, or with a subquery: in(from(…).select(…)). execute() splits the rows of an INSERT by itself.',
    )
  }
}

/** A column of the result cannot be read as its type. */
export class UnreadableResultError extends Error {
  override readonly name = 'UnreadableResultError'

  constructor(property: string, type: string, value: unknown, cause: unknown) {
    super(
      `The result's "${property}" is ${show(value)}, which its type ${type} cannot read. ` +
        'This usually happens when an expression is more than its type can hold, or readAs() names another type. Change the expression or its type.',
      { cause },
    )
  }
}

/** A strings query without a table. */
export class MissingTableError extends Error {
  override readonly name = 'MissingTableError'

  constructor() {
    super(
      "This query has no table. This usually happens when from() is forgotten. Call .from('users') before build().",
    )
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'no class'})`
  return String(value)
}
