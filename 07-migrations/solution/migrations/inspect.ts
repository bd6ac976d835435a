import type { Connection } from '#shared/driver/driver'
import type { Schema } from './schema.ts'

export interface InspectOptions {
  /** Tables that are nobody's business here, such as the history of the migrations. */
  readonly except?: readonly string[]
}

/** The schema that a database has. */
export function inspect(_connection: Connection, _options: InspectOptions = {}): Schema {
  throw new Error('not written')
}
