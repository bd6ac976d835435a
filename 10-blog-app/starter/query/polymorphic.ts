import { type MappedType, type Mapping, type Part, subclassesOf } from '../mapping/inheritance.ts'
import { outputsOf, type Selection } from './columns.ts'
import { ColumnExpression, type Condition } from './expression.ts'
import { and } from './logic.ts'
import { type JoinNode, type JoinType, node } from './nodes.ts'
import { SelectQuery } from './select.ts'
import { selectFrom } from './select-node.ts'

/** A query for the rows of one class and of those that inherit from it. */
export type ClassQuery = SelectQuery<[Selection], unknown>

const queries = new WeakMap<MappedType, ClassQuery>()

/**
 * The rows of a class, each with the columns of whatever class it is of.
 *
 * @example
 * selectClass(Person)
 * // single table: SELECT id, type, name, salary FROM people
 * // class table:  SELECT people.id, …, managers.level FROM people LEFT JOIN managers ON managers.id = people.id
 * selectClass(Employee)
 * // single table: SELECT id, type, name, salary FROM people WHERE type = ?
 */
export function selectClass(type: MappedType): ClassQuery {
  const known = queries.get(type)
  if (known) return known
  const query = makeQuery(type)
  queries.set(type, query)
  return query
}

function makeQuery(type: MappedType): ClassQuery {
  const [root, ...others] = type.mapping.parts as readonly [Part, ...Part[]]
  const selection = selectionOf(type)
  const joins = [
    ...others.map((part) => joinPart('JOIN', part, root)),
    ...partsBelow(type).map((part) => joinPart('LEFT JOIN', part, root)),
  ]
  const source = node({ kind: 'table', table: root.table, name: root.table })
  const select = { ...selectFrom(source), joins, outputs: outputsOf(selection) }
  const query: ClassQuery = new SelectQuery(select, [selection])
  const condition = isOfClass(type)
  return condition ? query.where(condition) : query
}

const selections = new WeakMap<MappedType, Selection>()

/** The columns of a class by property, and behind them those that its subclasses add: `employee.salary`. */
export function selectionOf(type: MappedType): Selection {
  const known = selections.get(type)
  if (known) return known
  const below = subclassesOf(type).flatMap(({ mapping: { word, own } }) =>
    own.map((column) => [`${word}.${column.property}`, new ColumnExpression(column)]),
  )
  const own = type.mapping.table.columns.map((column) => [
    column.property,
    new ColumnExpression(column),
  ])
  const selection = Object.freeze(Object.fromEntries([...own, ...below]))
  selections.set(type, selection)
  return selection
}

/** Where the rows that `selectClass` gives for one class hold the columns of a class below it. */
export function layoutIn(rowsOf: MappedType, { table }: Mapping): readonly number[] {
  const below = subclassesOf(rowsOf).flatMap(({ mapping }) => mapping.own)
  const columns = [...rowsOf.mapping.table.columns, ...below]
  const places = new Map(columns.map((column, place) => [column, place]))
  return table.columns.map((column) => places.get(column)!)
}

/** The key stands under the same name in every table of the class. */
const joinPart = (type: JoinType, part: Part, root: Part): JoinNode =>
  node({
    kind: 'join',
    type,
    source: node({ kind: 'table', table: part.table, name: part.table }),
    on: and(
      ...root.key.map((key) =>
        new ColumnExpression<any>(key, part.table).eq(new ColumnExpression<any>(key)),
      ),
    ).node,
  })

/** The tables that only subclasses have. */
function partsBelow(type: MappedType): Part[] {
  const known = new Set(type.mapping.parts.map(({ table }) => table))
  const parts = subclassesOf(type).flatMap(({ mapping }) => mapping.parts)
  return parts.filter(({ table }) => !known.has(table) && known.add(table))
}

/** In a table that it shares with the class above, only the discriminator tells the class. */
function isOfClass(type: MappedType): Condition | undefined {
  const { root, hasTable } = type.mapping
  if (hasTable) return undefined
  const words = [type, ...subclassesOf(type)].map(({ mapping }) => mapping.word)
  const column = new ColumnExpression<any>(root.discriminator!)
  return words.length === 1 ? column.eq(words[0]) : column.in(words)
}
