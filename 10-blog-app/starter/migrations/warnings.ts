import { type Dialect, postgres } from '#shared/driver/dialect'
import { constraintDefinition, createIndex } from './ddl.ts'
import { lossOf } from './loss.ts'
import type { AddColumn, AddConstraint, AlterColumn, CreateIndex, Operation } from './operations.ts'
import { type Schema, tableNamed } from './schema.ts'
import { schemaAfter } from './schema-after.ts'

export interface Warning {
  /** `data loss` needs --allow-data-loss to go on; `lock` only tells. */
  readonly kind: 'data loss' | 'lock'
  readonly text: string
  /** The safer form, as SQL or in words. */
  readonly instead: string
}

/**
 * What these operations would lose and, on PostgreSQL, what they would lock for long.
 * SQLite has one lock for the whole file, whatever is done.
 *
 * @example
 * warnings([{ kind: 'drop table', table: users }], before, sqlite)
 * // [{ kind: 'data loss', text: "Table 'users' goes, with all its rows.", instead: … }]
 */
export function warnings(
  operations: readonly Operation[],
  before: Schema,
  dialect: Dialect,
): Warning[] {
  const losses = operations.flatMap(lossOf)
  return dialect.name === 'postgres' ? [...losses, ...locksOf(operations, before)] : losses
}

/** A table that is created by the same migration is empty, and nobody waits for it. */
function locksOf(operations: readonly Operation[], before: Schema): Warning[] {
  const made = operations.flatMap((one) => (one.kind === 'create table' ? one.table.name : []))
  const after = schemaAfter(before, operations)
  return operations.flatMap((one) =>
    'table' in one && made.includes(one.table as string) ? [] : lockOf(one, after),
  )
}

function lockOf(operation: Operation, after: Schema): Warning[] {
  switch (operation.kind) {
    case 'create index':
      return [index(operation, after)]
    case 'add constraint':
      return [constraint(operation)]
    case 'alter column':
      return [...retyped(operation), ...required(operation)]
    case 'add column':
      return filled(operation)
    default:
      return []
  }
}

const lock = (text: string, instead: string): Warning => ({ kind: 'lock', text, instead })

function index({ table, index: one }: CreateIndex, after: Schema): Warning {
  const sql = createIndex(tableNamed(after, table)!, one, postgres)
  return lock(
    `Building the index '${one.name}' keeps everybody from writing into '${table}' until it is done.`,
    `On a large table: ${sql.replace(' INDEX ', ' INDEX CONCURRENTLY ')}, in a migration of its own with the line \`-- no transaction\`.`,
  )
}

function constraint({ table, constraint: one }: AddConstraint): Warning {
  const alter = `ALTER TABLE ${quote(table)}`
  if (one.kind === 'foreign key' || one.kind === 'check')
    return lock(
      `Adding the ${one.kind} '${one.name}' reads all rows of '${table}' to check them, and so long nobody can write.`,
      `On a large table: ${alter} ADD ${constraintDefinition(one, postgres)} NOT VALID, and in a second migration ${alter} VALIDATE CONSTRAINT ${quote(one.name)}.`,
    )
  const word = one.kind.toUpperCase()
  return lock(
    `Adding the ${one.kind} '${one.name}' builds an index, and keeps everybody away from '${table}' until it is done.`,
    `On a large table: CREATE UNIQUE INDEX CONCURRENTLY first, then ${alter} ADD CONSTRAINT ${quote(one.name)} ${word} USING INDEX.`,
  )
}

function retyped({ table, from, to }: AlterColumn): Warning[] {
  if (from.type === to.type || isOnlyWider(from.type, to.type)) return []
  return [
    lock(
      `Changing '${to.name}' from ${from.type} to ${to.type} writes the whole table '${table}' anew, and so long nobody can read it.`,
      'On a large table: add a new column, fill it in parts, let the program write both, then drop the old one.',
    ),
  ]
}

/** PostgreSQL keeps these rows as they are. */
const isOnlyWider = (from: string, to: string) =>
  from.startsWith('varchar') && (to === 'text' || to === 'varchar' || lengthOf(to) > lengthOf(from))

const lengthOf = (type: string) => Number(/^varchar\((\d+)\)$/.exec(type)?.[1] ?? 0)

function required({ table, from, to }: AlterColumn): Warning[] {
  if (!from.isNullable || to.isNullable) return []
  const check = `CHECK (${quote(to.name)} IS NOT NULL) NOT VALID`
  return [
    lock(
      `Making '${to.name}' NOT NULL reads all rows of '${table}' to check them, and so long nobody can use it.`,
      `On a large table: ADD CONSTRAINT … ${check}, then VALIDATE CONSTRAINT, then SET NOT NULL, which believes the constraint.`,
    ),
  ]
}

function filled({ table, column, backfill }: AddColumn): Warning[] {
  if (backfill === undefined) return []
  return [
    lock(
      `Filling '${column.name}' writes every row of '${table}' in one transaction, and so long nobody else can change them.`,
      'On a large table: add the column nullable, fill it in parts, and make it NOT NULL in a later migration.',
    ),
  ]
}

const quote = postgres.quoteIdentifier
