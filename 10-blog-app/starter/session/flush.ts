import type { AsyncWriter } from '#shared/driver/async-driver'
import type { Dialect } from '#shared/driver/dialect'
import { type Mapped, type Owner, stateOf } from '../mapping/mapped.ts'
import { cascade } from './cascade.ts'
import { type Change, changeSet, updateFor } from './change-set.ts'
import { followDatabase } from './database-cascade.ts'
import { EndlessHooksError } from './errors.ts'
import { callAfter, callBefore, type Lend } from './hooks.ts'
import { plan } from './plan.ts'
import { takeSnapshots } from './snapshot.ts'
import type { Transaction } from './transaction.ts'
import { UndoLog } from './undo-log.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import { writeAll } from './write.ts'

/** What a flush works with. */
export interface FlushContext {
  readonly session: Owner & { readonly connection: AsyncWriter }
  readonly work: UnitOfWork
  readonly transaction: Transaction
  readonly lend: Lend
  /** Hooks of the session. */
  readonly before: () => Promise<void>
  readonly after: () => Promise<void>
}

export interface FlushOptions {
  /** Whether the level of the transaction ends with it. */
  readonly isLast?: boolean
}

/**
 * Writes everything that has changed: compute the change sets, put them in order, write them, take new snapshots.
 * All or nothing: when anything fails, the database and every object are as they were before.
 *
 * @returns what was written; empty when nothing had changed, and then nothing was sent
 */
export async function flush(
  context: FlushContext,
  { isLast = false }: FlushOptions = {},
): Promise<readonly Change[]> {
  const log = new UndoLog()
  const onLevel = isLast ? inLevel : inTransaction
  try {
    const changes = plan(await prepare(context, log))
    if (changes.length === 0) clearSent(context)
    else await onLevel(context, log, () => write(changes, context, log))
    return changes
  } catch (error) {
    log.undo()
    throw error
  }
}

const maxRounds = 100

/** Hooks may change, add and delete what they like, so the change sets are computed again until no hook is left to call. */
async function prepare(
  { work, session, before, lend }: FlushContext,
  log: UndoLog,
): Promise<Change[]> {
  log.push(work.remember())
  await before()
  const called = new Set<object>()
  for (let round = 0; round < maxRounds; round++) {
    await cascade(work, session, log)
    const changes = changeSet(work, session.connection.dialect)
    if (!(await callBefore(changes, called, log, lend))) return changes
  }
  throw new EndlessHooksError(maxRounds)
}

/**
 * The first flush begins the transaction, which stays open until commit or rollback. A later one is a savepoint in it,
 * so that it can fail alone.
 */
async function inTransaction(
  { transaction }: FlushContext,
  log: UndoLog,
  work: () => Promise<void>,
): Promise<void> {
  const isFirst = !transaction.isOpen
  await transaction.begin()
  try {
    await work()
    if (!isFirst) await transaction.commit()
  } catch (error) {
    await transaction.rollback()
    throw error
  }
  transaction.log.append(log)
}

/** What ends its level with this flush needs no savepoint for it: when the flush fails, the level is taken back as a whole. */
async function inLevel(
  { transaction }: FlushContext,
  log: UndoLog,
  work: () => Promise<void>,
): Promise<void> {
  await work()
  transaction.log.append(log)
}

async function write(
  changes: readonly Change[],
  context: FlushContext,
  log: UndoLog,
): Promise<void> {
  const { session, work, after, lend } = context
  const gone = [...work.deleted]
  const rows = await writeAll(changes, session.connection)
  const watched = watchedBy(work)
  takeSnapshots(work, rows, log)
  holdChanged(watched, context)
  followDatabase(gone, work, log)
  await callAfter(changes, lend)
  await after()
}

/** Nothing is to be written, but what has changed since the flush has looked. */
function clearSent(context: FlushContext): void {
  const watched = watchedBy(context.work)
  context.work.clear()
  holdChanged(watched, context)
}

/** Where the session holds its objects strongly, it compares all of them anyway. */
const watchedBy = ({ isWeak, pending, held }: UnitOfWork): readonly Mapped[] =>
  isWeak ? [...pending, ...held] : []

/**
 * In a weak session, who is held may have changed. The program goes on while the statements are on their way: who differs from
 * what was sent is held on, for the next flush.
 */
function holdChanged(watched: readonly Mapped[], { work, session }: FlushContext): void {
  const { dialect } = session.connection
  for (const object of watched) if (isChanged(object, dialect)) work.held.add(object)
}

/** A value that the column does not take is a change too: the next flush says so. */
function isChanged(object: Mapped, dialect: Dialect): boolean {
  if (stateOf(object).status !== 'persistent') return false
  try {
    return updateFor(object, dialect) !== undefined
  } catch {
    return true
  }
}
