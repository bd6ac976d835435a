import type { ColumnSchema, Constraint, IndexSchema, TableSchema } from './schema.ts'

/**
 * One step from a schema to the next: a plain value. It carries what is needed to take it back.
 * Names are those that hold when the step is taken.
 */
export type Operation =
  | CreateTable
  | DropTable
  | RenameTable
  | AddColumn
  | DropColumn
  | RenameColumn
  | AlterColumn
  | AddConstraint
  | DropConstraint
  | CreateIndex
  | DropIndex

export interface CreateTable {
  readonly kind: 'create table'
  readonly table: TableSchema
}

export interface DropTable {
  readonly kind: 'drop table'
  readonly table: TableSchema
}

export interface RenameTable {
  readonly kind: 'rename table'
  readonly from: string
  readonly to: string
}

export interface AddColumn {
  readonly kind: 'add column'
  readonly table: string
  readonly column: ColumnSchema
  /** What the rows that are there already get: an expression of SQL. */
  readonly backfill?: string | undefined
}

export interface DropColumn {
  readonly kind: 'drop column'
  readonly table: string
  readonly column: ColumnSchema
  /** What the rows get when the column is brought back: its values are gone. */
  readonly backfill?: string | undefined
}

export interface RenameColumn {
  readonly kind: 'rename column'
  readonly table: string
  readonly from: string
  readonly to: string
}

/** Another type, nullability, default or counter: the values stay. */
export interface AlterColumn {
  readonly kind: 'alter column'
  readonly table: string
  readonly from: ColumnSchema
  readonly to: ColumnSchema
  /** What takes the place of NULL where the column may not hold it any more. */
  readonly backfill?: string | undefined
}

/** What happens to one column. */
export type ColumnChange = AddColumn | AlterColumn | DropColumn

/** The name that a backfill is given under: `users.email`. */
export const columnOf = (change: ColumnChange): string =>
  `${change.table}.${change.kind === 'alter column' ? change.to.name : change.column.name}`

export interface AddConstraint {
  readonly kind: 'add constraint'
  readonly table: string
  readonly constraint: Constraint
}

export interface DropConstraint {
  readonly kind: 'drop constraint'
  readonly table: string
  readonly constraint: Constraint
}

export interface CreateIndex {
  readonly kind: 'create index'
  readonly table: string
  readonly index: IndexSchema
}

export interface DropIndex {
  readonly kind: 'drop index'
  readonly table: string
  readonly index: IndexSchema
}

/**
 * The steps that lead back, in their order.
 *
 * @example
 * reverse([{ kind: 'add column', table: 'users', column: email }]) // [{ kind: 'drop column', table: 'users', column: email }]
 */
export const reverse = (operations: readonly Operation[]): Operation[] =>
  operations.toReversed().map(opposite)

function opposite(operation: Operation): Operation {
  switch (operation.kind) {
    case 'create table':
      return { ...operation, kind: 'drop table' }
    case 'drop table':
      return { ...operation, kind: 'create table' }
    case 'add column':
      return { ...operation, kind: 'drop column' }
    case 'drop column':
      return { ...operation, kind: 'add column' }
    case 'add constraint':
      return { ...operation, kind: 'drop constraint' }
    case 'drop constraint':
      return { ...operation, kind: 'add constraint' }
    case 'create index':
      return { ...operation, kind: 'drop index' }
    case 'drop index':
      return { ...operation, kind: 'create index' }
    default:
      return { ...operation, from: operation.to, to: operation.from } as Operation
  }
}

/**
 * An operation in words, for a person.
 *
 * @example
 * describeOperation(operation) // Add column 'email' to table 'users'.
 */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'create table':
      return `Create table '${operation.table.name}'.`
    case 'drop table':
      return `Drop table '${operation.table.name}'.`
    case 'rename table':
      return `Rename table '${operation.from}' to '${operation.to}'.`
    case 'add column':
      return `Add column '${operation.column.name}' to table '${operation.table}'.`
    case 'drop column':
      return `Drop column '${operation.column.name}' of table '${operation.table}'.`
    case 'rename column':
      return `Rename column '${operation.from}' of table '${operation.table}' to '${operation.to}'.`
    case 'alter column':
      return `Alter column '${operation.to.name}' of table '${operation.table}': ${changes(operation)}.`
    case 'add constraint':
      return `Add ${operation.constraint.kind} '${operation.constraint.name}' to table '${operation.table}'.`
    case 'drop constraint':
      return `Drop ${operation.constraint.kind} '${operation.constraint.name}' of table '${operation.table}'.`
    case 'create index':
      return `Create index '${operation.index.name}' on table '${operation.table}'.`
    case 'drop index':
      return `Drop index '${operation.index.name}' of table '${operation.table}'.`
  }
}

function changes({ from, to }: AlterColumn): string {
  return [
    from.type === to.type ? '' : `type ${from.type} → ${to.type}`,
    from.isNullable === to.isNullable ? '' : to.isNullable ? 'may be NULL' : 'may not be NULL',
    from.default === to.default
      ? ''
      : `default ${from.default ?? 'none'} → ${to.default ?? 'none'}`,
    from.isGenerated === to.isGenerated ? '' : to.isGenerated ? 'counted' : 'not counted',
  ]
    .filter(Boolean)
    .join(', ')
}
