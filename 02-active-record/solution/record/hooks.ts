import type { ActiveRecord } from './active-record.ts'

/** What can happen to a record. `Save` stands around `Create` and `Update`. */
export type Event = 'Save' | 'Create' | 'Update' | 'Delete'

/**
 * Runs a write between its hooks: `before…`, the write, `after…`. When nothing was written there is no `after…`.
 * A hook that throws stops what would come next.
 *
 * @returns what the write returns: whether a statement was sent
 */
export function withHooks(record: ActiveRecord, event: Event, write: () => boolean): boolean {
  record[`before${event}`]()
  const wasWritten = write()
  if (wasWritten) record[`after${event}`]()
  return wasWritten
}
