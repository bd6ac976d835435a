import type { Dialect } from '#shared/driver/dialect'

/** What a transaction sees of others that run at the same time, from the least to the most careful. */
export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

export interface TransactionOptions {
  /** PostgreSQL's usual one is `read committed`. SQLite's transactions are always serializable. */
  readonly isolation?: Isolation
  readonly isReadOnly?: boolean
}

/**
 * How a transaction begins.
 *
 * SQLite is told at once that there will be writes: two that read first and then both want to write could never go on.
 *
 * @example
 * beginStatement({ isolation: 'serializable' }, postgres) // BEGIN ISOLATION LEVEL SERIALIZABLE
 * beginStatement({ isolation: 'serializable' }, sqlite)   // BEGIN IMMEDIATE
 *
 * @see https://www.postgresql.org/docs/current/transaction-iso.html
 */
export function beginStatement(
  { isolation, isReadOnly }: TransactionOptions,
  dialect: Dialect,
): string {
  if (dialect.name === 'sqlite') return isReadOnly ? 'BEGIN' : 'BEGIN IMMEDIATE'
  const words = ['BEGIN']
  if (isolation) words.push('ISOLATION LEVEL', isolation.toUpperCase())
  if (isReadOnly) words.push('READ ONLY')
  return words.join(' ')
}
