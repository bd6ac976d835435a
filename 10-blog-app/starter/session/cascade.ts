import type { Column } from '../mapping/column.ts'
import { typeOf } from '../mapping/inheritance.ts'
import { type Mapped, type Owner, stateOf } from '../mapping/mapped.ts'
import { removeRelated } from '../relations/both-sides.ts'
import { loadRelated } from '../relations/loader.ts'
import { knownObjects, rememberRelated } from '../relations/memory.ts'
import type { RelatedClass, Relation } from '../relations/relation.ts'
import { rememberObject, type UndoLog } from './undo-log.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/**
 * Adds to what the program deletes what goes with it: orphans, children whose relation says `cascade: 'delete'`,
 * and the pairs of many-to-many relations. Children are loaded for it, so that they are deleted as objects, with their hooks.
 *
 * @example
 * session.delete(post) // comments: () => hasMany(Comment, { cascade: 'delete' })
 * // SELECT … FROM comments WHERE post_id = ?
 */
export async function cascade(work: UnitOfWork, session: Owner, log: UndoLog): Promise<void> {
  for (const [object, foreignKey] of work.orphans)
    if (isOrphan(object, foreignKey)) markForDeletion(object, work, log)
  for (let parents = [...work.deleted]; parents.length > 0; ) {
    const known = new Set(work.deleted)
    for (const type of new Set(parents.map(relatedClass)))
      await followRelations(
        type,
        parents.filter((one) => relatedClass(one) === type),
        work,
        session,
        log,
      )
    parents = [...work.deleted].filter((object) => !known.has(object))
  }
}

/** One SELECT for each relation of a class, however many objects are deleted. */
async function followRelations(
  type: RelatedClass,
  parents: readonly Mapped[],
  work: UnitOfWork,
  session: Owner,
  log: UndoLog,
): Promise<void> {
  for (const relation of Object.values(type.relations).filter(isFollowed)) {
    await loadRelated(parents, { [relation.property]: true }, type, session)
    for (const parent of parents) {
      if (relation.cascade)
        for (const child of knownObjects(parent, relation)) markForDeletion(child, work, log)
      else endPairs(parent, relation, log)
    }
  }
}

/** Pairs that the database does not end by itself are ended here: otherwise they would keep the row. */
const isFollowed = ({ cascade, junction, to }: Relation): boolean =>
  cascade === 'delete' || (junction !== undefined && to.reference?.onDelete !== 'cascade')

function endPairs(object: Mapped, relation: Relation, log: UndoLog): void {
  const others = knownObjects(object, relation)
  for (const one of [object, ...others]) log.push(rememberRelated(one))
  for (const other of others) removeRelated(object, relation, other)
}

/** Nobody has taken it since. */
const isOrphan = (object: Mapped, { property }: Column): boolean =>
  Reflect.get(object, property) === null

/** What was never stored has no row to end: it is forgotten. */
function markForDeletion(object: Mapped, work: UnitOfWork, log: UndoLog): void {
  const state = stateOf(object)
  if (state.status === 'persistent') work.deleted.add(object)
  if (state.status !== 'pending') return
  log.push(rememberObject(object, []))
  work.forget(object)
  state.status = 'transient'
  state.session = undefined
}

const relatedClass = (object: Mapped) => typeOf(object) as unknown as RelatedClass
