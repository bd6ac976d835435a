import { inspect } from 'node:util'
import { todo } from '#shared/todo'
import type { Mapped } from '../mapping/mapped.ts'
import { addRelated, removeRelated } from './both-sides.ts'
import { lazyCount, lazyLoad } from './lazy.ts'
import { findRow, type Many, manyOf, remember } from './memory.ts'
import type { Relation } from './relation.ts'

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
    // TODO(3): a for loop over the collection walks over its objects.
    return todo('Task 3: load many, once')
  }

  toArray(): T[] {
    // TODO(3): a new array, so that nobody can change the collection by it.
    return todo('Task 3: load many, once')
  }

  /** The object at this place; a negative place counts from the end. */
  at(index: number): T | undefined {
    return this.toArray().at(index)
  }

  /** Whether an object of the same row is in it. */
  includes(object: T): boolean {
    return findRow(this.#items, object as Mapped) !== undefined
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
   * How many there are. Not loaded, it counts the rows of the database, and what was added and not saved is not among them.
   *
   * @example
   * user.posts.count() // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id = ? GROUP BY user_id
   */
  count(): number {
    const { items, isPartial, count } = this.#many
    if (items && !isPartial) return items.size
    return count ?? lazyCount(this.#owner, this.#relation)
  }

  // Writing: in memory, on both sides. `save` sends it.

  /** Of a one-to-many relation it sets the foreign key of each object, which is stored when that object is saved. */
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
    // TODO(3): the objects, or undefined when they are not loaded: looking at a collection must not load it.
    return todo('Task 3: load many, once')
  }

  [inspect.custom](): unknown {
    // TODO(3): for console.log: the objects, or a text that says `not loaded`.
    return todo('Task 3: load many, once')
  }

  get #items(): ReadonlySet<Mapped> {
    // TODO(3): whatever reads comes here. What `#many` has is enough; when it has nothing yet, load the objects and remember them.
    return todo('Task 3: load many, once')
  }

  get #many(): Many {
    return manyOf(this.#owner, this.#relation)
  }
}
