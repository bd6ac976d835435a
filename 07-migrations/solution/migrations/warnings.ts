import type { Dialect } from '#shared/driver/dialect'
import type { Operation } from './operations.ts'
import type { Schema } from './schema.ts'

export interface Warning {
  /** `data loss` needs --allow-data-loss to go on; `lock` only tells. */
  readonly kind: 'data loss' | 'lock'
  readonly text: string
  /** The safer form, as SQL or in words. */
  readonly instead: string
}

/** What these operations would lose, or lock for long. */
export function warnings(
  _operations: readonly Operation[],
  _before: Schema,
  _dialect: Dialect,
): Warning[] {
  throw new Error('not written')
}
