import { type Mapped, stateOf } from '../mapping/mapped.ts'

let isStrictEverywhere = false

/**
 * Forbids, or allows again, that relations load by themselves, in the whole program.
 * For the objects of one query there is `.strict()`.
 *
 * @example
 * strictLoading(true)
 * for (const user of User.query().all()) user.posts.length
 * // NotLoadedError: User#1.posts is not loaded, and strict loading forbids loading it now. …
 */
export function strictLoading(isStrict: boolean): void {
  isStrictEverywhere = isStrict
}

export const mayLoad = (object: Mapped): boolean => !isStrictEverywhere && !stateOf(object).isStrict
