/** For each item, what has to be done before it. */
export type Prerequisites<T> = (item: T) => readonly T[]

/** Items that wait for each other: each for the next, and the last for the first. */
export class CircularDependencyError<T> extends Error {
  override readonly name: string = 'CircularDependencyError'
  readonly circle: readonly T[]

  constructor(circle: readonly T[], message = `${circle.length} items wait for each other.`) {
    super(message)
    this.circle = circle
  }
}

/**
 * Puts items in an order in which each comes after its prerequisites, and otherwise as they are given:
 * an item moves forward only when another one needs it.
 *
 * @example
 * commitOrder([post, user], (item) => (item === post ? [user] : [])) // [user, post]
 *
 * @throws {CircularDependencyError} with the circle, when items wait for each other
 * @see https://en.wikipedia.org/wiki/Topological_sorting
 */
export function commitOrder<T>(items: Iterable<T>, prerequisites: Prerequisites<T>): T[] {
  const done = new Set<T>()
  const path = new Path(prerequisites, done)
  for (const item of items) path.walk(item)
  return [...done]
}

/** An item that waits, and how many of its prerequisites have been looked at. */
interface Step<T> {
  readonly item: T
  readonly needs: readonly T[]
  next: number
}

/** From an item to what it waits for, in depth. The path is a list of its own: a chain of ten thousand is too deep for recursion. */
class Path<T> {
  readonly #prerequisites: Prerequisites<T>
  readonly #done: Set<T>
  readonly #steps: Step<T>[] = []
  readonly #waiting = new Set<T>()

  constructor(prerequisites: Prerequisites<T>, done: Set<T>) {
    this.#prerequisites = prerequisites
    this.#done = done
  }

  walk(start: T): void {
    this.#enter(start)
    for (let step = this.#steps.at(-1); step; step = this.#steps.at(-1)) {
      if (step.next < step.needs.length) this.#enter(step.needs[step.next++]!)
      else this.#leave(step.item)
    }
  }

  #enter(item: T): void {
    if (this.#done.has(item)) return
    if (this.#waiting.has(item)) throw new CircularDependencyError(this.#circleFrom(item))
    const needs = this.#prerequisites(item)
    if (needs.length === 0) return void this.#done.add(item)
    this.#waiting.add(item)
    this.#steps.push({ item, needs, next: 0 })
  }

  #leave(item: T): void {
    this.#steps.pop()
    this.#waiting.delete(item)
    this.#done.add(item)
  }

  #circleFrom(item: T): T[] {
    const items = this.#steps.map((step) => step.item)
    return items.slice(items.indexOf(item))
  }
}
