import { type DiffOptions, diff } from './diff.ts'
import type { Operation } from './operations.ts'
import { type ColumnSchema, columnNamed, type Schema, type TableSchema } from './schema.ts'

/** Something that the two schemas alone do not tell. */
export type Question = RenameQuestion | BackfillQuestion

/** Was it renamed, or is one gone and the other new? */
export interface RenameQuestion {
  readonly kind: 'rename'
  /** The table of a column; undefined when a table may have been renamed. */
  readonly table: string | undefined
  readonly from: string
  readonly to: string
  /** What says yes: `users.name:full_name`. It goes into `DiffOptions.renames`, and behind `--rename`. */
  readonly answer: string
  readonly text: string
}

/** What do the rows get that are there already? */
export interface BackfillQuestion {
  readonly kind: 'backfill'
  /** `users.email`: the key in `DiffOptions.backfills`, and behind `--backfill`. */
  readonly column: string
  readonly type: string
  readonly text: string
}

/**
 * What has to be asked before the difference is right. Ask for the renames first: with their answers other questions go away.
 *
 * @example
 * questions(before, after)
 * // [{ kind: 'rename', answer: 'users.name:full_name', text: "Was the column 'name' of 'users' renamed to 'full_name'?", … }]
 */
export function questions(from: Schema, to: Schema, answers: DiffOptions = {}): Question[] {
  const operations = diff(from, to, answers)
  return [...tableRenames(operations), ...columnRenames(operations), ...backfills(operations)]
}

/** A table that goes and one that comes, with nearly the same columns. */
function tableRenames(operations: readonly Operation[]): RenameQuestion[] {
  const dropped = operations.flatMap((one) => (one.kind === 'drop table' ? one.table : []))
  const created = operations.flatMap((one) => (one.kind === 'create table' ? one.table : []))
  return dropped.flatMap((from) =>
    created
      .filter((to) => areAlike(from, to))
      .map((to) => ({
        kind: 'rename' as const,
        table: undefined,
        from: from.name,
        to: to.name,
        answer: `${from.name}:${to.name}`,
        text: `Was the table '${from.name}' renamed to '${to.name}'?`,
      })),
  )
}

/** More than half of the columns of the larger one. */
function areAlike(one: TableSchema, other: TableSchema): boolean {
  const shared = one.columns.filter(({ name, type }) => columnNamed(other, name)?.type === type)
  return shared.length * 2 > Math.max(one.columns.length, other.columns.length)
}

/** A column that goes and one of its type that comes, in one table. */
function columnRenames(operations: readonly Operation[]): RenameQuestion[] {
  const added = operations.flatMap((one) => (one.kind === 'add column' ? one : []))
  const dropped = operations.flatMap((one) => (one.kind === 'drop column' ? one : []))
  return dropped.flatMap(({ table, column: from }) =>
    added
      .filter((one) => one.table === table && one.column.type === from.type)
      .map(({ column: to }) => ({
        kind: 'rename' as const,
        table,
        from: from.name,
        to: to.name,
        answer: `${table}.${from.name}:${to.name}`,
        text: `Was the column '${from.name}' of '${table}' renamed to '${to.name}'?`,
      })),
  )
}

/** Columns that must have a value from now on, where nobody says which. */
const backfills = (operations: readonly Operation[]): BackfillQuestion[] =>
  operations.flatMap((one) => {
    if (one.kind !== 'add column' && one.kind !== 'alter column') return []
    const column = one.kind === 'add column' ? one.column : one.to
    const mayBeEmpty =
      one.kind === 'add column' ? column.default === undefined : one.from.isNullable
    const isOpen = mayBeEmpty && !column.isNullable && !column.isGenerated
    return isOpen && one.backfill === undefined ? [backfillQuestion(one.table, column)] : []
  })

const backfillQuestion = (table: string, { name, type }: ColumnSchema): BackfillQuestion => ({
  kind: 'backfill',
  column: `${table}.${name}`,
  type,
  text: `The column '${name}' of '${table}' may not be NULL. What do the rows get that are there already (SQL, of type ${type})?`,
})
