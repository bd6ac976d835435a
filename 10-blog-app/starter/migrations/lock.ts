import { setTimeout as sleep } from 'node:timers/promises'
import type { AsyncConnection, AsyncDatabase } from '#shared/driver/async-driver'
import { BusyError } from '#shared/driver/errors'
import { LockTimeoutError, MigrationError } from './tool-errors.ts'
import { undo } from './transaction.ts'

/** How a process waits for another one that migrates. */
export interface Waiting {
  readonly seconds: number
  /** Called once, when there is something to wait for. */
  readonly onWait?: () => void
}

/** The lock and the work need a connection each, and the pool lends only one. */
export class SmallPoolError extends MigrationError {
  override readonly name = 'SmallPoolError'

  constructor(size: number) {
    super(
      `Migrations need two connections at once, one for the lock and one for the work, and this pool lends ${size}. ` +
        'This usually happens when a pool was made as small as can be. Open the database with `{ max: 2 }`, or with the usual 10.',
    )
  }
}

/**
 * Works while no other process migrates this database. The lock goes away with its connection, however the process ends.
 *
 * PostgreSQL has locks for whatever a program wants, called advisory. One that belongs to a session would be lost behind a
 * pooler, which may give each transaction another session. So this one belongs to a transaction, which does nothing else and
 * stays open on a connection of its own, while the work is done on another. Should that connection break, nothing is applied
 * twice even so: the primary key of the history lets one of two transactions through. SQLite needs no lock here: the transaction
 * of each migration locks the whole file (see {@link beginAlone}).
 *
 * ```text
 * one connection    BEGIN  lock ─────────────────────────────────────────────── ROLLBACK
 * another one                   BEGIN  0001  COMMIT   CREATE INDEX CONCURRENTLY
 * ```
 *
 * @example
 * await withLock(database, { seconds: 60 }, () => applyAll())
 * // BEGIN ISOLATION LEVEL READ COMMITTED
 * // SELECT pg_try_advisory_xact_lock(…)
 * // … on another connection
 * // ROLLBACK
 *
 * @throws {LockTimeoutError} when the other process does not end in time
 * @throws {SmallPoolError} when there is no second connection
 */
export async function withLock(
  database: AsyncDatabase,
  waiting: Waiting,
  work: () => Promise<void>,
): Promise<void> {
  if (database.dialect.name === 'sqlite') return await work()
  if (database.usage.size < 2) throw new SmallPoolError(database.usage.size)
  await using guard = await database.connect()
  await waitUntil(waiting, () => tryToLock(guard))
  try {
    await work()
  } finally {
    await undo(guard)
  }
}

/**
 * Begins the transaction of one migration. IMMEDIATE takes SQLite's lock for writing now, and not at the first write:
 * what is read from here on stays true until COMMIT.
 *
 * @throws {LockTimeoutError} when another process holds the lock for too long
 */
export async function beginAlone(connection: AsyncConnection, waiting: Waiting): Promise<void> {
  if (connection.dialect.name === 'postgres') await connection.run('BEGIN')
  else await waitUntil(waiting, () => tryToBegin(connection))
}

async function tryToBegin(connection: AsyncConnection): Promise<boolean> {
  try {
    await connection.run('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (error instanceof BusyError) return false
    throw error
  }
}

/**
 * A transaction that idles is in nobody's way: at READ COMMITTED it has no snapshot between its statements, and CREATE INDEX
 * CONCURRENTLY waits only for those that have one. A server that ends idle transactions has to leave this one alone.
 */
async function tryToLock(guard: AsyncConnection): Promise<boolean> {
  await guard.run('BEGIN ISOLATION LEVEL READ COMMITTED')
  await guard.run('SET LOCAL idle_in_transaction_session_timeout = 0')
  const row = await guard.get(`SELECT pg_try_advisory_xact_lock(${key}) AS got`)
  if (row?.got !== true) await guard.run('ROLLBACK')
  return row?.got === true
}

/** Any number will do, as long as nobody else in the database uses it: these are the letters "migrate" as bytes. */
const key = BigInt(`0x${Buffer.from('migrate').toString('hex')}`)

/**
 * Asks again and again. `pg_advisory_xact_lock` would wait by itself, but a statement that waits has a snapshot, and the
 * CREATE INDEX CONCURRENTLY of the other process waits for all of those: both would wait for ever.
 */
async function waitUntil(
  { seconds, onWait }: Waiting,
  isDone: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + seconds * 1000
  for (let first = true; !(await isDone()); first = false) {
    if (first) onWait?.()
    if (Date.now() > end) throw new LockTimeoutError(seconds)
    await sleep(100)
  }
}
