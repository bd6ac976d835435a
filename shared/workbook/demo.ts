import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './root.ts'
import type { Side } from './run/vitest-options.ts'
import { needSolution } from './solution.ts'
import type { Stage } from './stages.ts'
import { UsageError } from './usage.ts'

/**
 * Runs a stage's demo as a program of its own, on this terminal.
 *
 * @returns its exit code
 * @throws {UsageError} when the stage has no demo, or not the side that is asked for
 */
export async function runDemo(stage: Stage, side: Side, args: readonly string[]): Promise<number> {
  const demo = join(root, stage.folder, 'demo.ts')
  if (!existsSync(demo)) {
    throw new UsageError(`Stage ${stage.number} (${stage.title}) has no demo yet.`)
  }
  if (side === 'solution') needSolution(stage)
  const conditions = side === 'solution' ? ['--conditions=solution'] : []
  // tsx is given by its address: this program was found from the course, the demo may be run from anywhere.
  const imports = [
    import.meta.resolve('tsx'),
    pathToFileURL(join(root, 'shared', 'workbook', 'demo-errors.ts')).href,
  ]
  const flags = imports.flatMap((address) => ['--import', address])
  return finish(
    spawn(process.execPath, [...flags, ...conditions, demo, ...args], { stdio: 'inherit' }),
  )
}

/** Ctrl-C reaches the demo too, so this process only waits for what the demo makes of it. */
function finish(child: ReturnType<typeof spawn>): Promise<number> {
  const ignore = () => {}
  const forward = () => child.kill('SIGTERM')
  process.on('SIGINT', ignore)
  process.on('SIGTERM', forward)
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']),
    )
  }).finally(() => {
    process.off('SIGINT', ignore)
    process.off('SIGTERM', forward)
  })
}
