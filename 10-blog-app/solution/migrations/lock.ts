import type { Connection } from '#shared/driver/driver'
import { BusyError } from '#shared/driver/errors'
import { LockTimeoutError } from './tool-errors.ts'

/** How a process waits for another one that migrates. */
export interface Waiting {
  readonly seconds: number
  /** Called once, when there is something to wait for. */
  readonly onWait?: () => void
}

/**
 * Works while no other process migrates this database. The lock goes away with the connection, however its process ends.
 *
 * PostgreSQL has locks for whatever a program wants, called advisory. SQLite needs none here: the transaction
 * of each migration locks the whole file (see {@link beginAlone}).
 *
 * @example
 * await withLock(connection, { seconds: 60 }, () => applyAll())
 * // SELECT pg_try_advisory_lock(…)
 * // … SELECT pg_advisory_unlock(…)
 *
 * @throws {LockTimeoutError} when the other process does not end in time
 */
export async function withLock(
  connection: Connection,
  waiting: Waiting,
  work: () => Promise<void>,
): Promise<void> {
  if (connection.dialect.name === 'sqlite') return await work()
  waitUntil(
    waiting,
    () => connection.get(`SELECT pg_try_advisory_lock(${key}) AS got`)?.got === true,
  )
  try {
    await work()
  } finally {
    connection.get(`SELECT pg_advisory_unlock(${key})`)
  }
}

/**
 * Begins the transaction of one migration. IMMEDIATE takes SQLite's lock for writing now, and not at the first write:
 * what is read from here on stays true until COMMIT.
 *
 * @throws {LockTimeoutError} when another process holds the lock for too long
 */
export function beginAlone(connection: Connection, waiting: Waiting): void {
  if (connection.dialect.name === 'postgres') connection.run('BEGIN')
  else waitUntil(waiting, () => tryToBegin(connection))
}

function tryToBegin(connection: Connection): boolean {
  try {
    connection.run('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (error instanceof BusyError) return false
    throw error
  }
}

/** Any number will do, as long as nobody else in the database uses it: these are the letters "migrate" as bytes. */
const key = BigInt(`0x${Buffer.from('migrate').toString('hex')}`)

/**
 * Asks again and again. `pg_advisory_lock` would wait by itself, but a statement that waits is a transaction that is open,
 * and the CREATE INDEX CONCURRENTLY of the other process waits for all of those: both would wait for ever.
 */
function waitUntil({ seconds, onWait }: Waiting, isDone: () => boolean): void {
  const end = Date.now() + seconds * 1000
  for (let first = true; !isDone(); first = false) {
    if (first) onWait?.()
    if (Date.now() > end) throw new LockTimeoutError(seconds)
    sleep(100)
  }
}

/** This connection is synchronous, so the thread itself has to wait. */
const sleep = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
