/**
 * The migration tool on the blog: npm start -- 10 --solution status
 *
 * It works on the database that DATABASE_URL or DATABASE_FILE names. Without one, on an empty database that has all
 * migrations: that is what `makemigrations` wants, once for SQLite and once, with --postgres, for PostgreSQL.
 */

import { blog, manage, migrateBlog, migrationsFor, openDatabase } from '#stage/10-blog-app'

/** Does what a command line says, and gives the exit code. */
export async function runTool(argv: readonly string[]): Promise<number> {
  const { DATABASE_URL: url, DATABASE_FILE: file } = process.env
  const usePostgres = argv.includes('--postgres')
  const { database, close } = await openDatabase({ usePostgres, url, file })
  const folder = migrationsFor(database.dialect)
  const words = argv.filter((word) => word !== '--postgres')
  try {
    // What is in the way here is in the way of the command too, and the command says it.
    if (!url && !file) await migrateBlog(database).catch(() => {})
    return await manage(words, { database, registry: blog.registry, folder })
  } finally {
    await close()
  }
}
