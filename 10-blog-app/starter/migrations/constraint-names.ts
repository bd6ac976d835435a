import { createHash } from 'node:crypto'

// Names by one convention: what it is, on which table, over what. A constraint without a name gets one from the database,
// and a file that was written elsewhere does not know it when the constraint has to go.

/** `pk_users` */
export const primaryKeyName = (table: string) => fitting('pk', table)

/** `uq_users_email` */
export const uniqueName = (table: string, columns: readonly string[]) =>
  fitting('uq', table, ...columns)

/** `fk_posts_user_id_users` */
export const foreignKeyName = (table: string, columns: readonly string[], target: string) =>
  fitting('fk', table, ...columns, target)

/** `ck_users_age`: after the column, or after the short name that the declaration gives. */
export const checkName = (table: string, about: string) => fitting('ck', table, about)

/** `ix_posts_user_id`. An expression is no name: what is left of it are its words. */
export const indexName = (table: string, on: readonly string[]) =>
  fitting('ix', table, ...on.map((part) => part.match(/\w+/g)?.join('_') ?? 'expression'))

/**
 * PostgreSQL cuts a name after 63 bytes without an error, and two long names become one.
 * So a longer one is cut here, and ends in a fingerprint of the whole.
 */
function fitting(...parts: readonly string[]): string {
  const name = parts.join('_')
  if (Buffer.byteLength(name) <= 63) return name
  const fingerprint = createHash('sha256').update(name).digest('hex').slice(0, 8)
  const start = Buffer.from(name).subarray(0, 54).toString().replace(/�+$/, '')
  return `${start}_${fingerprint}`
}
