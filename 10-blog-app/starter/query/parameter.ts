import type { Column } from '../mapping/column.ts'
import {
  bigint,
  blob,
  boolean,
  type ColumnType,
  integer,
  real,
  text,
  timestamp,
} from '../mapping/column-types.ts'
import { InvalidValueError, UndefinedValueError } from '../mapping/errors.ts'
import { OperandError } from './errors.ts'
import { node, type ParameterNode } from './nodes.ts'

/** What is known of the place where a value stands: its type, and the column when it is one. */
export interface Place {
  readonly type: ColumnType<any> | undefined
  readonly column?: Column | undefined
}

/**
 * A value of the program that stands beside a column, and so is sent as the column's type.
 *
 * @throws {UndefinedValueError} or {OperandError} when it is undefined: a forgotten value must never mean "every row"
 * @throws {InvalidValueError} or {OperandError} when the type does not take it
 */
export function parameter(value: unknown, { type, column }: Place): ParameterNode {
  const asType = type ?? typeOf(value)
  if (value === undefined) throw undefinedValue(asType, column)
  if (value !== null && !asType.accepts(value)) throw refused(value, asType, column)
  return node({ kind: 'parameter', value, type: asType, standsAlone: false })
}

/** A value that stands for itself: its type is that of the JavaScript value. */
export function literal(value: unknown): ParameterNode {
  return node({ ...parameter(value, { type: typeOf(value) }), standsAlone: true })
}

const undefinedValue = (type: ColumnType, column: Column | undefined) =>
  column ? new UndefinedValueError(column, 'a query') : new OperandError(undefined, type.expects)

const refused = (value: unknown, type: ColumnType, column: Column | undefined) =>
  column ? new InvalidValueError(column, value) : new OperandError(value, type.expects)

/** @throws {OperandError} when no column could hold such a value */
function typeOf(value: unknown): ColumnType<any> {
  if (typeof value === 'number') return isSmall(value) ? integer : real
  if (typeof value === 'bigint') return bigint
  if (typeof value === 'boolean') return boolean
  if (value instanceof Date) return timestamp
  if (value instanceof Uint8Array) return blob
  if (typeof value === 'string' || value === null) return text
  throw new OperandError(value, 'text, numbers, true, false, dates, bytes and null')
}

/** Whole, and not more than PostgreSQL's INTEGER holds. */
const isSmall = (value: number) => Number.isInteger(value) && Math.abs(value) < 2 ** 31
