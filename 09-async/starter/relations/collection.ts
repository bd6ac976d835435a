import { inspect } from 'node:util'
import type { Mapped } from '../mapping/mapped.ts'
import { nameOf } from '../mapping/name-of.ts'
import { addRelated, removeRelated } from './both-sides.ts'
import { NotLoadedError } from './errors.ts'
import { checkIdle } from './idle.ts'
import { type Many, manyOf } from './memory.ts'
import type { Relation } from './relation.ts'
import { noteRead } from './usage.ts'

/**
 * The related objects of one object, once they are loaded.
 *
 * @example
 * for (const post of await user.posts) console.log(post.title)
 * // SELECT id, title, … FROM posts WHERE user_id = $1
 * const posts = await user.posts // nothing is sent any more
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
   * How many there are, of those that were loaded in part too, where `withCount` has counted them.
   *
   * @throws {NotLoadedError} when only some were loaded and nobody has counted
   */
  count(): number {
    const { items, isPartial, count } = this.#many
    noteRead(this.#owner, this.#relation)
    if (items && !isPartial) return items.size
    if (count !== undefined) return count
    const { property } = this.#relation
    throw new NotLoadedError(nameOf(this.#owner), property, `withCount({ ${property}: true })`)
  }

  // Writing: in memory, on both sides. `flush` sends it.

  /**
   * Of a one-to-many relation it sets the foreign key of each object, which is stored with the next flush.
   *
   * @throws {ConcurrentUseError} while the session is at work
   */
  add(...objects: T[]): void {
    checkIdle(this.#owner, ...objects)
    for (const object of objects) addRelated(this.#owner, this.#relation, object as Mapped)
  }

  /** Of a one-to-many relation it sets the foreign key of each object to null. */
  remove(...objects: T[]): void {
    checkIdle(this.#owner, ...objects)
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
    throw new NotLoadedError(nameOf(this.#owner), this.#relation.property)
  }

  get #many(): Many {
    return manyOf(this.#owner, this.#relation)
  }
}
