import type { Dialect } from '#shared/driver/dialect'
import type { ReferentialAction } from '../mapping/column.ts'

// What a database is made of, as plain frozen values. They come from the models (schemaOf) or from a database (inspect),
// and only then are they compared. Names and types are those of the database.

export interface Schema {
  /** A type is written differently on each database, so a schema belongs to one. */
  readonly dialect: Dialect['name']
  readonly tables: readonly TableSchema[]
}

export interface TableSchema {
  readonly name: string
  readonly columns: readonly ColumnSchema[]
  readonly constraints: readonly Constraint[]
  readonly indexes: readonly IndexSchema[]
  /** The CREATE TRIGGER statements of the table (SQLite, which drops them with it). They are kept, and not compared. */
  readonly triggers?: readonly string[]
  /** What else the table has, in words: nothing here can say it, so a rebuild would lose it. */
  readonly extras?: readonly string[]
}

export interface ColumnSchema {
  readonly name: string
  /** As `canonicalType` spells it: `integer`, `text`, `varchar(255)`, `timestamptz`. */
  readonly type: string
  readonly isNullable: boolean
  /** The database counts it up: AUTOINCREMENT, or IDENTITY. */
  readonly isGenerated: boolean
  /** What a row gets that says nothing: an expression of SQL, such as `'free'` or `CURRENT_TIMESTAMP`. */
  readonly default: string | undefined
}

/** A rule that every row keeps. Its name is how it is dropped again; what it means is the rest. */
export type Constraint = PrimaryKey | Unique | ForeignKey | Check

export interface PrimaryKey {
  readonly kind: 'primary key'
  readonly name: string
  readonly columns: readonly string[]
}

export interface Unique {
  readonly kind: 'unique'
  readonly name: string
  readonly columns: readonly string[]
}

export interface ForeignKey {
  readonly kind: 'foreign key'
  readonly name: string
  readonly columns: readonly string[]
  readonly target: { readonly table: string; readonly columns: readonly string[] }
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
}

export interface Check {
  readonly kind: 'check'
  readonly name: string
  /** The condition, without the parentheses around it. */
  readonly sql: string
}

export interface IndexSchema {
  readonly name: string
  /** Names of columns, or expressions: `user_id`, `created_at DESC`, `lower(title)`. */
  readonly on: readonly string[]
  readonly isUnique: boolean
  /** The condition of a partial index: it holds only the rows for which this is true. */
  readonly where: string | undefined
}

/** The table of this name. */
export const tableNamed = (schema: Schema, name: string): TableSchema | undefined =>
  schema.tables.find((table) => table.name === name)

/** The column of this name. */
export const columnNamed = (
  table: TableSchema | undefined,
  name: string,
): ColumnSchema | undefined => table?.columns.find((column) => column.name === name)

export const foreignKeysOf = ({ constraints }: TableSchema): ForeignKey[] =>
  constraints.filter((one): one is ForeignKey => one.kind === 'foreign key')

export const primaryKeyOf = ({ constraints }: TableSchema): PrimaryKey | undefined =>
  constraints.find((one): one is PrimaryKey => one.kind === 'primary key')

/** A schema without tables: where the first migration begins. */
export const emptySchema = (dialect: Dialect): Schema => ({ dialect: dialect.name, tables: [] })
