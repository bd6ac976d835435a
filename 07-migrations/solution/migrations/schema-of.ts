import type { Dialect } from '#shared/driver/dialect'
import type { Registry } from '../mapping/registry.ts'
import type { Schema } from './schema.ts'

/** The schema that the models ask for. */
export function schemaOf(_registry: Registry, _dialect: Dialect): Schema {
  throw new Error('not written')
}
