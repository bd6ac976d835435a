import type { Mapped } from '../mapping/mapped.ts'
import { neighboursOf } from '../relations/gone.ts'
import { rememberRelated } from '../relations/memory.ts'
import type { Change } from './change-set.ts'
import { Entity } from './entity.ts'
import { rememberObject, type UndoLog } from './undo-log.ts'

/** A method of an entity that is called before or after its row is written. */
export type Hook = `${'before' | 'after'}${'Save' | 'Create' | 'Update' | 'Delete'}`

/** Lets a hook use the session while the flush waits for it. */
export type Lend = (hook: () => void | Promise<void>) => Promise<void>

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
export async function callBefore(
  changes: readonly Change[],
  called: Set<object>,
  log: UndoLog,
  lend: Lend,
): Promise<boolean> {
  const count = called.size
  for (const change of changes) {
    if (change.kind === 'link' || change.kind === 'unlink' || called.has(change.object)) continue
    const { kind, object } = change
    if (!hasHook(object, before[kind])) continue
    called.add(object)
    log.push(rememberObject(object))
    for (const one of [object, ...neighboursOf(object)]) log.push(rememberRelated(one))
    for (const hook of before[kind]) await callHook(object, hook, lend)
  }
  return called.size > count
}

/** Calls the hooks of the objects that were written. */
export async function callAfter(changes: readonly Change[], lend: Lend): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'link' || change.kind === 'unlink') continue
    if (change.kind === 'update' && change.detour) continue
    const hooks = after[change.kind]
    if (!hasHook(change.object, hooks)) continue
    for (const hook of hooks)
      if (isOverridden(change.object, hook)) await callHook(change.object, hook, lend)
  }
}

/** Apart from the loops: what a function holds on to would be kept for every object, also for those without hooks. */
const callHook = (object: Mapped, hook: Hook, lend: Lend): Promise<void> =>
  lend(() => (object as Entity)[hook]())

/** A loop and not `some`: it runs for every object of a flush. */
function hasHook(object: Mapped, hooks: readonly Hook[]): boolean {
  for (const hook of hooks) if (isOverridden(object, hook)) return true
  return false
}

const isOverridden = (object: Mapped, hook: Hook): boolean =>
  (object as Entity)[hook] !== Entity.prototype[hook]
