import type { Reporter } from 'vitest/node'
import type { Ending } from './ending.ts'
import type { Note } from './note.ts'
import type { Stopped } from './outcome.ts'

const patience = Number(process.env.WORKBOOK_PATIENCE ?? 20)

/** Listens to a run and ends it when nothing has been heard for a while: an endless loop cannot be interrupted from inside. */
export class Watchdog implements Reporter {
  readonly #note: Note
  readonly #ending: Ending
  #timer: NodeJS.Timeout | undefined
  #report: (stopped: Stopped) => void = () => {}

  constructor(note: Note, ending: Ending) {
    this.#note = note
    this.#ending = ending
  }

  /** Resolves only when the run had to be ended. */
  start(): Promise<Stopped> {
    return new Promise((resolve) => {
      this.#report = resolve
      this.#listen()
    })
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  onTestModuleQueued(): void {
    this.#listen()
  }

  onTestModuleCollected(): void {
    this.#listen()
  }

  onTestModuleEnd(): void {
    this.#listen()
  }

  onTestCaseReady(): void {
    this.#listen()
  }

  onTestCaseResult(): void {
    this.#listen()
  }

  #listen(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end(), patience * 1000)
  }

  /** What was running when the process went away by itself. */
  async died(): Promise<Stopped> {
    await this.#ending.closed
    const { signal, lastWords } = this.#ending
    return { ...this.#stopped('died'), lastWords, ...(signal && { signal }) }
  }

  #end(): void {
    const { pid } = this.#note.read()
    if (pid !== undefined) kill(pid)
    this.#report(this.#stopped('silent'))
  }

  #stopped(reason: Stopped['reason']): Stopped {
    const { file, test } = this.#note.read()
    return { reason, file, test, seconds: patience }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it is gone already
  }
}
