import { join } from 'node:path'
import type { TestSequencer, TestSpecification, TestUserConfig } from 'vitest/node'
import { root } from '../root.ts'
import { inTaskOrder } from '../select.ts'
import { moduleCache } from './module-cache.ts'

/** Which of the two versions of a stage is meant: what the learner writes, or the finished one. */
export type Side = 'starter' | 'solution'

/** The first task first; vitest would begin with the file that failed last, or the largest. */
class TaskOrder implements TestSequencer {
  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => inTaskOrder(a.moduleId, b.moduleId))
  }

  async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files
  }
}

/**
 * What all test runs have in common.
 *
 * Processes, not threads: a wrong pointer in stage 01 must not take the reporter down with it. One process for all files,
 * because starting one costs more than most files take; shared/testing/setup.ts gives each file modules of its own.
 */
export const testOptions = {
  pool: 'forks',
  isolate: false,
  experimental: { fsModuleCache: true, fsModuleCachePath: moduleCache },
  setupFiles: [join(root, 'shared', 'testing', 'setup.ts')],
  sequence: { sequencer: TaskOrder },
  allowOnly: false,
  // What a learner logs appears at once, and also when the test never ends.
  disableConsoleIntercept: true,
} satisfies TestUserConfig

/** `#stage/…` leads to the solutions under the condition `solution`, and to the starters otherwise. */
export function conditionsOf(side: Side): { resolve: { conditions: string[] } } {
  const common = ['node', 'module', 'development|production']
  return { resolve: { conditions: side === 'solution' ? ['solution', ...common] : common } }
}
