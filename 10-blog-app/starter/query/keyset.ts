import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { type ColumnType, text } from '../mapping/column-types.ts'
import { compare, constant, equal, isConstant, logical, nullTest } from './conditions.ts'
import {
  type ColumnNode,
  type ExpressionNode,
  node,
  type OrderNode,
  type ParameterNode,
  type SelectNode,
} from './nodes.ts'

// Keyset pagination: a page begins behind a row, not after a number of rows. OFFSET reads all the rows that it passes over, and
// shows a row twice or never when others are inserted or deleted between two pages. "Behind this row" is found in an index.

/** One column of the order, and where its value stands in a row. */
export interface Place {
  readonly expression: ColumnNode
  readonly column: Column
  readonly index: number
  readonly isDescending: boolean
  readonly areNullsFirst: boolean
}

/**
 * The order of a query as places in its rows. The key comes last, so that no two rows are equal.
 *
 * @throws {PageOrderError} when something in the order is no column of the result
 */
export function placesOf(select: SelectNode, key: readonly Column[], dialect: Dialect): Place[] {
  const asked = select.orderBy.map((order) => placeOf(order, select, dialect))
  const missing = key.filter((column) => asked.every((place) => place.column !== column))
  return [...asked, ...missing.map((column) => placeOf(byColumn(column), select, dialect))]
}

function placeOf(order: OrderNode, { outputs }: SelectNode, dialect: Dialect): Place {
  const { expression } = order
  const index = outputs.findIndex((output) => isSameColumn(output.expression, expression))
  const column = outputs[index]?.column
  if (!column || expression.kind !== 'column') throw new PageOrderError()
  const isDescending = order.direction === 'DESC'
  // Without a word SQLite takes NULL for the smallest value, PostgreSQL for the largest.
  const isSmallest = dialect.name === 'sqlite'
  const areNullsFirst = order.nulls ? order.nulls === 'FIRST' : isSmallest !== isDescending
  return { expression, column, index, isDescending, areNullsFirst }
}

const isSameColumn = (one: ExpressionNode, other: ExpressionNode): boolean =>
  one.kind === 'column' &&
  other.kind === 'column' &&
  one.source === other.source &&
  one.name === other.name

const byColumn = ({ table, name }: Column): OrderNode =>
  node({
    kind: 'order',
    expression: node({ kind: 'column', source: table, name }),
    direction: undefined,
    nulls: undefined,
  })

/** The same rows from the last to the first. */
export const reversed = (places: readonly Place[]): Place[] =>
  places.map((place) => ({
    ...place,
    isDescending: !place.isDescending,
    areNullsFirst: !place.areNullsFirst,
  }))

/** ORDER BY for these places. */
export const orderOf = (places: readonly Place[]): OrderNode[] =>
  places.map(({ expression, column, isDescending, areNullsFirst }) =>
    node({
      kind: 'order',
      expression,
      direction: isDescending ? 'DESC' : undefined,
      nulls: column.isNullable ? (areNullsFirst ? 'FIRST' : 'LAST') : undefined,
    }),
  )

/**
 * The rows behind one that holds these values.
 *
 * @param values as the database has them, one for each place
 *
 * @example
 * behind(places, ['2026-04-02', 2]) // ordered by created_at DESC, id
 * // created_at <= ? AND (created_at < ? OR id > ?)
 */
export function behind(places: readonly Place[], values: readonly Value[]): ExpressionNode {
  const [place, ...rest] = places as readonly [Place, ...Place[]]
  const value = values[0] ?? null
  const later = isLater(place, value)
  if (rest.length === 0) return later
  const next = behind(rest, values.slice(1))
  if (place.column.isNullable) return or(later, and(equal(place.expression, as(value)), next))
  // The first condition says nothing new. But it is a range of the first column alone, and so an index can begin there.
  return and(compare(`${sign(place)}=`, place.expression, as(value)), or(later, next))
}

/** Behind in one column. NULL is neither less nor greater: it stands before all values, or after them. */
function isLater(place: Place, value: Value): ExpressionNode {
  const { expression, column, areNullsFirst } = place
  if (value === null)
    return areNullsFirst ? nullTest(expression, { isNegated: true }) : constant(false)
  const later = compare(sign(place), expression, as(value))
  return column.isNullable && !areNullsFirst ? or(later, nullTest(expression)) : later
}

const sign = ({ isDescending }: Place) => (isDescending ? '<' : '>')

const and = (...terms: readonly ExpressionNode[]) => logical('AND', terms)

const or = (...terms: readonly ExpressionNode[]) =>
  logical(
    'OR',
    terms.filter((term) => !isConstant(term, false)),
  )

/** A value on its way back, as it came: a Date would lose the microseconds that PostgreSQL keeps, and with them rows. */
const as = (value: Value): ParameterNode =>
  node({ kind: 'parameter', value, type: unchanged, standsAlone: false })

const unchanged: ColumnType<any> = { ...text, accepts: () => true, toDatabase: (value) => value }

/** The order of a query cannot be the order of its pages. */
export class PageOrderError extends Error {
  override readonly name = 'PageOrderError'

  constructor() {
    super(
      'The pages of this query cannot follow its order: it is not an order of columns of the class. ' +
        'A page begins behind a row, and the row has to hold the values by which it is ordered. ' +
        'This usually happens when a query is ordered by something computed. Order by columns, or keep what is computed in a column.',
    )
  }
}
