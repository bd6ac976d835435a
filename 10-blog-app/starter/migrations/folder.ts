import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inOrder } from './history.ts'
import { type Migration, parseMigration } from './migration-file.ts'
import { MigrationNameError } from './tool-errors.ts'

/**
 * The migrations of a folder, in the order in which they are applied. A folder that is not there has none.
 *
 * @throws {MigrationNameError} when a `.sql` file is not named as a migration
 * @throws {UnreadableMigrationError} when a file is not written as one
 * @throws {BrokenChainError} when a migration builds on one that is not there
 */
export function readMigrations(folder: string): Migration[] {
  return inOrder(
    sqlFiles(folder).map((file) =>
      parseMigration(nameOf(file), readFileSync(join(folder, file), 'utf8')),
    ),
  )
}

/** Writes the file of a new migration, and never over another. */
export function writeMigration(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.sql`), text, { flag: 'wx' })
}

const sqlFiles = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.sql')) : []

function nameOf(file: string): string {
  const [, name] = /^(\d{4,}_\w+)\.sql$/.exec(file) ?? []
  if (name === undefined) throw new MigrationNameError(file)
  return name
}
