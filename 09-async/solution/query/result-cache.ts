import type { Value } from '#shared/driver/driver'
import { spelled } from './spelling.ts'

/** How a query wants to be cached. */
export interface Caching {
  /** How old the rows may be, at most. */
  readonly seconds: number
  /** Tables that the query reads in a `sql` template, where nobody else can see them. */
  readonly tables?: readonly string[]
}

/** A statement, and the tables on which its result depends. */
export interface CachedStatement {
  readonly sql: string
  readonly params: readonly Value[]
  readonly tables: ReadonlySet<string>
}

type Rows = Value[][]

/** What was read, and when: by the clock, and by the versions of the tables. */
interface Entry {
  readonly rows: Rows
  readonly readAt: number
  readonly versions: ReadonlyMap<string, number>
}

interface CacheOptions {
  /** How many rows it holds at most, in all results together. What was used longest ago goes first. */
  readonly maxRows?: number
  /** The time in milliseconds. */
  readonly now?: () => number
}

/**
 * The rows of queries, to be used again by all sessions of a database. Rows and never objects: each session makes objects of its
 * own, and what one of them changes in its objects is not seen by another before it is stored.
 *
 * Each table has a version, which a committed write counts up. A result remembers the versions that it was read at.
 * So a write has to find no results, and makes every one that depends on its tables worthless at once.
 *
 * @example
 * const cache = new ResultCache()
 * const session = new AsyncSession(database, { cache })
 * await session.query(User).cached({ seconds: 60 }).all() // SELECT … FROM users
 * await session.query(User).cached({ seconds: 60 }).all() // nothing is sent, until somebody commits a change of users
 */
export class ResultCache {
  readonly #maxRows: number
  readonly #now: () => number
  /** By SQL and parameters. A Map remembers the order of insertion, so its first key is the one used longest ago. */
  readonly #entries = new Map<string, Entry>()
  readonly #versions = new Map<string, number>()
  #held = 0
  #hits = 0
  #misses = 0

  constructor({ maxRows = 10_000, now = () => performance.now() }: CacheOptions = {}) {
    this.#maxRows = maxRows
    this.#now = now
  }

  /**
   * The rows of a statement: those that are held and still good, or those that `read` gives, which are held from now on.
   *
   * @throws {RangeError} when the seconds are no number above 0
   */
  async rows(
    statement: CachedStatement,
    seconds: number,
    read: () => Promise<Rows>,
  ): Promise<Rows> {
    if (!(seconds > 0)) throw new RangeError(noTime(seconds))
    const key = keyOf(statement)
    const known = this.#entries.get(key)
    if (known && this.#isGood(known, seconds)) return this.#use(key, known)
    this.#misses += 1
    // Before the reading: what is committed while the database reads may be missing in the rows.
    const before = { readAt: this.#now(), versions: this.#versionsOf(statement.tables) }
    const rows = await read()
    const entry = { rows: copyOf(rows), ...before }
    // Somebody who has asked later may have been answered sooner, and knows more.
    if (this.#isGood(entry, seconds)) this.#keep(key, entry)
    return rows
  }

  /** Says that tables have been written to. For writes that no session of this program has made. */
  invalidate(...tables: readonly string[]): void {
    for (const table of tables) this.#versions.set(table, this.#versionOf(table) + 1)
  }

  /** How often rows were held and good, how often they had to be read, and how many are held. */
  get figures(): { readonly hits: number; readonly misses: number; readonly rows: number } {
    return { hits: this.#hits, misses: this.#misses, rows: this.#held }
  }

  clear(): void {
    this.#entries.clear()
    this.#held = 0
  }

  /** Not too old for the one who asks now, and none of the tables has been written to since. */
  #isGood({ versions, readAt }: Entry, seconds: number): boolean {
    if (this.#now() - readAt >= seconds * 1000) return false
    return [...versions].every(([table, version]) => this.#versionOf(table) === version)
  }

  #versionsOf(tables: ReadonlySet<string>): ReadonlyMap<string, number> {
    return new Map([...tables].map((table) => [table, this.#versionOf(table)]))
  }

  #versionOf(table: string): number {
    return this.#versions.get(table) ?? 0
  }

  #use(key: string, entry: Entry): Rows {
    this.#hits += 1
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return copyOf(entry.rows)
  }

  /** A result that would fill the cache alone is not worth to drive out all others. */
  #keep(key: string, entry: Entry): void {
    this.#drop(key)
    if (sizeOf(entry) > this.#maxRows) return
    this.#entries.set(key, entry)
    this.#held += sizeOf(entry)
    for (const oldest of this.#entries.keys()) {
      if (this.#held <= this.#maxRows) return
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#held -= sizeOf(entry)
  }
}

/** That there are no rows is worth knowing too, and takes room. */
const sizeOf = ({ rows }: Entry) => Math.max(1, rows.length)

/** JSON keeps apart what is not the same: 1 and '1', one text with a comma and two texts. */
const keyOf = ({ sql, params }: CachedStatement) => JSON.stringify([sql, ...params.map(spelled)])

/** Rows become snapshots of objects, and bytes may be changed in place: what is held must not be what is handed out. */
const copyOf = (rows: Rows): Rows =>
  rows.map((row) => row.map((value) => (value instanceof Uint8Array ? value.slice() : value)))

const noTime = (seconds: unknown) =>
  `Rows cannot be cached for ${String(seconds)} seconds: it takes a number above 0. ` +
  'This usually happens when the time comes from a setting that is missing. To cache nothing leave cached() out.'
