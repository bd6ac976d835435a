import type { AsyncConnection } from '#shared/driver/async-driver'
import type { ReferentialAction } from '../mapping/column.ts'
import { groupBy } from '../relations/hand-out.ts'
import { checkName, foreignKeyName, primaryKeyName, uniqueName } from './constraint-names.ts'
import { type CreateTable, readCreateIndex, readCreateTable } from './create-text.ts'
import { canonicalType } from './normalise.ts'
import type { ColumnSchema, Constraint, ForeignKey, IndexSchema, TableSchema } from './schema.ts'

// SQLite answers through PRAGMAs, which can be read like tables. What they do not tell (checks, the WHERE of an index,
// AUTOINCREMENT) stands in the text of the CREATE statement, which SQLite keeps.

/** The tables of a SQLite database. Those that SQLite makes for itself are left out. */
export async function inspectSqlite(connection: AsyncConnection): Promise<TableSchema[]> {
  const listed = (await connection.all(
    `SELECT l.name, l.wr, l.strict, s.sql FROM pragma_table_list AS l
     JOIN sqlite_schema AS s ON s.type = 'table' AND s.name = l.name
     WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
     ORDER BY s.rowid`,
  )) as unknown as ListedTable[]
  return await inTurn(listed, (table) => inspectTable(connection, table))
}

interface ListedTable {
  readonly name: string
  /** 1 for WITHOUT ROWID. */
  readonly wr: number
  readonly strict: number
  readonly sql: string
}

async function inspectTable(
  connection: AsyncConnection,
  listed: ListedTable,
): Promise<TableSchema> {
  const { name } = listed
  const text = readCreateTable(listed.sql)
  const columns = await columnRows(connection, name)
  return {
    name,
    columns: columns.map((row) => columnSchema(row, columns, text)),
    constraints: await constraintsOf(connection, name, columns, text),
    indexes: await indexesOf(connection, name),
    triggers: await triggersOf(connection, name),
    extras: extrasOf(listed, columns, text),
  }
}

/** A row of `PRAGMA table_xinfo`. */
interface ColumnRow {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly dflt_value: string | null
  /** The place in the primary key, counted from 1; 0 outside of it. */
  readonly pk: number
  /** 2 and 3 are generated columns. */
  readonly hidden: number
}

const columnRows = async (connection: AsyncConnection, table: string): Promise<ColumnRow[]> =>
  (await connection.all('SELECT * FROM pragma_table_xinfo(?)', [table])) as unknown as ColumnRow[]

/** `INTEGER PRIMARY KEY` is the number of the row itself, and never NULL, whatever PRAGMA says. `INT PRIMARY KEY` is not. */
function columnSchema(
  row: ColumnRow,
  columns: readonly ColumnRow[],
  { isCounted }: CreateTable,
): ColumnSchema {
  const isRowid = /^integer$/i.test(row.type) && isWholeKey(row, columns)
  return {
    name: row.name,
    type: canonicalType(row.type),
    isNullable: row.notnull === 0 && !isRowid,
    isGenerated: isRowid && isCounted,
    default: row.dflt_value ?? undefined,
  }
}

const isWholeKey = (row: ColumnRow, columns: readonly ColumnRow[]) =>
  row.pk === 1 && columns.every(({ pk }) => pk < 2)

/** SQLite cannot drop a constraint by its name. So nothing depends on the names, and those of the convention will do. */
async function constraintsOf(
  connection: AsyncConnection,
  table: string,
  columns: readonly ColumnRow[],
  { checks }: CreateTable,
): Promise<Constraint[]> {
  const key = keyColumns(columns)
  return [
    ...(key.length > 0
      ? [{ kind: 'primary key' as const, name: primaryKeyName(table), columns: key }]
      : []),
    ...(await uniquesOf(connection, table)),
    ...(await foreignKeysOf(connection, table)),
    ...checks.map(({ name, about, sql }) => ({
      kind: 'check' as const,
      name: name ?? checkName(table, about),
      sql,
    })),
  ]
}

const keyColumns = (columns: readonly ColumnRow[]): string[] =>
  columns
    .filter(({ pk }) => pk > 0)
    .sort((one, other) => one.pk - other.pk)
    .map(({ name }) => name)

/** SQLite keeps every UNIQUE as an index that it makes itself. Their list begins with the last one. */
async function uniquesOf(connection: AsyncConnection, table: string): Promise<Constraint[]> {
  const names = (await connection.values(
    `SELECT name FROM pragma_index_list(?) WHERE origin = 'u' ORDER BY seq DESC`,
    [table],
  )) as string[][]
  return await inTurn(names, async ([index]) => {
    const sql = 'SELECT name FROM pragma_index_info(?) ORDER BY seqno'
    const columns = (await connection.values(sql, [index!])).map(([name]) => String(name))
    return { kind: 'unique' as const, name: uniqueName(table, columns), columns }
  })
}

/** A row of `PRAGMA foreign_key_list`: one column of one foreign key. */
interface ForeignKeyRow {
  /** The same for the columns of one foreign key. The last one declared is 0. */
  readonly id: number
  readonly seq: number
  readonly table: string
  readonly from: string
  /** null when only the table is named: its primary key is meant. */
  readonly to: string | null
  readonly on_update: string
  readonly on_delete: string
}

async function foreignKeysOf(connection: AsyncConnection, table: string): Promise<ForeignKey[]> {
  const sql = 'SELECT * FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq'
  const rows = (await connection.all(sql, [table])) as unknown as ForeignKeyRow[]
  const groups = groupBy(rows, ({ id }) => id)
  return await inTurn([...groups.values()], (parts) => foreignKey(connection, table, parts))
}

async function foreignKey(
  connection: AsyncConnection,
  table: string,
  parts: readonly ForeignKeyRow[],
): Promise<ForeignKey> {
  const { table: target, on_delete, on_update } = parts[0]!
  const columns = parts.map(({ from }) => from)
  const named = parts.flatMap(({ to }) => to ?? [])
  return {
    kind: 'foreign key',
    name: foreignKeyName(table, columns, target),
    columns,
    target: {
      table: target,
      columns: named.length > 0 ? named : keyColumns(await columnRows(connection, target)),
    },
    onDelete: on_delete.toLowerCase() as ReferentialAction,
    onUpdate: on_update.toLowerCase() as ReferentialAction,
  }
}

/** Those of CREATE INDEX. Those behind UNIQUE and PRIMARY KEY have no text. */
async function indexesOf(connection: AsyncConnection, table: string): Promise<IndexSchema[]> {
  const rows = (await connection.values(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY rowid`,
    [table],
  )) as string[][]
  return rows.map(([name, sql]) => ({ name: name!, ...readCreateIndex(sql!) }))
}

async function triggersOf(connection: AsyncConnection, table: string): Promise<string[]> {
  const rows = await connection.values(
    `SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? ORDER BY rowid`,
    [table],
  )
  return rows.map(([sql]) => String(sql))
}

const extrasOf = (
  { wr, strict }: ListedTable,
  columns: readonly ColumnRow[],
  { extras }: CreateTable,
): string[] => [
  ...(wr ? ['WITHOUT ROWID'] : []),
  ...(strict ? ['STRICT'] : []),
  ...columns.filter(({ hidden }) => hidden > 1).map(({ name }) => `the generated column ${name}`),
  ...extras,
]

/** A connection does one thing at a time. */
async function inTurn<One, Result>(
  all: readonly One[],
  work: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const one of all) results.push(await work(one))
  return results
}
