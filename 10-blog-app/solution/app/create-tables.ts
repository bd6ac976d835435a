import type { AsyncDatabase } from '#shared/driver/async-driver'
import { createTables as statementsFor } from '../mapping/ddl.ts'
import { sortTables } from '../mapping/order.ts'
import { registry } from './models.ts'

/** Creates the tables of the blog that are not there yet, each after those that it points to. */
export async function createTables(database: AsyncDatabase): Promise<void> {
  for (const group of sortTables(registry.tables))
    for (const sql of statementsFor(group, database.dialect)) await database.run(sql)
}
