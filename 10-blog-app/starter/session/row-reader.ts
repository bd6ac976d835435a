import type { Value } from '#shared/driver/driver'
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
  const members = [type, ...subclassesOf(type)]
  const readers = new Map(
    members.map((member) => [member.mapping.word, memberReader(member, type)]),
  )
  return (row) => {
    const word = row[column.index]
    const read = readers.get(word)
    if (!read)
      throw new UnknownClassError(`${column.table}.${column.name}`, word, [...readers.keys()])
    return read(row)
  }
}

/** Takes the columns of one class out of the row of a class above it. */
function memberReader(type: MappedType, rowsOf: MappedType): RowReader {
  const layout = layoutIn(rowsOf, type.mapping)
  return (row) => ({ type, row: layout.map((place) => row[place] ?? null) })
}
