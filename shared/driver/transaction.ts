import type { Connection } from './driver.ts'

/** A transaction's function returned a promise, which a synchronous connection cannot wait for. */
export class AsyncTransactionError extends Error {
  override readonly name = 'AsyncTransactionError'

  constructor() {
    super(
      'The function given to transaction() returned a promise. ' +
        'This connection is synchronous: COMMIT would be sent before the work is done. ' +
        'This usually happens when the function is marked async. Remove async and await from it.',
    )
  }
}

/** How deep each connection is in transactions: 0 is none, 1 a transaction, more are savepoints. */
const depths = new WeakMap<Connection, number>()

/**
 * Runs a function in a transaction: all of its statements, or none. Inside another transaction it is a savepoint.
 *
 * @example
 * transaction(connection, () => {
 *   connection.run('UPDATE accounts SET cents = cents - 100 WHERE id = 1')
 *   connection.run('UPDATE accounts SET cents = cents + 100 WHERE id = 2')
 * })
 * // BEGIN
 * // UPDATE …
 * // UPDATE …
 * // COMMIT
 *
 * @throws whatever the function throws, after ROLLBACK
 * @throws {AsyncTransactionError} when the function returns a promise
 */
export function transaction<T>(connection: Connection, work: () => T): T {
  const depth = depths.get(connection) ?? 0
  const { begin, commit, rollback } = statements(depth)
  connection.run(begin)
  depths.set(connection, depth + 1)
  try {
    const result = work()
    if (isPromise(result)) throw new AsyncTransactionError()
    connection.run(commit)
    return result
  } catch (error) {
    undo(connection, rollback)
    throw error
  } finally {
    depths.set(connection, depth)
  }
}

function statements(depth: number) {
  if (depth === 0) return { begin: 'BEGIN', commit: 'COMMIT', rollback: ['ROLLBACK'] }
  const name = `level_${depth}`
  return {
    begin: `SAVEPOINT ${name}`,
    commit: `RELEASE ${name}`,
    rollback: [`ROLLBACK TO ${name}`, `RELEASE ${name}`],
  }
}

/** Some errors end the transaction by themselves; ROLLBACK then fails too, and the first error is the one to hear of. */
function undo(connection: Connection, rollback: readonly string[]): void {
  try {
    for (const sql of rollback) connection.run(sql)
  } catch {}
}

const isPromise = (value: unknown) =>
  typeof (value as PromiseLike<unknown> | null)?.then === 'function'
