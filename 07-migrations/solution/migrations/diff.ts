import type { Operation } from './operations.ts'
import type { Schema } from './schema.ts'

export interface DiffOptions {
  /** What was renamed: `users:people` a table, `users.name:full_name` a column. Without it a rename is a drop and an add. */
  readonly renames?: readonly string[]
  /** SQL for the rows that have no value yet, by column: `{ 'users.email': "''" }`. */
  readonly backfills?: Readonly<Record<string, string>>
}

/** The operations that lead from one schema to another, in an order in which the database takes them. */
export function diff(_from: Schema, _to: Schema, _options: DiffOptions = {}): Operation[] {
  throw new Error('not written')
}
