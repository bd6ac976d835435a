import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import type { Mapping, Part } from '../mapping/inheritance.ts'
import type { PairedRelation } from '../relations/relation.ts'
import { Shapes } from './shapes.ts'

// The SQL that writes one row. Nothing here sends it.

/** The values of a row in the order of the class's columns. What is undefined is left to the database. */
export type Row = readonly (Value | undefined)[]

/** One column of an UPDATE, and its new value. */
export interface Assignment {
  readonly column: Column
  readonly value: Value
}

export interface Statement {
  readonly sql: string
  readonly parameters: readonly Value[]
}

export interface InsertStatement extends Statement {
  /** The columns of the parameters. */
  readonly given: readonly Column[]
  /** The columns that the database fills in. */
  readonly missing: readonly Column[]
  /** The key, where the driver tells it without being asked. */
  readonly lastId: Column | undefined
}

/**
 * The INSERT for what one table holds of a row.
 *
 * @example
 * insertOf(User.mapping.parts[0], [undefined, 'Bob', 'bob@example.com'], sqlite)
 * // INSERT INTO users (name, email) VALUES (?, ?)
 */
export function insertOf(part: Part, row: Row, dialect: Dialect): InsertStatement {
  const { sql, given, missing, lastId } = inserts.get(part, row, dialect)
  return { sql, parameters: valuesIn(row, given), given, missing, lastId }
}

/**
 * The UPDATEs of a row: one for each table of which columns change. A row with a version is only met while it has the version that was read.
 *
 * @example
 * updatesOf(User.mapping, [2, 'Bob', 'bob@example.com'], [{ column: name, value: 'Robert' }], sqlite)
 * // UPDATE users SET name = ? WHERE id = ?
 */
export function updatesOf(
  { parts }: Mapping,
  row: Row,
  assignments: readonly Assignment[],
  dialect: Dialect,
): Statement[] {
  const next = rowOf(assignments)
  if (parts.length === 1) return [updateOf(parts[0]!, row, next, dialect)]
  return parts
    .filter(({ columns }) => columns.some(({ index }) => next[index] !== undefined))
    .map((part) => updateOf(part, row, next, dialect))
}

/** The new values in the places of their columns. */
function rowOf(assignments: readonly Assignment[]): Row {
  const row: (Value | undefined)[] = []
  for (const { column, value } of assignments) row[column.index] = value
  return row
}

function updateOf(part: Part, row: Row, next: Row, dialect: Dialect): Statement {
  const { sql, changed, met } = updates.get(part, next, dialect)
  return { sql, parameters: [...valuesIn(next, changed), ...valuesIn(row, met)] }
}

/**
 * The DELETEs of a row. What the table of the class at the top holds goes last, because the others point to it.
 *
 * @example
 * deletesOf(Post.mapping, [10, 'My post'], sqlite) // DELETE FROM posts WHERE id = ?
 */
export function deletesOf({ parts }: Mapping, row: Row, dialect: Dialect): Statement[] {
  return parts.toReversed().map((part) => {
    const { sql, met } = deletes.get(part, [], dialect)
    return { sql, parameters: valuesIn(row, met) }
  })
}

/**
 * The INSERT of a pair. One that is there already stays as it is: a collection that is not loaded does not know.
 *
 * @param keys of the owner, and of the target
 *
 * @example
 * insertPairOf(Post.relations.tags, [1, 2], sqlite)
 * // INSERT INTO posts_tags (post_id, tag_id) VALUES (?, ?) ON CONFLICT DO NOTHING
 */
export function insertPairOf(
  { to, junction }: PairedRelation,
  keys: readonly Value[],
  dialect: Dialect,
): Statement {
  const names = [to, junction.toTarget].map(({ name }) => dialect.quoteIdentifier(name)).join(', ')
  const marks = keys.map((_, i) => dialect.placeholder(i + 1)).join(', ')
  const table = dialect.quoteIdentifier(to.table)
  const sql = `INSERT INTO ${table} (${names}) VALUES (${marks}) ON CONFLICT DO NOTHING`
  return { sql, parameters: keys }
}

/** The DELETE of a pair: `DELETE FROM posts_tags WHERE post_id = ? AND tag_id = ?`. */
export function deletePairOf(
  { to, junction }: PairedRelation,
  keys: readonly Value[],
  dialect: Dialect,
): Statement {
  const where = conditions([to, junction.toTarget], 0, dialect)
  return {
    sql: `DELETE FROM ${dialect.quoteIdentifier(to.table)} WHERE ${where}`,
    parameters: keys,
  }
}

export const valuesIn = (row: Row, columns: readonly Column[]): Value[] =>
  columns.map(({ index }) => row[index] ?? null)

const inserts = new Shapes((part, given, dialect) => {
  const name = (column: Column) => dialect.quoteIdentifier(column.name)
  const missing = part.columns.filter((column) => !given.includes(column))
  const isKeyOnly = missing.length === 1 && missing[0]!.isGenerated
  const lastId = dialect.name === 'sqlite' && isKeyOnly ? missing[0] : undefined
  const marks = given.map((_, i) => dialect.placeholder(i + 1))
  const values =
    given.length > 0
      ? `(${given.map(name).join(', ')}) VALUES (${marks.join(', ')})`
      : 'DEFAULT VALUES'
  const isReturning = missing.length > 0 && !lastId
  const tail = isReturning ? ` RETURNING ${missing.map(name).join(', ')}` : ''
  return {
    sql: `INSERT INTO ${dialect.quoteIdentifier(part.table)} ${values}${tail}`,
    given,
    missing,
    lastId,
  }
})

const updates = new Shapes((part, changed, dialect) => {
  const met = [...part.key, ...versionIn(part)]
  const set = changed.map((column, i) => equals(column, i + 1, dialect)).join(', ')
  const where = conditions(met, changed.length, dialect)
  const sql = `UPDATE ${dialect.quoteIdentifier(part.table)} SET ${set} WHERE ${where}`
  return { sql, changed, met }
})

const deletes = new Shapes((part, _, dialect) => {
  const met = [...part.key, ...versionIn(part)]
  return {
    sql: `DELETE FROM ${dialect.quoteIdentifier(part.table)} WHERE ${conditions(met, 0, dialect)}`,
    met,
  }
})

/** The columns by which a row is met, with the marks that come after so many others. */
const conditions = (columns: readonly Column[], before: number, dialect: Dialect): string =>
  columns.map((column, i) => equals(column, before + i + 1, dialect)).join(' AND ')

const equals = ({ name }: Column, position: number, dialect: Dialect): string =>
  `${dialect.quoteIdentifier(name)} = ${dialect.placeholder(position)}`

const versionIn = (part: Part): Column[] => part.columns.filter(({ isVersion }) => isVersion)
