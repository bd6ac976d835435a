import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../../07-migrations/tests/project.ts'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { type PostgresServer, startPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openDatabase } from './open-database.ts'

/** An empty database, for one test. Other processes find it at its address. */
export interface Place {
  readonly address: string
  /** Opens it once more. It is closed when the test has ended. */
  open(): AsyncDatabase
}

let server: PostgresServer
let count = 0

/** Starts one PostgreSQL for the tests of a file. */
export function usePostgres(): void {
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => server?.stop())
}

export const onSqlite = {
  name: 'SQLite',
  place: async (): Promise<Place> => {
    const file = join(temporaryFolder(), 'blog.db')
    return { address: file, open: () => closing(openDatabase(file)) }
  },
} as const

export const onPostgres = {
  name: 'PostgreSQL',
  /** A schema of its own. */
  place: async (): Promise<Place> => {
    const schema = `async_migrations_${process.pid}_${count++}`
    const url = `${server.url}?options=-c%20search_path%3D${schema}`
    const admin = openPostgres(server.url)
    await admin.run(`CREATE SCHEMA ${schema}`)
    onTestFinished(async () => {
      await admin.run(`DROP SCHEMA ${schema} CASCADE`)
      await admin.close()
    })
    return { address: url, open: () => closing(openDatabase(url)) }
  },
} as const

export const everywhere = [onSqlite, onPostgres] as const

function closing(database: AsyncDatabase): AsyncDatabase {
  onTestFinished(() => database.close())
  return database
}
