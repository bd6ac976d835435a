import assert from 'node:assert/strict'
import type { Contender } from './contender.ts'
import { sqliteSeed } from './data.ts'
import { bytesPerObject, median, time } from './measure.ts'

/** How a table of so many rows was loaded as objects, all at once. */
export interface Growth {
  readonly rows: number
  readonly milliseconds: number
  readonly microsecondsPerRow: number
  readonly bytesPerObject: number | undefined
}

export const sizes = [1_000, 10_000, 100_000, 1_000_000] as const

/** Loads all rows of a table again and again, at least three times: the median counts. */
export async function growthOf(contender: Contender, rows: number): Promise<Growth> {
  const work = await contender.sqlite(sqliteSeed(rows, contender.storedAs))
  assert.equal((await work.loadAll()).length, rows)
  const samples: number[] = []
  for (const start = performance.now(); samples.length < 3 || isEarly(start, samples); )
    samples.push(await time(() => work.loadAll(), 1, 0, 'processor'))
  const microseconds = median(samples)
  return {
    rows,
    milliseconds: microseconds / 1000,
    microsecondsPerRow: microseconds / rows,
    bytesPerObject: await bytesPerObject(work),
  }
}

/** A small table is loaded often, so that it is loaded by compiled code like a large one. */
const isEarly = (start: number, samples: readonly number[]) =>
  performance.now() - start < 1000 && samples.length < 500
