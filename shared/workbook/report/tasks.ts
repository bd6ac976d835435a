import { heading } from '../link.ts'
import type { Paint } from '../paint.ts'
import { isTodo, type Run, type TestOutcome, taskInTheWay } from '../run/outcome.ts'

/** The tests of one task; those of given code have no id. */
export interface TaskResult {
  readonly id: number | undefined
  readonly title: string
  readonly tests: readonly TestOutcome[]
  readonly passed: number
}

/** The tasks of a run in their order, each with its tests, also when none of them ran. */
export function taskResults(run: Run): TaskResult[] {
  const tasks = run.task ? [run.task] : run.stage.tasks
  const rows = tasks.map((task) => result(task.id, heading(task), run.tests))
  const rest = run.tests.filter(({ taskId }) => !tasks.some((task) => task.id === taskId))
  return rest.length ? [...rows, given(rest)] : rows
}

/** One line a task: `✓ Task 1: declare a class   4 of 4`. With `verbose`, every test below its task. */
export function taskTable(run: Run, verbose: boolean, paint: Paint): string[] {
  const results = taskResults(run)
  const width = Math.max(...results.map(({ title }) => title.length))
  return results.flatMap((task) => {
    const row = `${mark(isDone(task), paint)} ${task.title.padEnd(width)}  ${count(run, task, paint)}`
    return verbose ? [row, ...task.tests.map((test) => testRow(test, paint))] : [row]
  })
}

export const isDone = ({ tests, passed }: TaskResult) => tests.length > 0 && passed === tests.length

/** Whether every test of a task stops at a TODO: its own, or that of a task it needs. */
const stopsAtTodo = ({ tests }: TaskResult) =>
  tests.length > 0 && tests.every(({ failure }) => isTodo(failure))

function result(id: number | undefined, title: string, all: readonly TestOutcome[]): TaskResult {
  const tests = all.filter((test) => test.taskId === id)
  return { id, title, tests, passed: passedOf(tests) }
}

function given(tests: readonly TestOutcome[]): TaskResult {
  return { id: undefined, title: 'Given code', tests, passed: passedOf(tests) }
}

const passedOf = (tests: readonly TestOutcome[]) =>
  tests.filter(({ status }) => status === 'pass').length

function count(run: Run, task: TaskResult, paint: Paint): string {
  if (task.tests.length === 0) return paint('dim', run.stopped ? 'no word' : 'did not run')
  const stop = stoppedAt(run, task)
  if (stop >= 0) return `stopped after ${stop} of ${task.tests.length}`
  const text = `${task.passed} of ${task.tests.length}`
  const state = stateOf(run, task)
  return state ? `${text}  ${paint('dim', state)}` : text
}

/** How many tests of the task had run when the process was lost: its own counts are lost with it. */
function stoppedAt({ stopped }: Run, { tests }: TaskResult): number {
  return stopped ? tests.findIndex(({ name }) => name === stopped.test) : -1
}

/** A task that is written may wait for another. */
function stateOf(run: Run, task: TaskResult): string {
  const { id, tests, passed } = task
  if (isDone(task)) return ''
  if (id !== undefined && run.starter.open.includes(id))
    return passed === 0 ? 'not written yet' : 'not finished yet'
  if (!stopsAtTodo(task)) return ''
  const [other] = tests.flatMap((test) => taskInTheWay(run, test) ?? [])
  return other ? `waits for Task ${other.id}` : ''
}

function testRow({ status, name }: TestOutcome, paint: Paint): string {
  return `    ${mark(status === 'pass', paint)} ${name.split(' › ').slice(1).join(' › ')}`
}

const mark = (good: boolean, paint: Paint) => (good ? paint('green', '✓') : paint('red', '✗'))
