import type { Dialect } from './dialect.ts'

/** What a database can hold in one cell, as every driver takes it and gives it back. */
export type Value = null | string | number | bigint | boolean | Uint8Array

/** One row of a result, keyed by the names of its columns. */
export type Row = Record<string, Value>

/** What a statement that returns no rows has done. */
export interface RunResult {
  /** Rows inserted, updated or deleted. */
  readonly changes: number
  /** The key that the database gave to the row inserted last on this connection (SQLite only). */
  readonly lastInsertId: number | bigint
}

/**
 * A synchronous connection to one database: the workbook's DB-API. Nothing above it knows which driver runs.
 *
 * Whole numbers come back as `number` where a number can hold them, and as `bigint` beyond 2^53.
 *
 * @example
 * const connection = openSqlite(':memory:')
 * connection.run('INSERT INTO users (name) VALUES (?)', ['Alice'])
 * connection.get('SELECT id, name FROM users WHERE id = ?', [1]) // { id: 1, name: 'Alice' }
 *
 * @see https://peps.python.org/pep-0249/ the same idea in Python
 */
export interface Connection {
  readonly dialect: Dialect
  /** Every row; an empty array when there is none. */
  all(sql: string, parameters?: readonly Value[]): Row[]
  /** The first row, or undefined. */
  get(sql: string, parameters?: readonly Value[]): Row | undefined
  /** Every row as an array, in the order of the select list: two columns of one name stay two. */
  values(sql: string, parameters?: readonly Value[]): Value[][]
  /** Runs a statement for its effect. */
  run(sql: string, parameters?: readonly Value[]): RunResult
  /** Runs a script of several statements, without parameters. */
  exec(script: string): void
  /** Closing twice is allowed; using a closed connection is a ConnectionClosedError. */
  close(): void
}
