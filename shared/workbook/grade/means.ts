import { availableParallelism, freemem } from 'node:os'

/** What one run takes at its peak: the command, vitest and the test process of the largest stage. */
export const megabytesOfARun = 700

/** How many runs this machine can bear at once: one for each processor, and no more than the free memory holds. */
export function jobsFor(processors: number, freeMegabytes: number): number {
  return Math.max(1, Math.min(processors, Math.floor(freeMegabytes / megabytesOfARun)))
}

export const usualJobs = (): number => jobsFor(availableParallelism(), freeMemory() / 2 ** 20)

/** A container may have less than its machine: Node knows both. */
function freeMemory(): number {
  return Math.min(freemem(), process.availableMemory())
}

/** Does the work `jobs` at a time. The results are in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  jobs: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await run(item)
  }
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker))
  return results
}
