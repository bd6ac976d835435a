import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openSqliteAsync } from '../../driver/sqlite-async.ts'

/** The database that a URL or the path of a file names. */
export const openDatabase = (address: string): AsyncDatabase =>
  address.startsWith('postgres') ? openPostgres(address) : openSqliteAsync(address)
