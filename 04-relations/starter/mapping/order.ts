import { todo } from '#shared/todo'
import { referencedBy } from './references.ts'
import type { Table } from './table.ts'

/**
 * The tables in the order in which they can be created: each after those that it points to.
 * Tables that point to each other stand in one group.
 *
 * @example
 * sortTables([posts, users, comments]) // [[users], [posts], [comments]]
 * sortTables([chickens, eggs])         // [[chickens, eggs]]: neither can be the first
 */
export function sortTables(tables: readonly Table[]): Table[][] {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const parentsOf = (table: Table): Table[] =>
    table.columns.flatMap((column) => byName.get(referencedBy(column)?.table ?? '') ?? [])
  return connectedGroups(tables, parentsOf)
}

/**
 * Groups of things that can reach each other, and each group after those that it leads to: Tarjan's algorithm.
 * It walks in depth. Whoever leads back to a thing that is still being walked belongs to its group.
 *
 * @see https://en.wikipedia.org/wiki/Tarjan%27s_strongly_connected_components_algorithm
 */
export function connectedGroups<T>(
  things: readonly T[],
  nextOf: (thing: T) => readonly T[],
): T[][] {
  // TODO(7): the algorithm of Tarjan, or another one that you like better.
  return todo('Task 7: order the tables')
}
