import type { AsyncConnection, AsyncDatabase, ConnectOptions } from './async-driver.ts'

/**
 * Closes a database also when somebody still has connections: they are taken back first. Otherwise `close` waits for them,
 * and a test of code that forgets to give one back would never end.
 *
 * @example
 * await using database = takingBack(openSqliteAsync())
 * await database.connect() // and nobody gives it back
 */
export function takingBack(database: AsyncDatabase): AsyncDatabase {
  const lent = new Set<AsyncConnection>()
  const connect = database.connect.bind(database)
  const close = database.close.bind(database)
  return Object.assign(database, {
    async connect(options?: ConnectOptions) {
      const connection = await connect(options)
      lent.add(connection)
      return connection
    },
    async close() {
      // Who waits for one gets it only now.
      const closed = close()
      for (const connection of lent) await connection.release()
      await closed
    },
  })
}
