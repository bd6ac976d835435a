import type { DiffOptions } from './diff.ts'
import type { Schema } from './schema.ts'

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

/** What has to be asked before the difference is right. Ask the renames first: an answer can make other questions go away. */
export function questions(_from: Schema, _to: Schema, _answers: DiffOptions = {}): Question[] {
  throw new Error('not written')
}
