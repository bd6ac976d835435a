import { randomBytes } from 'node:crypto'
import { storyScript } from '../../blog/story.ts'
import type { AsyncConnection, AsyncDatabase } from '../../driver/async-driver.ts'
import { recordAsync } from '../../driver/async-recorder.ts'
import { postgres, sqlite } from '../../driver/dialect.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { record } from '../../driver/recorder.ts'
import { openSqlite } from '../../driver/sqlite.ts'
import type { Stage } from '../stages.ts'

/** A fresh database with the blog in it, as a stage takes one, and somebody who writes down what is sent. */
export interface Stand extends AsyncDisposable {
  readonly name: string
  readonly db: unknown
  watch<T>(act: () => T | Promise<T>): Promise<Sent & { readonly result: T }>
}

/** What was sent while somebody watched. */
export interface Sent {
  readonly statements: readonly string[]
  readonly waits: number
}

/** From this stage on everything is awaited, on PostgreSQL. */
export const firstOnPostgres = '09'

export function openStand({ number }: Stage, url?: string): Promise<Stand> {
  if (number === '01') return openByHand()
  return number < firstOnPostgres ? openOnSqlite() : openOnPostgres(url!)
}

/** Stage 01 has a driver of its own, and a recorder of its own: SQLite's trace. */
async function openByHand(): Promise<Stand> {
  const { openDatabase, exec, closeDatabase, trace } = await import('#stage/01-manual-mapping')
  const db = openDatabase(':memory:')
  exec(db, storyScript(sqlite))
  return {
    name: 'SQLite',
    db,
    async watch(act) {
      const results: unknown[] = []
      const statements = trace(db, () => void results.push(act()))
      return { statements, waits: statements.length, result: results[0] as never }
    },
    [Symbol.asyncDispose]: async () => closeDatabase(db),
  }
}

async function openOnSqlite(): Promise<Stand> {
  const connection = openSqlite()
  connection.exec(storyScript(sqlite))
  const db = record(connection)
  return {
    name: 'SQLite',
    db,
    async watch(act) {
      db.forget()
      const result = await act()
      return { statements: db.statements.map(shown), waits: db.statements.length, result }
    },
    [Symbol.asyncDispose]: async () => db.close(),
  }
}

async function openOnPostgres(url: string): Promise<Stand> {
  const schema = `orm_workbook_${randomBytes(6).toString('hex')}`
  const own = new URL(url)
  own.searchParams.set('options', `-c search_path=${schema}`)
  const trips = new Trips()
  const db = recordAsync(trips.through(openPostgres(own.href, { max: 4 })))
  await prepare(db, schema)
  return {
    name: 'PostgreSQL',
    db,
    async watch(act) {
      db.forget()
      trips.count = 0
      const result = await act()
      return { statements: db.statements.map(shown), waits: trips.count, result }
    },
    async [Symbol.asyncDispose]() {
      await db.run(`DROP SCHEMA ${schema} CASCADE`)
      await db.close()
    },
  }
}

async function prepare(db: AsyncDatabase, schema: string): Promise<void> {
  await using connection = await db.connect()
  await connection.exec(`CREATE SCHEMA ${schema}; ${storyScript(postgres)}`)
}

/** Counts how often somebody waits for a server: what is sent while another answer is on its way costs no trip of its own. */
export class Trips {
  count = 0
  #underWay = 0

  through<T extends AsyncDatabase | AsyncConnection>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const member = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        const call = member.bind(target)
        if (name === 'connect')
          return async (...args: unknown[]) => this.through(await call(...args))
        return senders.has(name) ? (...args: unknown[]) => this.#send(() => call(...args)) : call
      },
    })
  }

  async #send<T>(send: () => Promise<T>): Promise<T> {
    if (this.#underWay === 0) this.count += 1
    this.#underWay += 1
    try {
      return await send()
    } finally {
      this.#underWay -= 1
    }
  }
}

const senders: ReadonlySet<string | symbol> = new Set(['all', 'get', 'values', 'run', 'exec'])

interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

const shown = ({ sql, parameters }: Statement): string =>
  [sql, parameters.map(String).join(', ')].filter(Boolean).join('   -- ')
