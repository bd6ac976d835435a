import type { AsyncDatabase } from '#shared/driver/async-driver'
import { openPostgres } from '#shared/driver/postgres'
import { openSqliteAsync } from '#shared/driver/sqlite-async'

/** A database, and what has to be done when it is needed no longer. */
export interface OpenDatabase {
  readonly database: AsyncDatabase
  /** Where the rows are, in words. */
  readonly name: string
  close(): Promise<void>
}

export interface DatabaseChoice {
  readonly usePostgres: boolean
  /** Of a PostgreSQL server. */
  readonly url: string | undefined
  /** Of SQLite; without it the rows live in memory. */
  readonly file: string | undefined
}

/** Opens the database that was asked for: a PostgreSQL server, one that is started for this, or SQLite. */
export async function openDatabase({
  usePostgres,
  url,
  file,
}: DatabaseChoice): Promise<OpenDatabase> {
  if (usePostgres || url) return openServer()
  const database = file ? await openFile(file) : openSqliteAsync()
  return {
    database,
    name: file ? `SQLite in ${file}` : 'SQLite in memory',
    close: () => database.close(),
  }
}

/**
 * A COMMIT writes to a log beside the file (WAL) and waits for the disk once, where it would wait several times. With FULL it
 * does wait: what was acknowledged outlives a power cut.
 */
async function openFile(file: string): Promise<AsyncDatabase> {
  const database = openSqliteAsync(file)
  await database.values('PRAGMA journal_mode = WAL')
  await database.values('PRAGMA synchronous = FULL')
  return database
}

/** The package with the server is loaded when it is needed, and not before. */
async function openServer(): Promise<OpenDatabase> {
  const { startPostgres } = await import('#shared/driver/embedded-postgres')
  const server = await startPostgres()
  const database = openPostgres(server.url)
  return {
    database,
    name: 'PostgreSQL',
    close: async () => {
      await database.close()
      await server.stop()
    },
  }
}
