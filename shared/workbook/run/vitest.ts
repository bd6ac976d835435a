import { loader } from '../loader.ts'

/** Loads vitest, which takes half of the time of a run; nothing of ours may be left to load after it. */
export async function loadVitest(): Promise<typeof import('vitest/node')> {
  await loader.stop()
  return import('vitest/node')
}
