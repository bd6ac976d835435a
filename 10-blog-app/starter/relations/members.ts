import type { Mapped } from '../mapping/mapped.ts'
import type { Many } from './memory.ts'

// What changes in the memory of a collection. Nothing here loads.

/**
 * Puts an object into a collection. What is not loaded stays so: the change waits in `added`, and in `removed` nothing is left of it.
 */
export function put(many: Many, object: Mapped): void {
  many.count = undefined
  const isBack = many.removed.delete(object)
  if (many.items?.has(object)) return
  many.items?.add(object)
  if (!(isBack && isWholeKnown(many))) many.added.add(object)
}

/** Takes an object out of a collection. What was never in it leaves no trace, where that is known. */
export function drop(many: Many, object: Mapped): void {
  many.count = undefined
  const wasNew = many.added.delete(object)
  if (many.items && !many.items.delete(object) && isWholeKnown(many)) return
  if (!(wasNew && isWholeKnown(many))) many.removed.add(object)
}

/** Forgets an object whose row is gone: that is no change to be stored. */
export function forgetMember(many: Many, gone: Mapped): void {
  many.items?.delete(gone)
  many.added.delete(gone)
  many.count = undefined
}

const isWholeKnown = ({ items, isPartial }: Many) => items !== undefined && !isPartial
