import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { nameOf } from '../mapping/name-of.ts'
import type { Change, Update } from './change-set.ts'

/** One line for a change: `persistent  User#1  update  name: 'Bob' → 'Robert'`. */
export function describeChange(change: Change): string {
  const { status } = stateOf(change.object)
  const words = [status.padEnd(10), nameOf(change.object), change.kind, details(change)]
  return words.filter(Boolean).join('  ')
}

function details(change: Change): string {
  if (change.kind === 'update') return assignmentsOf(change)
  if (change.kind === 'link' || change.kind === 'unlink')
    return `${change.relation.property}: ${nameOf(change.target)}`
  return ''
}

function assignmentsOf({ object, assignments, references }: Update): string {
  const { row } = stateOf(object)
  return [
    ...assignments.map(
      ({ column, value }) =>
        `${column.property}: ${showValue(row[column.index] ?? null)} → ${showValue(value)}`,
    ),
    ...[...references].map(([column, { target }]) => `${column.property}: → ${nameOf(target)}`),
  ].join(', ')
}

/** Stands for a key that the database has not made yet. */
export class KeyToCome {
  readonly text: string

  constructor(target: Mapped) {
    this.text = `key of ${nameOf(target)}`
  }
}

/** A value of the database as it would stand in SQL. */
export function showValue(value: unknown): string {
  if (value instanceof KeyToCome) return `<${value.text}>`
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return value === null ? 'NULL' : String(value)
}
