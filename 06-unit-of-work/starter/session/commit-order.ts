import { todo } from '#shared/todo'

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
  // TODO(2): `done` is the order: a Set remembers in which order things were put into it. Walk a Path from each item.
  return todo('Task 2: put the changes in order')
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
    // TODO(2): enter the start. As long as there are steps, look at the last one: enter the next thing that it needs,
    // or, when there is none left, leave it.
    todo('Task 2: put the changes in order')
  }

  #enter(item: T): void {
    // TODO(2): what is done is no step any more. What is waiting already closes a circle: `#circleFrom`. Everything else
    // waits, and is the last step.
    todo('Task 2: put the changes in order')
  }

  #leave(item: T): void {
    // TODO(2): it waits no more. It is done.
    todo('Task 2: put the changes in order')
  }

  #circleFrom(item: T): T[] {
    const items = this.#steps.map((step) => step.item)
    return items.slice(items.indexOf(item))
  }
}
