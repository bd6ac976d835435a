import type { NewAuthor, StoredAs } from './data.ts'

/** Something that is measured: a driver used by hand, a stage of the course, another ORM. */
export interface Contender {
  readonly name: string
  /** What its objects are: plain rows, classes, entities that are watched. */
  readonly gives: string
  /** Whether it makes booleans and Dates of what SQLite stores. PostgreSQL's driver does so for everybody. */
  readonly converts: boolean
  /** For those that look at the declared types of the columns to know what to convert. */
  readonly storedAs?: StoredAs
  /** Opens a SQLite database in memory, and runs these statements in it before anything is prepared. */
  sqlite(seed: readonly string[]): Promise<Work>
  /** Connects to a PostgreSQL database that has its rows already. */
  postgres?(url: string): Promise<RemoteWork>
}

type MaybeLater<T> = T | Promise<T>

/**
 * The same work in the words of each contender. Every call begins with nothing loaded, as each request of a web server does:
 * a new session, entity manager or unit of work where there is one. Statements may stay prepared.
 */
export interface Work extends RemoteWork {
  /** Runs a statement of the benchmark's own: cleaning up, counting. */
  run(sql: string): MaybeLater<unknown>
}

/** On PostgreSQL the benchmark has a connection of its own for that. */
export interface RemoteWork {
  find(id: number): MaybeLater<Named | undefined | null>
  loadAll(): MaybeLater<readonly Named[]>
  /** The first 20 authors of this age who are active, by id. */
  list(age: number): MaybeLater<readonly Named[]>
  /** Stores new authors in one transaction. */
  insert(authors: readonly NewAuthor[]): MaybeLater<unknown>
  /**
   * Loads the first authors, and gives a function that renames and stores them in one transaction: only that is measured. Each is
   * changed by itself; one UPDATE for all of them would be other work.
   */
  openForUpdate(limit: number): MaybeLater<(name: string) => MaybeLater<unknown>>
  /** The first authors with their posts. */
  eager(limit: number): MaybeLater<readonly WithPosts[]>
  /** The first posts with their tags, through the rows of posts_tags. */
  manyToMany(limit: number): MaybeLater<readonly WithTags[]>
  /** Loads an author, and gives a function that asks for it again: only that is measured. For those with an identity map. */
  openForHits?(id: number): MaybeLater<() => MaybeLater<unknown>>
  close(): MaybeLater<unknown>
}

export interface Named {
  readonly name: string
}

export interface WithPosts extends Named {
  readonly posts: Several<{ readonly title: string }>
}

/** Where the rows between have a class of their own, the tag stands behind one of them. */
export interface WithTags {
  readonly tags: Several<Named | { readonly tag: Named }>
}

/** An array, or a collection of the ORM. */
export interface Several<T> extends Iterable<T> {
  readonly length: number
}
