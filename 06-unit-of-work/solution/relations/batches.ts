/**
 * Cuts a list into pieces, so that each has room in one statement.
 *
 * @example
 * batchesOf([1, 2, 3, 4, 5], 2) // [[1, 2], [3, 4], [5]]
 */
export function batchesOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  if (items.length <= size) return items.length === 0 ? [] : [items]
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}
