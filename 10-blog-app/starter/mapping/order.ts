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
  const groups: T[][] = []
  /** When each thing was met first. */
  const met = new Map<T, number>()
  /** Met, and in no group yet. */
  const open: T[] = []

  /** The earliest open thing that can be reached from here. */
  function walk(thing: T): number {
    const place = met.size
    met.set(thing, place)
    open.push(thing)
    let earliest = place
    for (const next of nextOf(thing)) {
      if (!met.has(next)) earliest = Math.min(earliest, walk(next))
      else if (open.includes(next)) earliest = Math.min(earliest, met.get(next)!)
    }
    if (earliest === place) groups.push(open.splice(open.indexOf(thing)))
    return earliest
  }

  for (const thing of things) if (!met.has(thing)) walk(thing)
  return groups
}
