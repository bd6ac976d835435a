import type { NewAuthor } from './data.ts'

/** Something that is measured: a driver used by hand, a stage of the course, another ORM. */
export interface Contender {
  readonly name: string
  /** What its objects are: plain rows, classes, entities that are watched. */
  readonly gives: string
  /** Opens an in-memory database with the rows of data.ts. */
  open(): Promise<Work>
}

type MaybeLater<T> = T | Promise<T>

/**
 * The same work in the words of each contender. Every call begins with nothing loaded, as each request of a web server does:
 * a new session, entity manager or unit of work where there is one. Statements may stay prepared.
 */
export interface Work {
  find(id: number): MaybeLater<Named | undefined | null>
  loadAll(): MaybeLater<readonly Named[]>
  /** The first 20 authors of this age who are active, by id. */
  list(age: number): MaybeLater<readonly Named[]>
  /** Stores new authors in one transaction. */
  insert(authors: readonly NewAuthor[]): MaybeLater<unknown>
  /** Loads the first authors, and gives a function that renames and stores them in one transaction: only that is measured. */
  openForUpdate(limit: number): MaybeLater<(name: string) => MaybeLater<unknown>>
  /** The first authors with their posts, in two statements. */
  eager(limit: number): MaybeLater<readonly WithPosts[]>
  /** Loads an author, and gives a function that asks for it again: only that is measured. For those with an identity map. */
  openForHits?(id: number): MaybeLater<() => MaybeLater<unknown>>
  /** Runs a statement of the benchmark's own: cleaning up, counting. */
  run(sql: string): MaybeLater<unknown>
  close(): MaybeLater<unknown>
}

export interface Named {
  readonly name: string
}

export interface WithPosts extends Named {
  readonly posts: { readonly length: number }
}
