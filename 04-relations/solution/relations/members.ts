import type { Mapped } from '../mapping/mapped.ts'
import { findRow, type Many } from './memory.ts'

// What changes in the memory of a collection. Nothing here loads.

/**
 * Puts an object into a collection. What is not loaded stays so: the change waits in `added`, and in `removed` nothing is left of it.
 */
export function put(many: Many, object: Mapped): void {
  many.count = undefined
  const isBack = takeOut(many.removed, object)
  if (many.items && findRow(many.items, object)) return
  many.items?.add(object)
  if (!(isBack && isWholeKnown(many))) many.added.add(object)
}

/** Takes an object out of a collection. What was never in it leaves no trace, where that is known. */
export function drop(many: Many, object: Mapped): void {
  many.count = undefined
  const wasNew = takeOut(many.added, object)
  if (many.items && !takeOut(many.items, object) && isWholeKnown(many)) return
  if (!(wasNew && isWholeKnown(many))) many.removed.add(object)
}

/** Forgets an object whose row is gone: that is no change to be stored. */
export function forgetMember(many: Many, gone: Mapped): void {
  for (const objects of [many.items, many.added]) if (objects) takeOut(objects, gone)
  many.count = undefined
}

const isWholeKnown = ({ items, isPartial }: Many) => items !== undefined && !isPartial

/** Takes out the object of the same row. */
function takeOut(objects: Set<Mapped>, object: Mapped): boolean {
  const found = findRow(objects, object)
  return found !== undefined && objects.delete(found)
}
