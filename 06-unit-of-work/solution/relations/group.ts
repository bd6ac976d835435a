/** A key as a Map can compare it. */
export type GroupKey = string | number | bigint

/**
 * The same key for the same value, whatever the column that held it: 1 and 1n meet, 1 and '1' do not.
 * A Map compares objects by identity, so dates and bytes become text.
 */
export function groupKey(value: unknown): GroupKey {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return value as GroupKey
}

const isSafe = (value: bigint) => Number.isSafeInteger(Number(value))

/**
 * Puts things with the same key together, in one walk over them. Each group keeps their order.
 *
 * @example
 * groupBy(posts, (post) => post.userId) // Map { 1 => [Post, Post], 2 => [Post] }
 */
export function groupBy<T>(things: Iterable<T>, keyOf: (thing: T) => unknown): Map<GroupKey, T[]> {
  const groups = new Map<GroupKey, T[]>()
  for (const thing of things) {
    const key = groupKey(keyOf(thing))
    const group = groups.get(key)
    if (group) group.push(thing)
    else groups.set(key, [thing])
  }
  return groups
}
