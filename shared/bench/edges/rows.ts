import { columns } from '../../workbook/conformance/schema.ts'
import type { Entity, Key, Values } from '../../workbook/conformance/subject.ts'

// For those who call columns by their names in the database.

/** `authorId` is the column author_id. */
export const columnOf = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export const toRow = (values: Values): Values => renamed(values, columnOf)

const renamed = (values: Values, rename: (name: string) => string): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]))

/** A row by the properties of its table. */
export const toValues = (entity: Entity, row: Values): Values =>
  Object.fromEntries(columns[entity].map((property) => [property, row[columnOf(property)]]))

/** A key as the columns that it consists of. */
export const byKey = (key: Key): Values => (typeof key === 'object' ? { ...key } : { id: key })

/** The properties that a table has, and no relations. */
export const plain = (entity: Entity, object: any): Values =>
  Object.fromEntries(columns[entity].map((property) => [property, object[property]]))
