import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import type { Mapping } from '../mapping/inheritance.ts'
import { referencedBy } from '../mapping/references.ts'
import { keyOfValues } from './identity-key.ts'
import type { Row } from './statements.ts'

/** A value that only one row can have, such as `users.email = 'bob@example.com`. Equal texts are one value. */
export type UniqueValue = string

/** A value in a row, and the column that holds it; of a key of several columns the first. */
export interface Held {
  readonly value: UniqueValue
  readonly column: Column
}

/** Columns whose values are unique, or point to such values. */
export interface Constraint {
  /** Where the values are unique: `users.id`. Those that point there have the same name. */
  readonly name: string
  readonly columns: readonly Column[]
}

/** The rules of a class's tables in which rows meet. */
export interface Constraints {
  /** The primary key, and every unique column. */
  readonly unique: readonly Constraint[]
  readonly foreign: readonly Constraint[]
}

const known = new WeakMap<Mapping, Constraints>()

export function constraintsOf(mapping: Mapping): Constraints {
  const constraints = known.get(mapping) ?? {
    unique: uniqueKeys(mapping),
    foreign: foreignKeys(mapping),
  }
  known.set(mapping, constraints)
  return constraints
}

/** The values of a row under these constraints. NULL, and what is not known yet, is equal to nothing. */
export const heldIn = (row: Row, constraints: readonly Constraint[]): Held[] =>
  constraints.flatMap(({ name, columns }) => {
    const values = columns.map(({ index }) => row[index] ?? null)
    return values.includes(null) ? [] : [{ value: uniqueValue(name, values), column: columns[0]! }]
  })

export const uniqueValue = (name: string, values: readonly Value[]): UniqueValue =>
  `${name} = ${String(keyOfValues(values))}`

function uniqueKeys({ table: { columns, primaryKey } }: Mapping): Constraint[] {
  const unique = columns.filter(({ isUnique, isPrimaryKey }) => isUnique && !isPrimaryKey)
  return [primaryKey, ...unique.map((column) => [column])].map((group) => ({
    name: group.map(({ table, name }) => `${table}.${name}`).join(),
    columns: group,
  }))
}

const foreignKeys = ({ table }: Mapping): Constraint[] =>
  table.columns.flatMap((column) => {
    const target = referencedBy(column)
    return target ? [{ name: `${target.table}.${target.name}`, columns: [column] }] : []
  })
