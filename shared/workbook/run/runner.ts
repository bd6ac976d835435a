import { sep } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { PoolRunnerInitializer, Vitest } from 'vitest/node'
import { root } from '../root.ts'
import { type Selection, testFiles } from '../select.ts'
import { collectBroken, collectTests, collectUnhandled } from './collect.ts'
import { Ending } from './ending.ts'
import { trimModuleCache } from './module-cache.ts'
import { type Note, openNote } from './note.ts'
import type { Run, Stopped } from './outcome.ts'
import { readStarter } from './starter.ts'
import { loadVitest } from './vitest.ts'
import { conditionsOf, type Side, testOptions } from './vitest-options.ts'
import { Watchdog } from './watchdog.ts'

/** Runs the tests of one selection, as often as asked. */
export interface Runner {
  run(): Promise<Run>
  /** Gets ready for the next run, which then begins sooner. */
  prepare(): void
  /** Tells that a file was saved, so that the next run reads it again. */
  invalidate(file: string): void
  close(): Promise<void>
}

/** Opens vitest for the tests of a stage or a task, without its configuration file and its output. */
export async function openRunner(selection: Selection, side: Side): Promise<Runner> {
  trimModuleCache()
  const { createVitest, ForksPoolWorker } = await loadVitest()
  const note = openNote()
  const ending = new Ending()
  const watchdog = new Watchdog(note, ending)
  const pool = ending.pool(ForksPoolWorker)
  const vitest = await createVitest('test', options(note, watchdog, pool), overrides(side), {
    stderr: ending.errors,
  })
  return {
    run: async () => {
      const result = await run(vitest, selection, side, watchdog)
      if (!isTrusted(result)) await ending.endProcess()
      return result
    },
    prepare: () => ending.prepare(),
    invalidate: (file) => invalidate(vitest, file.split(sep).join('/')),
    close: async () => {
      await ending.close()
      await vitest.close()
      note.remove()
    },
  }
}

/** A wrong pointer of stage 01, or work that goes on after its test, may do its damage in the next run. */
const isTrusted = ({ stage, unhandled, stopped }: Run) =>
  stage.number !== '01' && unhandled.length === 0 && !stopped

/** Here and in the process of the tests. */
function invalidate(vitest: Vitest, file: string): void {
  vitest.invalidateFile(file)
  vitest.watcher.invalidates.add(file)
}

function options(note: Note, watchdog: Watchdog, pool: PoolRunnerInitializer) {
  return {
    ...testOptions,
    pool,
    config: false as const,
    root,
    watch: false,
    maxWorkers: 1,
    includeTaskLocation: true,
    env: { WORKBOOK_RUNNING: note.file },
    reporters: [watchdog],
  }
}

function overrides(side: Side) {
  return { ssr: conditionsOf(side), server: { watch: null }, logLevel: 'silent' as const }
}

async function run(
  vitest: Vitest,
  selection: Selection,
  side: Side,
  watchdog: Watchdog,
): Promise<Run> {
  const specifications = testFiles(selection).map((file) =>
    vitest.getRootProject().createSpecification(file),
  )
  const stopped = watchdog.start()
  const finished = vitest.runTestSpecifications(specifications, true).then(() => undefined)
  const outcome = await Promise.race([stopped, finished])
  // vitest notices the end of its worker by itself, and must have done so before it can be closed.
  if (outcome) await atMost(5000, finished)
  watchdog.stop()
  const death = outcome ?? (hasDied(vitest) ? await watchdog.died() : undefined)
  return collect(vitest, selection, side, death)
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController()
  const late = setTimeout(milliseconds, undefined, { signal: timer.signal }).catch(() => {})
  await Promise.race([work, late])
  timer.abort()
}

function collect(
  vitest: Vitest,
  selection: Selection,
  side: Side,
  stopped: Stopped | undefined,
): Run {
  const modules = vitest.state.getTestModules()
  const unhandled = collectUnhandled(vitest.state.getUnhandledErrors())
  return {
    ...selection,
    side,
    tests: collectTests(modules),
    broken: collectBroken(modules),
    unhandled: stopped ? [] : unhandled,
    starter: readStarter(selection.stage),
    ...(stopped && { stopped }),
  }
}

/** vitest reports the death of its worker as an error that no test has caught. */
const hasDied = (vitest: Vitest) =>
  vitest.state
    .getUnhandledErrors()
    .some((error) => (error as Error).message?.startsWith('[vitest-pool]'))
