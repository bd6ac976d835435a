import { type Mapped, stateOf, type Usage } from '../mapping/mapped.ts'
import type { Relation } from './relation.ts'

/**
 * Notes which relations queries have loaded, and which of them the program has read.
 *
 * @example
 * const usage = new RelationUsage()
 * const session = new AsyncSession(database, { usage })
 * await session.query(User).with({ posts: true }).all()
 * usage.unread // [User.relations.posts]: nobody has looked at any posts
 */
export class RelationUsage implements Usage {
  readonly #loaded = new Set<Relation>()
  readonly #read = new Set<Relation>()

  loaded(relation: object): void {
    this.#loaded.add(relation as Relation)
  }

  read(relation: object): void {
    this.#read.add(relation as Relation)
  }

  /** The relations that were loaded in advance and that nobody has looked at. */
  get unread(): Relation[] {
    return [...this.#loaded].filter((relation) => !this.#read.has(relation))
  }
}

/** Says that the program looks at what is related to an object. */
export function noteRead(object: Mapped, relation: Relation): void {
  stateOf(object).session?.usage?.read(relation)
}
