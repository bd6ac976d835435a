import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

export interface Finished {
  /** The exit code; null when a signal ended the process. */
  readonly status: number | null
  /** What it printed, both streams in the order in which they arrived. */
  readonly output: string
  readonly timedOut: boolean
}

export interface Limits {
  readonly cwd: string
  /** The whole process tree is ended after so many seconds. */
  readonly seconds: number
  readonly env?: NodeJS.ProcessEnv
  /** Only the last characters of the output are kept, about so many: a program may print for ever. */
  readonly keep?: number
}

/** Runs a program without a shell and without a terminal, and waits until it has ended or its time is up. */
export function runProgram(command: string, args: readonly string[], limits: Limits) {
  return new Promise<Finished>((resolve, reject) => {
    const { cwd, seconds, env, keep = Number.POSITIVE_INFINITY } = limits
    const child = spawn(command, args, { cwd, env: plainEnvironment(env), ...ownGroup })
    const output = new Output(keep)
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      endTree(child)
    }, seconds * 1000)
    watch(child)
    child.stdout?.on('data', (chunk: Buffer) => output.add(chunk))
    child.stderr?.on('data', (chunk: Buffer) => output.add(chunk))
    child.once('error', reject)
    child.once('exit', () => endTree(child)) // what it left running would hold the pipes open
    child.once('close', (status) => {
      clearTimeout(timer)
      resolve({ status, output: output.text(), timedOut })
    })
  })
}

/** What a program prints, or the end of it. */
class Output {
  readonly #keep: number
  #chunks: Buffer[] = []
  #size = 0

  constructor(keep: number) {
    this.#keep = keep
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size > 2 * this.#keep) this.#cut()
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString()
  }

  #cut() {
    const end = Buffer.from(Buffer.concat(this.#chunks).subarray(-this.#keep))
    this.#chunks = [end]
    this.#size = end.length
  }
}

/** A group of its own makes one signal reach all descendants; Windows has `taskkill /T` for that. */
export const ownGroup = { detached: process.platform !== 'win32', windowsHide: true } as const

/** No colours, no cursor tricks, and none of the caller's own test run inside the child's. */
export function plainEnvironment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _colour, NODE_V8_COVERAGE: _coverage, ...outer } = process.env
  const inherited = Object.entries(outer).filter(([name]) => !/^(VITEST|WORKBOOK)/.test(name))
  return { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env }
}

/** Ends a process and all its descendants, at once. Does nothing when they have ended. */
export function endTree(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') endTreeOnWindows(child)
    else process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function endTreeOnWindows(child: ChildProcess) {
  if (child.exitCode === null) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'])
}

interface AtTheEnd {
  readonly alive: Set<ChildProcess>
  readonly cleaners: Set<() => void>
}

/**
 * Children in a group of their own do not hear Ctrl-C, so it is passed on to them here. Test files have modules of their own,
 * and there is one process: without a place for all of them, each would listen again.
 */
const place: unique symbol = Symbol.for('orm-workbook.at-the-end') as never
const atTheEnd = () => (globalThis as { [place]?: AtTheEnd })[place]

export function watch(child: ChildProcess): void {
  const { alive } = listen()
  alive.add(child)
  child.once('close', () => alive.delete(child))
}

/** Runs `clean` when this process ends, also after Ctrl-C. Gives a function that runs it now. */
export function cleanUp(clean: () => void): () => void {
  const { cleaners } = listen()
  cleaners.add(clean)
  return () => {
    if (cleaners.delete(clean)) clean()
  }
}

function listen(): AtTheEnd {
  const known = atTheEnd()
  if (known) return known
  const end: AtTheEnd = { alive: new Set(), cleaners: new Set() }
  Object.assign(globalThis, { [place]: end })
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  process.once('exit', () => {
    for (const child of end.alive) endTree(child)
    for (const clean of end.cleaners) clean()
  })
  return end
}
