import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'

/**
 * A value as it is written into SQL. DDL takes no parameters, so it has to be: quotes are doubled.
 *
 * @example
 * literal("O'Malley", sqlite) // 'O''Malley'
 */
export function literal(value: Value, dialect: Dialect): string {
  if (value instanceof Uint8Array) return bytes(Buffer.from(value).toString('hex'), dialect)
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return value === null ? 'NULL' : String(value)
}

const bytes = (hex: string, { name }: Dialect) => (name === 'sqlite' ? `X'${hex}'` : `'\\x${hex}'`)
