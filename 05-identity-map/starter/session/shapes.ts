import type { Dialect } from '#shared/driver/dialect'
import type { Column } from '../mapping/column.ts'
import type { Part } from '../mapping/inheritance.ts'
import type { Row } from './statements.ts'

/**
 * SQL by its shape: the table, and which of its columns have a value in the row. It is put together once for each shape,
 * because that costs more than to run it.
 */
export class Shapes<Sql> {
  readonly #make: (part: Part, columns: readonly Column[], dialect: Dialect) => Sql
  readonly #known = new WeakMap<Part, Map<string | number, Sql>>()

  constructor(make: (part: Part, columns: readonly Column[], dialect: Dialect) => Sql) {
    this.#make = make
  }

  get(part: Part, row: Row, dialect: Dialect): Sql {
    const shapes = this.#shapesOf(part)
    const shape = shapeOf(part, row, dialect)
    const known = shapes.get(shape)
    if (known !== undefined) return known
    const made = this.#make(part, givenIn(part, row), dialect)
    shapes.set(shape, made)
    return made
  }

  #shapesOf(part: Part): Map<string | number, Sql> {
    const known = this.#known.get(part)
    if (known) return known
    const shapes = new Map<string | number, Sql>()
    this.#known.set(part, shapes)
    return shapes
  }
}

const givenIn = ({ columns }: Part, row: Row): Column[] =>
  columns.filter(({ index }) => row[index] !== undefined)

/** A bit for each column, and one for the dialect, which is quick to work out. There are 31 of them: wider rows get a text. */
function shapeOf(part: Part, row: Row, { name }: Dialect): string | number {
  let shape = name === 'sqlite' ? 0 : 1
  for (const { index } of part.columns) {
    if (row[index] === undefined) continue
    if (index > 29) return `${name} ${givenIn(part, row).map((column) => column.index)}`
    shape |= 2 << index
  }
  return shape
}
