import { inspect } from 'node:util'
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
    // A function of the Promise, called when somebody awaits.
    // biome-ignore lint/suspicious/noThenProperty: that it can be awaited is what it is for
    then: (...handlers: Parameters<Promise<T>['then']>) => load().then(...handlers),
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
      if (Object.hasOwn(known, key)) return known[key]
      if (Object.hasOwn(target, key)) return Reflect.get(target, key)
      if (typeof key === 'symbol' && key !== Symbol.iterator) return undefined
      throw forbidden()
    },
    set() {
      throw forbidden()
    },
  }) as unknown as Pending<T>
}
