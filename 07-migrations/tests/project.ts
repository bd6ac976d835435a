import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Connection } from '#shared/driver/driver'
import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { formatMigration, type Migration, manage, Registry } from '#stage/07-migrations'

/** A project with a folder and a database of its own, and the tool at hand. */
export interface TestProject {
  readonly folder: string
  readonly db: RecordedConnection
  /** What the tool has printed since it was asked last. */
  readonly output: () => string
  /** Runs a command of the tool: `tool('migrate', '--to', '0001')`. */
  tool(...argv: string[]): Promise<number>
  /** The files of the migrations, by name. */
  files(): string[]
  read(name: string): string
  write(name: string, text: string): void
}

export interface ProjectOptions {
  readonly registry?: Registry
  /** What the person who sits there answers, one after the other; without it there is nobody. */
  readonly answers?: readonly string[]
  readonly connection?: Connection
}

export function openProject({ registry, answers, connection }: ProjectOptions = {}): TestProject {
  const folder = temporaryFolder()
  const db = record(connection ?? openSqlite())
  onTestFinished(() => db.close())
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  const waiting = [...(answers ?? [])]
  const ask = async (question: string) => {
    print(question)
    return waiting.shift() ?? ''
  }
  const now = () => new Date('2026-05-01T09:00:00Z')
  const models = registry ?? new Registry()
  const project = { connection: db, registry: models, folder, print, warn: print, now }
  return {
    folder,
    db,
    output: () => lines.splice(0).join('\n'),
    tool: (...argv) => manage(argv, { ...project, ask: answers ? ask : undefined }),
    files: () => readdirSync(folder).sort(),
    read: (name) => readFileSync(join(folder, `${name}.sql`), 'utf8'),
    write: (name, text) => writeFileSync(join(folder, `${name}.sql`), text),
  }
}

/** A folder that is removed with everything in it when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orm-workbook-migrations-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

export interface FileText {
  readonly after?: readonly string[]
  readonly up?: readonly string[]
  /** Null: without a down part. */
  readonly down?: readonly string[] | null
  readonly isTransactional?: boolean
}

/** The text of a migration's file. */
export function fileText({ after = [], up = [], down = [], isTransactional = true }: FileText) {
  const part = (statements: readonly string[]) => ({ statements, losses: [], locks: [] })
  return formatMigration({
    after,
    isTransactional,
    up: part(up),
    down: down === null ? undefined : part(down),
  })
}

/** A migration as a value, with a checksum that is its name. */
export function migration(name: string, text: FileText = {}): Migration {
  const { after = [], up = [], down = [], isTransactional = true } = text
  const part = (statements: readonly string[]) => ({ statements, losses: [], locks: [] })
  return {
    name,
    after,
    isTransactional,
    up: part(up),
    down: down === null ? undefined : part(down),
    checksum: `checksum of ${name}`,
  }
}

export const users = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)'
export const email = 'ALTER TABLE users ADD COLUMN email TEXT'
