import fc from 'fast-check'
import type { Connection, Value } from '#shared/driver/driver'
import { TodoError } from '#shared/todo'
import {
  defineTable,
  diff,
  inspect,
  type Question,
  questions,
  Registry,
  reverse,
  runStatements,
  type Schema,
  schemaAfter,
  schemaOf,
  splitStatements,
  statements,
  type TableRules,
  t,
} from '#stage/07-migrations'

// The property of this stage: whatever two schemas there are, the way from the one to the other exists, keeps the rows,
// and leads back. The models are made up; the values fit every type that a column may change to.

/** What a made-up column is. Its name says what its values are: n1 and n2 hold numbers, t1 and t2 words. */
interface ColumnPlan {
  readonly type: number
  readonly isNullable: boolean
  readonly hasDefault: boolean
  readonly isUnique: boolean
  readonly isIndexed: boolean
  readonly hasCheck: boolean
  readonly rule: number
}

interface TablePlan {
  readonly isCounted: boolean
  readonly bigId: boolean
  readonly columns: Readonly<Partial<Record<ColumnName, ColumnPlan>>>
  /** The tables that it points to. */
  readonly points: readonly TableName[]
  readonly pointer: ColumnPlan
  readonly isPairUnique: boolean
  readonly hasExpressionIndex: boolean
  readonly isPartial: boolean
  readonly hasTableCheck: boolean
}

export type Plan = Readonly<Partial<Record<TableName, TablePlan>>>

/** `order` is a keyword. */
const tableNames = ['users', 'posts', 'order', 'tags'] as const
type TableName = (typeof tableNames)[number]

const columnNames = ['n1', 'n2', 't1', 't2', 'Group', 'flag', 'at', 'data'] as const
type ColumnName = (typeof columnNames)[number]

/** What a column may be, and may become: the rows of a test fit all of it. */
const kinds = {
  n: {
    types: [() => t.integer(), () => t.bigint(), () => t.real(), () => t.text()],
    defaults: [-5, 7n, 1.5, "it's"],
    checks: [
      'NAME >= -5',
      'NAME BETWEEN -5 AND 100',
      'NAME > -6 OR NAME IS NULL',
      'length(NAME) < 50',
    ],
    filler: '1',
    value: (i: number): Value => i,
  },
  t: {
    types: [
      () => t.text(),
      () => t.varchar(20),
      () => t.varchar(40),
      () => t.enum('a1', 'a2', 'a3'),
      () => t.enum('a3', 'a2', 'a1', "o'clock"),
    ],
    defaults: ['a;b', '', "it's", 'a1', "o'clock"],
    checks: [
      "NAME LIKE 'a%' OR length(NAME) < 9",
      "NAME NOT IN ('x', 'y')",
      "NAME <> 'nobody'",
      "NOT (NAME = 'x' AND length(NAME) > 3)",
      "coalesce(NAME, '') <> 'x'",
    ],
    filler: "'a1'",
    value: (i: number): Value => `a${i}`,
  },
  flag: {
    types: [() => t.boolean()],
    defaults: [true],
    checks: ['NAME IS NOT NULL OR NAME IS NULL'],
    filler: { sqlite: '1', postgres: 'true' },
    value: (i: number, { dialect }: Connection): Value =>
      dialect.hasBooleans ? i % 2 === 0 : Number(i % 2 === 0),
  },
  at: {
    types: [() => t.timestamp(), () => t.timestamp().defaultSql('CURRENT_TIMESTAMP')],
    defaults: [new Date('2026-01-05T09:00:00.123Z'), undefined],
    checks: ["NAME > '2001-01-01'", 'NAME IS NOT NULL OR 1 = 1'],
    filler: "'2026-01-05T09:00:00.000Z'",
    value: (i: number): Value => `2026-01-0${i}T09:00:00.000Z`,
  },
  data: {
    types: [() => t.json()],
    defaults: [{ b: 1, a: ["it's"] }],
    checks: ['NAME IS NOT NULL OR NAME IS NULL'],
    filler: "'{}'",
    value: (i: number): Value => JSON.stringify({ i }),
  },
}

/** `Group` is `group` in the database, which is a keyword. Keys and pointers are numbers. */
function kindOf(name: string): keyof typeof kinds {
  if (/^group$/i.test(name)) return 't'
  const kind = name.replace(/\d$/, '')
  return kind in kinds ? (kind as keyof typeof kinds) : 'n'
}

const columnPlan: fc.Arbitrary<ColumnPlan> = fc.record({
  type: fc.nat(9),
  isNullable: fc.boolean(),
  hasDefault: fc.boolean(),
  isUnique: often(1, 5),
  isIndexed: often(1, 4),
  hasCheck: often(1, 3),
  rule: fc.nat(5),
})

function often(yes: number, of: number): fc.Arbitrary<boolean> {
  return fc.nat(of - 1).map((n) => n < yes)
}

const tablePlan: fc.Arbitrary<TablePlan> = fc.record({
  isCounted: often(3, 4),
  bigId: often(1, 4),
  columns: fc.record(
    Object.fromEntries(columnNames.map((name) => [name, columnPlan])) as Record<
      ColumnName,
      fc.Arbitrary<ColumnPlan>
    >,
    { requiredKeys: [] },
  ),
  points: fc.uniqueArray(fc.constantFrom(...tableNames), { maxLength: 3 }),
  pointer: columnPlan,
  isPairUnique: often(1, 4),
  hasExpressionIndex: often(1, 3),
  isPartial: fc.boolean(),
  hasTableCheck: often(1, 4),
})

export const plan: fc.Arbitrary<Plan> = fc.record(
  Object.fromEntries(tableNames.map((name) => [name, tablePlan])) as Record<
    TableName,
    fc.Arbitrary<TablePlan>
  >,
  { requiredKeys: [] },
)

/** The models of a plan. */
export function registryOf(plan: Plan): Registry {
  const registry = new Registry()
  const made = new Map<string, ReturnType<typeof defineTable>>()
  for (const [name, table] of Object.entries(plan)) {
    const define = () =>
      made.get(name) ?? made.set(name, tableOf(name, table, plan, made)).get(name)!
    registry.declare(name, define)
  }
  return registry
}

function tableOf(
  name: string,
  table: TablePlan,
  plan: Plan,
  made: Map<string, ReturnType<typeof defineTable>>,
) {
  const idOf = (big: boolean) => (big ? t.bigint() : t.integer())
  const columns = Object.entries(table.columns).map(([column, one]) => [
    column,
    columnOf(column, one),
  ])
  const pointers = table.points
    .filter((target) => target in plan)
    .map((target) => {
      const { rule, isIndexed } = table.pointer
      const actions = ['no action', 'cascade', 'set null', 'restrict'] as const
      const column = idOf(plan[target]!.bigId).nullable()
      const reference = () => made.get(target)?.byProperty.id ?? { table: target, name: 'id' }
      const rules = { onDelete: actions[rule % 4]!, onUpdate: actions[(rule + 1) % 4]! }
      const pointing = column.references(reference, rules)
      return [`${target}Id`, isIndexed ? pointing.index() : pointing]
    })
  const id = table.isCounted
    ? idOf(table.bigId).primaryKey()
    : idOf(table.bigId).primaryKey({ generated: false })
  const shape = Object.fromEntries([['id', id], ...columns, ...pointers])
  return defineTable(name, shape, rulesOf(table, shape))
}

function columnOf(name: string, plan: ColumnPlan) {
  const kind = kinds[kindOf(name)]
  const place = plan.type % kind.types.length
  let column: any = kind.types[place]!()
  const initial = kind.defaults[place]
  if (plan.hasDefault && initial !== undefined && fits(column, initial))
    column = column.default(initial)
  // Two rows that get the same value later could not both keep it.
  const isUnique =
    plan.isUnique && kindOf(name) !== 'flag' && !plan.hasDefault && !column.definition.defaultSql
  if (plan.isNullable || isUnique) column = column.nullable()
  if (isUnique) column = column.unique()
  if (plan.isIndexed) column = column.index()
  const quoted = name === 'Group' ? '"group"' : name
  const check = kind.checks[kind === kinds.n ? place : plan.rule % kind.checks.length]!
  if (plan.hasCheck) column = column.check(check.replaceAll('NAME', quoted))
  return column
}

const fits = (column: any, value: unknown) => column.definition.type.accepts(value)

function rulesOf(table: TablePlan, shape: object): TableRules {
  const names = Object.keys(shape)
  const has = (...wanted: string[]) => wanted.every((name) => names.includes(name))
  return {
    uniques: table.isPairUnique && has('n1') ? [['n1', 'id']] : [],
    indexes: [
      ...(table.hasExpressionIndex && has('t1')
        ? [{ on: [{ sql: 'lower(t1)' }, 'id'], ...(table.isPartial ? { where: "t1 <> 'x'" } : {}) }]
        : []),
      ...(table.hasExpressionIndex && has('at')
        ? [{ on: [{ sql: 'at DESC' }, 'id'], isUnique: true }]
        : []),
    ],
    checks: table.hasTableCheck && has('t1', 't2') ? { apart: "t1 <> 'zz' OR t2 IS NULL" } : {},
  }
}

/** Alice, Bob and Carol of every table: three rows, each with a value in every column. */
export function fill(connection: Connection, schema: Schema): void {
  const pointers: string[] = []
  const { quoteIdentifier, placeholder } = connection.dialect
  for (const table of schema.tables) {
    const isCounted = table.columns.some(({ isGenerated }) => isGenerated)
    const columns = table.columns.filter(
      ({ name }) => !name.endsWith('_id') && (name !== 'id' || !isCounted),
    )
    for (const i of [1, 2, 3]) {
      const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
      const marks = columns.map((_, place) => placeholder(place + 1)).join(', ')
      const values = columns.map(({ name, type }) => textFor(type, valueIn(name, i, connection)))
      const body = columns.length > 0 ? `(${names}) VALUES (${marks})` : 'DEFAULT VALUES'
      connection.run(`INSERT INTO ${quoteIdentifier(table.name)} ${body}`, values)
    }
    for (const { name } of table.columns.filter(({ name }) => name.endsWith('_id')))
      pointers.push(`UPDATE ${quoteIdentifier(table.name)} SET ${name} = id`)
  }
  for (const sql of pointers) connection.run(sql)
}

const valueIn = (name: string, i: number, connection: Connection): Value =>
  name === 'id' ? i : kinds[kindOf(name)].value(i, connection)

/** A number in a column of text. */
const textFor = (type: string, value: Value): Value =>
  type === 'text' && typeof value === 'number' ? String(value) : value

/** What every row holds, in a form in which a number is a number whatever its type is. */
function contents(connection: Connection, table: string, columns: readonly string[]): string[] {
  const { quoteIdentifier } = connection.dialect
  const names = columns.map(quoteIdentifier).join(', ')
  return connection
    .values(`SELECT ${names} FROM ${quoteIdentifier(table)} ORDER BY id`)
    .map((row) => row.map((value, i) => plain(columns[i]!, value)).join(' | '))
}

export function plain(name: string, value: Value): string {
  if (value === null) return 'NULL'
  if (name.endsWith('id') || kindOf(name) === 'n') return String(Number(value))
  if (kindOf(name) === 'at') return new Date(String(value)).toISOString()
  return kindOf(name) === 'data' ? JSON.stringify(JSON.parse(String(value))) : String(value)
}

/** The answers that a person might give: some of the possible renames, and a value for what may not be empty. */
export function answersFor(
  connection: Connection,
  from: Schema,
  to: Schema,
  renamesTables: boolean,
) {
  const renames: string[] = []
  const taken = new Set<string>()
  for (const question of questions(from, to)) {
    if (question.kind !== 'rename' || !isSafe(question, renamesTables)) continue
    const names = [question.from, question.to].map((name) => `${question.table}.${name}`)
    if (names.some((name) => taken.has(name))) continue
    for (const name of names) taken.add(name)
    renames.push(question.answer)
  }
  const there = questions(from, to, { renames }).flatMap(columnAsked)
  const back = questions(to, from, { renames: renames.map((one) => turned(one, renames)) })
    .flatMap(columnAsked)
    .map((column) => nowCalled(column, renames))
  const backfills = [...there, ...back].map((column) => [column, fillerOf(column, connection)])
  return { renames, backfills: Object.fromEntries(backfills) as Record<string, string> }
}

const columnAsked = (question: Question) => (question.kind === 'backfill' ? question.column : [])

/** `posts:users` and `posts.t1:t2` become `users:posts` and `users.t2:t1`. */
function turned(rename: string, renames: readonly string[]): string {
  const [from = '', to = ''] = rename.split(':')
  const [table = '', column] = from.split('.')
  return column === undefined
    ? `${to}:${from}`
    : `${nowCalled(`${table}.x`, renames).split('.')[0]}.${to}:${column}`
}

/** `users.n1` after the renames: `people.n2`. */
function nowCalled(column: string, renames: readonly string[]): string {
  const renamed = new Map(renames.map((one) => one.split(':') as [string, string]))
  const [table = '', name = ''] = column.split('.')
  return `${renamed.get(table) ?? table}.${renamed.get(column) ?? name}`
}

/** A pointer is called after the table that it points to, and numbers stay numbers. */
const isSafe = (
  one: { table?: string | undefined; from: string; to: string },
  renamesTables: boolean,
) =>
  one.table === undefined
    ? renamesTables
    : !one.from.endsWith('_id') && !one.to.endsWith('_id') && kindOf(one.from) === kindOf(one.to)

function fillerOf(column: string, { dialect }: Connection): string {
  const { filler } = kinds[kindOf(column.split('.')[1]!)]
  return typeof filler === 'string' ? filler : filler[dialect.name]
}

/** Where a table or a column of before is now. */
export function survivors(from: Schema, to: Schema, renames: readonly string[]) {
  const renamed = new Map(renames.map((one) => one.split(':') as [string, string]))
  return from.tables.flatMap((table) => {
    const name = renamed.get(table.name) ?? table.name
    const after = to.tables.find((one) => one.name === name)
    if (!after) return []
    const columns = table.columns.flatMap((column) => {
      const now = renamed.get(`${table.name}.${column.name}`) ?? column.name
      return after.columns.some((one) => one.name === now) ? [{ was: column.name, is: now }] : []
    })
    return [{ was: table.name, is: name, columns }]
  })
}

/** The whole property for one pair of schemas, on an empty database. */
function migrateThereAndBack(
  connection: Connection,
  before: Plan,
  after: Plan,
  renamesTables: boolean,
): void {
  const { dialect } = connection
  const [a, b] = [schemaOf(registryOf(before), dialect), schemaOf(registryOf(after), dialect)]
  const empty: Schema = { dialect: dialect.name, tables: [] }

  runStatements(connection, asWritten(statements(diff(empty, a), empty, dialect)))
  expectNothing(diff(inspect(connection), a), 'after the first schema')

  fill(connection, a)
  const answers = answersFor(connection, a, b, renamesTables)
  const kept = survivors(a, b, answers.renames)
  const rows = kept.map(({ was, columns }) =>
    contents(
      connection,
      was,
      columns.map((one) => one.was),
    ),
  )

  const start = inspect(connection)
  const operations = diff(start, b, answers)
  runStatements(connection, asWritten(statements(operations, start, dialect)))
  expectNothing(diff(inspect(connection), b), 'after the second schema')
  const moved = kept.map(({ is, columns }) =>
    contents(
      connection,
      is,
      columns.map((one) => one.is),
    ),
  )
  if (JSON.stringify(moved) !== JSON.stringify(rows))
    throw new Error(`rows were lost:\n${JSON.stringify(rows)}\n${JSON.stringify(moved)}`)

  const now = schemaAfter(start, operations)
  runStatements(connection, asWritten(statements(reverse(operations), now, dialect)))
  expectNothing(diff(inspect(connection), a), 'after the way back')
}

/** The statements as they come back out of a file. */
export const asWritten = (sql: readonly string[]) =>
  splitStatements(sql.map((statement) => `${statement};`).join('\n'))

function expectNothing(operations: readonly unknown[], when: string): void {
  if (operations.length > 0)
    throw new Error(`there is still a difference ${when}:\n${JSON.stringify(operations, null, 2)}`)
}

/**
 * Tries random pairs of schemas. `WORKBOOK_PAIRS` says how many; a failure shows the smallest pair that fails, with its seed.
 *
 * @param open gives an empty database for each pair
 */
export function tryPairs(open: () => Connection, runs: number): void {
  const property = fc.property(plan, plan, fc.boolean(), (before, after, renamesTables) => {
    const connection = open()
    try {
      migrateThereAndBack(connection, before, after, renamesTables)
    } finally {
      connection.close()
    }
  })
  try {
    fc.assert(property, { numRuns: Number(process.env.WORKBOOK_PAIRS ?? runs) })
  } catch (error) {
    throw (error as Error).cause instanceof TodoError ? (error as Error).cause : error
  }
}
