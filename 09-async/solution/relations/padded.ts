/**
 * Keys, with the last one repeated until there are 2, 4, 8, 16, … of them. `IN (1, 2, 3, 3)` finds what `IN (1, 2, 3)` finds,
 * and lists of many lengths share one statement: the database prepares 16 of them at most, not thousands.
 *
 * @param room the most parameters that the statement may have for them
 *
 * @example
 * padded([1, 2, 3], 32_766)       // [1, 2, 3, 3]
 * padded([1, 2, 3, 4, 5], 32_766) // [1, 2, 3, 4, 5, 5, 5, 5]
 */
export function padded<T>(keys: readonly T[], room: number): readonly T[] {
  if (keys.length === 0) return keys
  const length = Math.min(2 ** Math.ceil(Math.log2(keys.length)), room)
  return [...keys, ...Array<T>(length - keys.length).fill(keys.at(-1)!)]
}
