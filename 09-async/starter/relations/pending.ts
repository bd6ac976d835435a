import { inspect } from 'node:util'
import { todo } from '#shared/todo'
import type { Mapped } from '../mapping/mapped.ts'
import { nameOf } from '../mapping/name-of.ts'
import { NotLoadedError } from './errors.ts'
import type { Relation } from './relation.ts'

/** A relation that is not loaded. It can be awaited; everything else is an error that says so. */
export type Pending<T> = PromiseLike<T>

/**
 * Stands in the place of a relation that is not loaded. Nothing is sent before somebody awaits it: a promise that was made
 * too early would fail with nobody to hear of it.
 *
 * Types keep a program from touching it without `await`. For those who have switched them off it is a Proxy: without it
 * `post.author.name` would be undefined, and nobody would know why.
 *
 * @param members what can be used without loading, such as `add` of a collection
 */
export function pending<T>(
  object: Mapped,
  relation: Relation,
  load: () => Promise<T>,
  members: object = {},
): Pending<T> {
  const { property } = relation
  const known: Record<PropertyKey, unknown> = {
    // TODO(3): `await` calls this function, with two functions that want to hear of it. Load, and pass them on to that promise.
    // biome-ignore lint/suspicious/noThenProperty: that it can be awaited is what it is for
    then: (...handlers: Parameters<Promise<T>['then']>) => todo('Task 3: await a relation'),
    toJSON: () => undefined,
    constructor: Object,
    [Symbol.toStringTag]: 'Pending',
  }
  // Node looks through a Proxy at what is behind it.
  const shown = () => `[not loaded: ${relation.target.table.name}]`
  Object.defineProperty(members, inspect.custom, { value: shown })
  const forbidden = () => new NotLoadedError(nameOf(object), property)
  return new Proxy(members, {
    get(target, key) {
      // The function above says itself that it is missing.
      if (key === 'then') return known.then
      // TODO(3): what is `known` is given, and so is what the target has (these are the `members`): each what it has of its own,
      // `Object.hasOwn`, for every object has inherited a toString. Other symbols are questions of JavaScript itself: undefined.
      // Only Symbol.iterator is asked by a loop of the program: that is `forbidden`, and so is every name.
      return todo('Task 3: await a relation')
    },
    set() {
      // TODO(3): forbidden.
      return todo('Task 3: await a relation')
    },
  }) as unknown as Pending<T>
}
