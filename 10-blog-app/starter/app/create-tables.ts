import type { AsyncDatabase } from '#shared/driver/async-driver'
import { diff } from '../migrations/diff.ts'
import { emptySchema } from '../migrations/schema.ts'
import { schemaOf } from '../migrations/schema-of.ts'
import { statements } from '../migrations/statements.ts'
import { registry } from './models.ts'

/** Creates the tables of the blog with their indexes, all at once. A database that has them already is left as it is. */
export async function createTables(database: AsyncDatabase): Promise<void> {
  const { dialect } = database
  if (await hasTables(database)) return
  const nothing = emptySchema(dialect)
  const operations = diff(nothing, schemaOf(registry, dialect))
  await using connection = await database.connect()
  await connection.run('BEGIN')
  for (const sql of statements(operations, nothing, dialect)) await connection.run(sql)
  await connection.run('COMMIT')
}

async function hasTables(database: AsyncDatabase): Promise<boolean> {
  const [first] = registry.tables
  return (await database.values(findTable[database.dialect.name], [first!.name])).length > 0
}

const findTable = {
  sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?",
  postgres:
    'SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1',
}
