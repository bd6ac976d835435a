import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { RecordedConnection } from '#shared/driver/recorder'

setFlagsFromString('--expose-gc')
const collectNow = runInNewContext('gc') as () => void

/**
 * A real garbage collection. What a WeakRef has shown stays alive until the end of the turn, so several turns are needed;
 * the recording keeps stack traces, which keep alive what stood on the stack.
 */
export async function collectGarbage(db: RecordedConnection): Promise<void> {
  db.forget()
  for (let i = 0; i < 2; i++) {
    await setTimeout(0)
    collectNow()
  }
  await setTimeout(0)
}

/** Whether a find has to ask the database. */
export function isForgotten(db: RecordedConnection, find: () => unknown): boolean {
  db.forget()
  find()
  return db.statements.length > 0
}
