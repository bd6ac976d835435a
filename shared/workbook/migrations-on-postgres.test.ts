import { afterAll, beforeAll, describe, it } from 'vitest'
import { tryPairs } from '../../07-migrations/tests/random-schemas.ts'
import type { Connection } from '../driver/driver.ts'
import { type PostgresServer, startPostgres } from '../driver/embedded-postgres.ts'
import { openPostgresSync } from '../driver/postgres-sync.ts'

// The tests of stage 07 run on SQLite. What it does on PostgreSQL is tried here, on a real one.

let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
}, 60_000)

afterAll(() => server?.stop())

/** A connection to a schema of its own, which is empty, and goes when the connection is closed. */
function openEmpty(): Connection {
  const connection = openPostgresSync(server.url)
  connection.exec(
    'DROP SCHEMA IF EXISTS migrations CASCADE; CREATE SCHEMA migrations; SET search_path TO migrations',
  )
  return connection
}

describe('stage 07 on PostgreSQL', () => {
  it('leads from any schema to any other, keeps the rows, and leads back', () => {
    tryPairs(openEmpty, 25)
  }, 600_000)
})
