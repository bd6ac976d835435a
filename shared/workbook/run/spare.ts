import { type ChildProcess, fork } from 'node:child_process'

/** What a process is started with. */
export interface Start {
  readonly program: string
  readonly env: Partial<NodeJS.ProcessEnv>
  readonly execArgv: readonly string[]
}

/**
 * The next test process, started while the learner still writes: it costs a third of a short run.
 * It is used only where vitest would start the very same one.
 */
export class Spare {
  #child: ChildProcess | undefined
  #start: Start | undefined

  prepare(start: Start): void {
    const { program, env, execArgv } = start
    this.close()
    this.#start = start
    this.#child = fork(program, [], {
      env: env as NodeJS.ProcessEnv,
      execArgv: [...execArgv],
      stdio: 'pipe',
      serialization: 'advanced',
    })
  }

  take(wanted: Start): ChildProcess | undefined {
    const child = this.#child
    if (!child?.connected || !isSame(this.#start, wanted)) return undefined
    this.#child = undefined
    return child
  }

  close(): void {
    this.#child?.kill()
    this.#child = undefined
  }
}

const isSame = (one: Start | undefined, other: Start) =>
  JSON.stringify(one) === JSON.stringify(other)
