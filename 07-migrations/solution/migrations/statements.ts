import type { Dialect } from '#shared/driver/dialect'
import type { Operation } from './operations.ts'
import type { Schema } from './schema.ts'

/**
 * The SQL of these operations. A way back is `statements(reverse(operations), schemaAfter(before, operations), dialect)`.
 */
export function statements(
  _operations: readonly Operation[],
  _before: Schema,
  _dialect: Dialect,
): string[] {
  throw new Error('not written')
}
