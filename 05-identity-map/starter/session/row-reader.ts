import type { Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
import { type MappedType, subclassesOf } from '../mapping/inheritance.ts'
import { layoutIn } from '../query/polymorphic.ts'
import { UnknownClassError } from './errors.ts'

/** The class that a row is of, and the columns of that class. */
export interface ClassRow {
  readonly type: MappedType
  readonly row: readonly Value[]
}

/** Reads a row of `selectClass`. */
export type RowReader = (row: readonly Value[]) => ClassRow

/**
 * How the rows of a class and of its subclasses are read.
 *
 * @throws {UnknownClassError} when a row has a word in its discriminator that no class has
 */
export function rowReader(type: MappedType): RowReader {
  const column = type.mapping.discriminator
  if (!column) return (row) => ({ type, row })
  // TODO(7): a reader for the class and for each that inherits from it, by its word. Make them once, not for every row:
  // the function that is given back looks up the reader of a row, or says that nobody declared the row's class.
  return todo('Task 7: one hierarchy, one identity')
}

/** Takes the columns of one class out of the row of a class above it. */
function memberReader(type: MappedType, rowsOf: MappedType): RowReader {
  // TODO(7): `layoutIn` says at which places of the row the columns of the class stand.
  return todo('Task 7: one hierarchy, one identity')
}
