import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manage, Registry } from '#stage/09-async'
import { fileText, temporaryFolder } from '../../../07-migrations/tests/project.ts'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { recordAsync } from '../../driver/async-recorder.ts'
import type { Row, Value } from '../../driver/driver.ts'
import type { Place } from './places.ts'

export interface ProjectOptions {
  readonly registry?: Registry
  /** What the person who sits there answers, one after the other; without it there is nobody. */
  readonly answers?: readonly string[]
  readonly database?: AsyncDatabase
}

export type TestProject = ReturnType<typeof openProject>

/** A project with a folder of its own, and the tool at hand. */
export function openProject(place: Place, { registry, answers, database }: ProjectOptions = {}) {
  const folder = temporaryFolder()
  const db = recordAsync(database ?? place.open())
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  const waiting = [...(answers ?? [])]
  const ask = async (question: string) => {
    print(question)
    return waiting.shift() ?? ''
  }
  const now = () => new Date('2026-05-01T09:00:00Z')
  let models = registry ?? new Registry()
  return {
    folder,
    db,
    address: place.address,
    /** What the tool has printed since it was asked last. */
    output: () => lines.splice(0).join('\n'),
    /** Runs a command of the tool: `tool('migrate', '--to', '0001')`. */
    tool: (...argv: string[]) =>
      manage(argv, {
        database: db,
        registry: models,
        folder,
        print,
        warn: print,
        now,
        ask: answers ? ask : undefined,
      }),
    /** Somebody has changed the models. */
    change: (next: Registry) => {
      models = next
    },
    files: () => readdirSync(folder).sort(),
    read: (name: string) => readFileSync(join(folder, `${name}.sql`), 'utf8'),
    write: (name: string, text: string) => writeFileSync(join(folder, `${name}.sql`), text),
    all: (sql: string) => all(db, sql),
    values: async (sql: string) => (await db.values(sql)).flat(),
  }
}

async function all(database: AsyncDatabase, sql: string): Promise<Row[]> {
  await using connection = await database.connect()
  return await connection.all(sql)
}

/** The names of the migrations that the database has, and of its other tables. */
export const applied = ({ values }: TestProject): Promise<Value[]> =>
  values('SELECT name FROM schema_versions ORDER BY name')

export async function tables({ db, values }: TestProject): Promise<Value[]> {
  const sql = {
    sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    postgres: 'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()',
  }
  return (await values(sql[db.dialect.name])).sort()
}

/** A table, and migrations that each make a table and leave a mark. */
export function writeChain({ write }: TestProject): string[] {
  const names = ['0001_marks', '0002_one', '0003_two', '0004_three']
  write('0001_marks', fileText({ up: ['CREATE TABLE marks (n INTEGER)'] }))
  for (const [i, name] of names.entries()) {
    if (i === 0) continue
    const up = [`CREATE TABLE half_${i} (n INTEGER)`, `INSERT INTO marks VALUES (${i})`]
    write(name, fileText({ after: [names[i - 1]!], up, down: [`DROP TABLE half_${i}`] }))
  }
  return names
}
