import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import type { Dialect } from '#shared/driver/dialect'
import { migrateToLatest } from '../migrations/migrate-to-latest.ts'

/** The numbered files of the blog. Each database has its own: they are SQL, and no SQL is the same on both. */
export const migrationsFor = ({ name }: Pick<Dialect, 'name'>): string =>
  fileURLToPath(new URL(`../../migrations/${name}`, import.meta.url))

/**
 * Brings a database to the tables that the models ask for, before the first request. Servers that start at once wait for
 * the one that does it.
 *
 * @example
 * await migrateBlog(database, logger)
 * // {"level":30,"migration":"0003_create_posts","msg":"migrated"}
 *
 * @throws {MigrationError} when it cannot be done: its message says what to do
 */
export async function migrateBlog(
  database: AsyncDatabase,
  logger?: Pick<Logger, 'info'>,
): Promise<void> {
  const onWait = () => logger?.info('another server is migrating the database: waiting for it')
  const folder = migrationsFor(database.dialect)
  const applied = await migrateToLatest(database, folder, { seconds: 60, onWait })
  for (const migration of applied) logger?.info({ migration }, 'migrated')
  if (applied.length === 0) logger?.info('the database has all migrations')
}
