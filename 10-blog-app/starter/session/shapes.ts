import type { Dialect } from '#shared/driver/dialect'
import type { Column } from '../mapping/column.ts'
import type { Part } from '../mapping/inheritance.ts'

/**
 * SQL by its shape: the table, and which of its columns take part. It is put together once for each shape,
 * because that costs more than to run it.
 */
export class Shapes<Sql> {
  readonly #make: (part: Part, columns: readonly Column[], dialect: Dialect) => Sql
  readonly #known = new WeakMap<Part, Map<string | number, Sql>>()

  constructor(make: (part: Part, columns: readonly Column[], dialect: Dialect) => Sql) {
    this.#make = make
  }

  get(part: Part, columns: readonly Column[], dialect: Dialect): Sql {
    const shapes = this.#shapesOf(part)
    const shape = shapeOf(columns, dialect)
    const known = shapes.get(shape)
    if (known !== undefined) return known
    const made = this.#make(part, columns, dialect)
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

/** A bit for each column, and one for the dialect, which is quick to work out. There are 31 of them: wider rows get a text. */
function shapeOf(columns: readonly Column[], { name }: Dialect): string | number {
  let shape = name === 'sqlite' ? 0 : 1
  for (const { index } of columns) {
    if (index > 29) return `${name} ${columns.map((column) => column.index).join()}`
    shape |= 2 << index
  }
  return shape
}
