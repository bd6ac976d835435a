import type { Place } from '../../workbook/conformance/case.ts'
import type { Ground } from '../../workbook/conformance/databases.ts'
import type { Subject } from '../../workbook/conformance/subject.ts'

/** A database that has the tables of the cases. */
export interface Address {
  readonly database: Place['database']
  /** The file of SQLite, or the URL of PostgreSQL. */
  readonly address: string
  readonly ground: Ground
}

/** Another ORM, asked the same. */
export interface Peer {
  /** The packages whose versions are shown. */
  readonly packages: readonly string[]
  readonly databases: readonly Place['database'][]
  open(where: Address): Promise<Subject>
}

export const both: Peer['databases'] = ['sqlite', 'postgres']
