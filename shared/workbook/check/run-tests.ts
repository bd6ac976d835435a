import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { endTree, ownGroup, plainEnvironment, watch } from '../child.ts'
import { type Side, slashed } from './course.ts'

export interface TestResult {
  /** `Task 3: insert a row › leaves out what is undefined` */
  readonly name: string
  /** The outermost describe: `Task 3: insert a row`. */
  readonly group: string
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending'
  readonly error: { readonly name: string; readonly message: string } | undefined
}

export interface FileResult {
  readonly file: string
  /** `hung`: it was still running when its time was up; `crashed`: its process ended before its tests did. */
  readonly state: 'ran' | 'hung' | 'crashed'
  readonly tests: readonly TestResult[]
  /** Errors outside of tests: the file did not load, a hook failed. */
  readonly errors: readonly string[]
}

export interface TestRun {
  readonly files: readonly FileResult[]
  /** Errors that belong to no test: a rejection that nobody awaited, a process that broke down. */
  readonly strays: readonly string[]
}

export interface Order {
  readonly root: string
  readonly side: Side
  readonly files: readonly string[]
  readonly isolate: boolean
  readonly keep: boolean
  /** Only these tests, by their full names; all when it is left out. */
  readonly only?: readonly string[]
}

export type Message =
  | { readonly kind: 'started'; readonly file: string }
  | { readonly kind: 'ended'; readonly result: FileResult }
  | { readonly kind: 'done'; readonly errors: readonly string[] }

export interface RunOptions {
  /** Seconds that one test file may take. The slowest honest one takes a tenth of the default. */
  readonly seconds?: number
  /** A process for each file, for code that may break more than its own test. */
  readonly isolate?: boolean
  /** Whether the translated files are kept for the next run. Not worth it for files that no run will meet again. */
  readonly keep?: boolean
  /** Only the tests with these full names. The others count as skipped. */
  readonly only?: readonly string[]
}

/**
 * Runs test files (absolute paths) of the course in `root` on one side, in a process of their own.
 *
 * A file that does not come to an end is reported as `hung` and the rest is run again without it:
 * one endless loop costs its time limit and nothing else.
 */
export async function runTests(
  root: string,
  side: Side,
  files: readonly string[],
  { seconds = 30, isolate = false, keep = true, only }: RunOptions = {},
): Promise<TestRun> {
  const wanted = files.map(slashed)
  const results = new Map<string, FileResult>()
  const strays: string[] = []
  for (let rest = wanted; rest.length > 0; rest = wanted.filter((file) => !results.has(file))) {
    const order = { root, side, files: rest, isolate, keep, ...(only && { only }) }
    const round = await runOnce(order, seconds * 1000)
    for (const result of round.files) results.set(result.file, result)
    strays.push(...round.strays)
    if (!round.files.length)
      throw new Error(`vitest found none of these files:\n${rest.join('\n')}`)
  }
  return { files: wanted.map((file) => results.get(file) as FileResult), strays }
}

function runOnce(order: Order, limit: number) {
  return new Promise<TestRun>((resolve, reject) => {
    const run = new Run(order.files)
    const child = startChild(order)
    const errors: Buffer[] = []
    const clock = setInterval(() => run.hasHungFor(limit) && endTree(child), 200)
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
    child.on('message', (message: Message) => run.note(message))
    child.once('error', reject)
    child.once('exit', () => endTree(child))
    child.once('close', () => {
      clearInterval(clock)
      if (run.nothingHappened) reject(new Error(Buffer.concat(errors).toString()))
      else resolve({ files: run.results(limit), strays: run.strays })
    })
    child.send(order)
  })
}

function startChild({ root }: Order): ChildProcess {
  const child = fork(fileURLToPath(new URL('run-tests-child.ts', import.meta.url)), {
    cwd: root,
    execArgv: ['--import', 'tsx'],
    env: plainEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...ownGroup,
  })
  watch(child)
  return child
}

/** What is known of one run of vitest: it may end in the middle. */
class Run {
  readonly #ended = new Map<string, FileResult>()
  readonly #started = new Map<string, number>()
  readonly #files: readonly string[]
  strays: readonly string[] = []
  #stopped = 0
  #done = false

  constructor(files: readonly string[]) {
    this.#files = files
  }

  note(message: Message) {
    if (message.kind === 'started') this.#started.set(message.file, Date.now())
    if (message.kind === 'ended') this.#ended.set(message.result.file, message.result)
    if (message.kind === 'done') {
      this.#done = true
      this.strays = message.errors
    }
  }

  get nothingHappened() {
    return this.#started.size === 0 && !this.#done
  }

  hasHungFor(limit: number): boolean {
    if (this.#unfinished(limit).length > 0) this.#stopped ||= Date.now()
    return this.#stopped > 0
  }

  /** Files that had not begun, or had some time left when another one hung, are left out: they run again. */
  results(limit: number): FileResult[] {
    const state = this.#stopped ? 'hung' : 'crashed'
    const lost = this.#stopped ? this.#unfinished(limit) : this.#unfinished(0)
    const errors = this.strays.length ? this.strays : ['the process of the tests ended by itself']
    const cut = lost.map((file): FileResult => ({ file, state, tests: [], errors }))
    return [...this.#ended.values(), ...cut]
  }

  #unfinished(limit: number) {
    const now = this.#stopped || Date.now()
    return this.#files.filter((file) => {
      const started = this.#started.get(file)
      return started !== undefined && !this.#ended.has(file) && now - started >= limit
    })
  }
}
