import type { Value } from '#shared/driver/driver'

/**
 * A value of the database as JSON can say it. What JSON has no word for gets one, so that no two values are spelled alike.
 *
 * @example
 * spelled(7)                  // 7
 * spelled(7n)                 // { bigint: '7' }
 * spelled(Uint8Array.of(255)) // { bytes: '_w' }
 */
export function spelled(value: Value): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64url') }
  return value
}

/** The way back; undefined for what spells no value. */
export function unspelled(part: unknown): Value | undefined {
  if (typeof part !== 'object' || part === null) return part as Value
  const { bigint, number, bytes } = part as Record<string, unknown>
  if (typeof bigint === 'string' && /^-?\d+$/.test(bigint)) return BigInt(bigint)
  if (typeof number === 'string') return Number(number)
  if (typeof bytes === 'string') return Uint8Array.from(Buffer.from(bytes, 'base64url'))
  return undefined
}
