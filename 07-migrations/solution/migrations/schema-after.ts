import type { Operation } from './operations.ts'
import type { Schema } from './schema.ts'

/** The schema after these operations. */
export function schemaAfter(_before: Schema, _operations: readonly Operation[]): Schema {
  throw new Error('not written')
}
