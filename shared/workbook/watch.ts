import { watch as watchFolder } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'
import type { Run } from './run/outcome.ts'
import type { Runner } from './run/runner.ts'
import type { Stage } from './stages.ts'

/** Editors save in several steps; this long after the last one, the file is whole. */
const settled = 10

/** Runs the tests now and after every save in the stage's folder, until the learner quits. */
export async function watch(
  stage: Stage,
  runner: Runner,
  deliver: (run: Run) => void,
): Promise<void> {
  const loop = new Loop(runner, deliver)
  const folder = join(root, stage.folder)
  const watcher = watchFolder(folder, { recursive: true }, (_event, name) => {
    if (name?.endsWith('.ts')) loop.changed(join(folder, name))
  })
  loop.again()
  await quit()
  watcher.close()
  await loop.stop()
}

/** q, Ctrl-C and Ctrl-D, as a terminal in raw mode sends them. */
const quits = ['q', '\u0003', '\u0004']

/** One run at a time: what is saved during a run starts the next one. */
class Loop {
  readonly #runner: Runner
  readonly #deliver: (run: Run) => void
  readonly #changed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(runner: Runner, deliver: (run: Run) => void) {
    this.#runner = runner
    this.#deliver = deliver
  }

  changed(file: string): void {
    this.#changed.add(file)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.again(), settled)
  }

  again(): void {
    if (this.#running) return
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      if (this.#changed.size > 0) this.again()
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#changed.clear()
    await this.#runner.close()
  }

  async #run(): Promise<void> {
    for (const file of this.#changed) this.#runner.invalidate(file)
    this.#changed.clear()
    const run = await this.#runner.run()
    if (this.#stopped) return
    if (process.stdout.isTTY) console.clear()
    this.#deliver(run)
    console.log('Watching. Save a file to run again; q quits.')
    this.#runner.prepare()
  }
}

/** Waits for q, Ctrl-C or a signal. */
function quit(): Promise<void> {
  const { stdin } = process
  if (stdin.isTTY) stdin.setRawMode(true)
  return new Promise<void>((resolve) => {
    stdin.on('data', (keys) => quits.some((key) => String(keys).includes(key)) && resolve())
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.removeAllListeners(signal) // vitest's own would end this process on the spot
      process.once(signal, () => resolve())
    }
  }).finally(() => {
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.destroy() // an open pipe would keep this process alive
  })
}
