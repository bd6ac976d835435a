import type { AsyncConnection } from '#shared/driver/async-driver'
import { inspectPostgres } from './inspect-postgres.ts'
import { inspectSqlite } from './inspect-sqlite.ts'
import type { Schema } from './schema.ts'

export interface InspectOptions {
  /** Tables that are nobody's business here, such as the history of the migrations. */
  readonly except?: readonly string[]
}

/**
 * The schema that a database has. It only reads. SQLAlchemy calls this an inspector.
 *
 * @example
 * const schema = await inspect(connection)
 * schema.tables.map(({ name }) => name) // ['users', 'posts']
 *
 * @see https://www.sqlite.org/pragma.html#toc
 * @see https://www.postgresql.org/docs/current/catalogs.html
 */
export async function inspect(
  connection: AsyncConnection,
  { except = [] }: InspectOptions = {},
): Promise<Schema> {
  const { name } = connection.dialect
  const tables = await (name === 'sqlite' ? inspectSqlite(connection) : inspectPostgres(connection))
  return { dialect: name, tables: tables.filter((table) => !except.includes(table.name)) }
}
