import { inspect } from 'node:util'
import type { Mapped } from '../mapping/mapped.ts'
import { addRelated, removeRelated } from './both-sides.ts'
import { lazyCount, lazyLoad } from './lazy.ts'
import { type Many, manyOf, remember } from './memory.ts'
import type { Relation } from './relation.ts'
import { noteRead } from './usage.ts'

/**
 * The related objects of one object. Whatever reads them loads them, once; adding and removing loads nothing.
 *
 * @example
 * for (const post of user.posts) console.log(post.title)
 * // SELECT id, title, … FROM posts WHERE user_id = ?
 * user.posts.length // nothing is sent any more
 */
export class Collection<T> implements Iterable<T> {
  readonly #owner: Mapped
  readonly #relation: Relation

  constructor(owner: Mapped, relation: Relation) {
    this.#owner = owner
    this.#relation = relation
  }

  // Reading

  get isLoaded(): boolean {
    return this.#many.items !== undefined
  }

  get length(): number {
    return this.#items.size
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.toArray().values()
  }

  toArray(): T[] {
    return [...this.#items] as T[]
  }

  /** The object at this place; a negative place counts from the end. */
  at(index: number): T | undefined {
    return this.toArray().at(index)
  }

  includes(object: T): boolean {
    return this.#items.has(object as Mapped)
  }

  map<U>(give: (object: T, index: number) => U): U[] {
    return this.toArray().map(give)
  }

  filter(keep: (object: T, index: number) => boolean): T[] {
    return this.toArray().filter(keep)
  }

  find(isWanted: (object: T, index: number) => boolean): T | undefined {
    return this.toArray().find(isWanted)
  }

  some(test: (object: T, index: number) => boolean): boolean {
    return this.toArray().some(test)
  }

  every(test: (object: T, index: number) => boolean): boolean {
    return this.toArray().every(test)
  }

  /**
   * How many there are. Not loaded, it counts the rows of the database, and what was added and not flushed is not among them.
   *
   * @example
   * user.posts.count() // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id = ? GROUP BY user_id
   */
  count(): number {
    const { items, isPartial, count } = this.#many
    noteRead(this.#owner, this.#relation)
    if (items && !isPartial) return items.size
    return count ?? lazyCount(this.#owner, this.#relation)
  }

  // Writing: in memory, on both sides. `flush` sends it.

  /** Of a one-to-many relation it sets the foreign key of each object, which is stored with the next flush. */
  add(...objects: T[]): void {
    for (const object of objects) addRelated(this.#owner, this.#relation, object as Mapped)
  }

  /** Of a one-to-many relation it sets the foreign key of each object to null. */
  remove(...objects: T[]): void {
    for (const object of objects) removeRelated(this.#owner, this.#relation, object as Mapped)
  }

  /** Removes every object. It has to read them first: each one has to be told. */
  clear(): void {
    this.remove(...this.toArray())
  }

  // Shown as it is: looking at it loads nothing.

  toJSON(): T[] | undefined {
    return this.isLoaded ? this.toArray() : undefined
  }

  [inspect.custom](): unknown {
    return this.isLoaded ? this.toArray() : `[not loaded: ${this.#relation.target.table.name}]`
  }

  get #items(): ReadonlySet<Mapped> {
    const { items } = this.#many
    noteRead(this.#owner, this.#relation)
    if (items) return items
    remember(this.#owner, this.#relation, lazyLoad(this.#owner, this.#relation))
    return this.#many.items!
  }

  get #many(): Many {
    return manyOf(this.#owner, this.#relation)
  }
}
