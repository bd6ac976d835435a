import { columnOf, type Table } from '../mapping/table.ts'
import { NothingToWriteError } from './errors.ts'
import { type Expression, operand } from './expression.ts'
import { type AssignmentNode, node } from './nodes.ts'

/** What SET takes: a value, or an expression of the row, for some of the columns. */
export type Assignments<C> = {
  readonly [P in keyof C]?: C[P] extends Expression<infer T> ? T | Expression<T> : never
}

/**
 * The columns of a SET, each with its value.
 *
 * @throws {NothingToWriteError} when there is none
 * @throws {UnknownColumnError} when a property is not of the table
 * @throws {UndefinedValueError} when a value is undefined
 */
export function assignmentsOf(table: Table, values: object): readonly AssignmentNode[] {
  const entries = Object.entries(values)
  if (entries.length === 0) throw new NothingToWriteError('set', table.name)
  return entries.map(([property, value]) => {
    const column = columnOf(table, property)
    const next = operand(value, { type: column.type, column })
    return node({ kind: 'assignment', column: column.name, value: next })
  })
}
