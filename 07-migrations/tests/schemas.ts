import { type Dialect, sqlite } from '#shared/driver/dialect'
import type { Connection } from '#shared/driver/driver'
import type {
  Check,
  ColumnSchema,
  Constraint,
  ForeignKey,
  IndexSchema,
  Operation,
  Schema,
  TableSchema,
} from '#stage/07-migrations'

// Schemas written by hand: short words for the values.

/** A column that must have a value; `more` says what is different about it. */
export const column = (
  name: string,
  type = 'text',
  more: Partial<ColumnSchema> = {},
): ColumnSchema => ({
  name,
  type,
  isNullable: false,
  isGenerated: false,
  default: undefined,
  ...more,
})

/** The counted key of a table. */
export const id = column('id', 'integer', { isGenerated: true })

export const primaryKey = (name: string, ...columns: string[]): Constraint => ({
  kind: 'primary key',
  name,
  columns,
})

export const unique = (name: string, ...columns: string[]): Constraint => ({
  kind: 'unique',
  name,
  columns,
})

export const check = (name: string, sql: string): Check => ({ kind: 'check', name, sql })

/** `foreignKey('fk', 'user_id', 'users')` */
export const foreignKey = (
  name: string,
  from: string,
  target: string,
  more: Partial<ForeignKey> = {},
): ForeignKey => ({
  kind: 'foreign key',
  name,
  columns: [from],
  target: { table: target, columns: ['id'] },
  onDelete: 'no action',
  onUpdate: 'no action',
  ...more,
})

export const index = (
  name: string,
  on: readonly string[],
  more: Partial<IndexSchema> = {},
): IndexSchema => ({ name, on, isUnique: false, where: undefined, ...more })

interface Parts {
  readonly columns?: readonly ColumnSchema[]
  /** Beside the primary key over `id`. */
  readonly constraints?: readonly Constraint[]
  readonly indexes?: readonly IndexSchema[]
}

/** A table with a counted `id`. */
export const table = (
  name: string,
  { columns = [], constraints = [], indexes = [] }: Parts = {},
): TableSchema => ({
  name,
  columns: [id, ...columns],
  constraints: [primaryKey(`pk_${name}`, 'id'), ...constraints],
  indexes,
})

export const schema = (...tables: readonly TableSchema[]): Schema => ({
  dialect: sqlite.name,
  tables,
})

export const empty = ({ name }: Dialect): Schema => ({ dialect: name, tables: [] })

/** Operations in short: `drop column posts.title`. */
export const inShort = (operations: readonly Operation[]): string[] => operations.map(shortly)

function shortly(one: Operation): string {
  switch (one.kind) {
    case 'create table':
    case 'drop table':
      return `${one.kind} ${one.table.name}`
    case 'rename table':
      return `${one.kind} ${one.from} to ${one.to}`
    case 'rename column':
      return `${one.kind} ${one.table}.${one.from} to ${one.to}`
    case 'add column':
    case 'drop column':
      return `${one.kind} ${one.table}.${one.column.name}`
    case 'alter column':
      return `${one.kind} ${one.table}.${one.to.name}`
    case 'add constraint':
    case 'drop constraint':
      return `${one.kind} ${one.table} ${one.constraint.name}`
    case 'create index':
    case 'drop index':
      return `${one.kind} ${one.table} ${one.index.name}`
  }
}

/** What a table holds, in the order of its rows. */
export const rowsOf = (connection: Connection, name: string) =>
  connection.all(`SELECT * FROM ${connection.dialect.quoteIdentifier(name)} ORDER BY 1`)

/** The texts that SQLite keeps of one kind of thing. */
export const namesOf = (connection: Connection, type: 'index' | 'trigger' | 'view') =>
  connection
    .values('SELECT name FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL ORDER BY name', [
      type,
    ])
    .map(([name]) => name)
