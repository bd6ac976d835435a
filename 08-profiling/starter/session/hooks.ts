import type { Mapped } from '../mapping/mapped.ts'
import { neighboursOf } from '../relations/gone.ts'
import { rememberRelated } from '../relations/memory.ts'
import type { Change } from './change-set.ts'
import { Entity } from './entity.ts'
import { AsyncHookError } from './errors.ts'
import { rememberObject, type UndoLog } from './undo-log.ts'

/** A method of an entity that is called before or after its row is written. */
export type Hook = `${'before' | 'after'}${'Save' | 'Create' | 'Update' | 'Delete'}`

const before = {
  insert: ['beforeSave', 'beforeCreate'],
  update: ['beforeSave', 'beforeUpdate'],
  delete: ['beforeDelete'],
} as const

const after = {
  insert: ['afterCreate', 'afterSave'],
  update: ['afterUpdate', 'afterSave'],
  delete: ['afterDelete'],
} as const

/**
 * Calls the hooks of the objects that are about to be written, each once in a flush.
 *
 * @param called the objects whose hooks were called already
 * @returns whether a hook was called: it may have changed anything
 */
export function callBefore(changes: readonly Change[], called: Set<object>, log: UndoLog): boolean {
  const count = called.size
  for (const change of changes) {
    if (change.kind === 'link' || change.kind === 'unlink' || called.has(change.object)) continue
    const { kind, object } = change
    if (!hasHook(object, before[kind])) continue
    called.add(object)
    log.push(rememberObject(object))
    for (const one of [object, ...neighboursOf(object)]) log.push(rememberRelated(one))
    for (const hook of before[kind]) callHook(object, hook)
  }
  return called.size > count
}

/** Calls the hooks of the objects that were written. */
export function callAfter(changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.kind === 'link' || change.kind === 'unlink') continue
    if (change.kind === 'update' && change.detour) continue
    for (const hook of after[change.kind]) callHook(change.object, hook)
  }
}

/** Whether the class overrides one of these hooks. A loop and not `some`: it runs for every object of a flush. */
function hasHook(object: Mapped, hooks: readonly Hook[]): boolean {
  for (const hook of hooks) if ((object as Entity)[hook] !== Entity.prototype[hook]) return true
  return false
}

/** TypeScript takes `async beforeSave()` for a `void` method. Nothing here can wait for it, so it is refused. */
function callHook(object: Mapped, hook: Hook): void {
  const result: unknown = (object as Entity)[hook]()
  if (result instanceof Promise) throw new AsyncHookError(hook)
}
