/**
 * The migration tool on a small project that stays: npm start -- 09 --solution migrate
 * On the PostgreSQL that DATABASE_URL names; without one, on a SQLite file in .workbook.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { openPostgres } from '#shared/driver/postgres'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { entity, manage, Registry, t } from '#stage/09-async'

const registry = new Registry()

class User extends entity(
  'users',
  { id: t.integer().primaryKey(), name: t.text(), email: t.varchar(255).nullable() },
  { registry },
) {}

entity(
  'posts',
  {
    id: t.integer().primaryKey(),
    title: t.text(),
    userId: t.integer().references(() => User.c.id, { onDelete: 'cascade' }),
  },
  { registry },
)

const place = join(import.meta.dirname, '..', '.workbook', '09-async')

/**
 * Does what a command line says, and gives the exit code. The two databases write SQL of their own, so each has a folder of its own.
 *
 * @param options.folder where the folders of the migrations are, and the file of SQLite
 */
export async function runTool(
  words: readonly string[],
  { url = process.env.DATABASE_URL, folder = place } = {},
): Promise<number> {
  mkdirSync(folder, { recursive: true })
  await using database = open(url, folder)
  const migrations = join(folder, `migrations-${database.dialect.name}`)
  return await manage(words, { database, registry, folder: migrations })
}

const open = (url: string | undefined, folder: string): AsyncDatabase =>
  url ? openPostgres(url) : openSqliteAsync(join(folder, 'blog.db'))
