import { heading, shownPath, taskFile, taskLink, taskNumber } from '../link.ts'
import type { Paint } from '../paint.ts'
import {
  firstFailure,
  isGreen,
  isTodo,
  type Run,
  type TestOutcome,
  taskIdOf,
  taskInTheWay,
} from '../run/outcome.ts'
import { isWritten } from '../select.ts'
import { type Stage, stages, type Task } from '../stages.ts'
import { ownFrame } from './failure.ts'
import { wrap } from './layout.ts'

/** The last lines of a report: what to do now. */
export function nextSteps(run: Run, paint: Paint): string[] {
  if (isGreen(run)) return run.task ? afterTask(run, run.task, paint) : afterStage(run, paint)
  if (run.tests.length === 0 && run.broken.length === 0 && !run.stopped) return noTests(run)
  if (run.side === 'solution')
    return [`Run it again: ${command(run)} --verbose shows every failure.`]
  return isPristine(run) ? atTheStart(run, paint) : afterFailure(run, paint)
}

/** Whether nothing was written yet: every task is open, and every test of one stops at a TODO. */
function isPristine({ stage, tests, starter }: Run): boolean {
  const ofTasks = tests.filter(({ taskId }) => taskId !== undefined)
  const untouched = stage.tasks.every(({ id }) => starter.open.includes(id))
  return untouched && ofTasks.length > 0 && ofTasks.every(({ failure }) => isTodo(failure))
}

function afterTask(run: Run, task: Task, paint: Paint): string[] {
  const following = run.stage.tasks.find(({ id }) => id > task.id)
  const done = paint('green', `${heading(task)} is done.`)
  if (!following)
    return [`${done} It is the last of the stage: npm test -- ${run.stage.number} runs them all.`]
  return [`${done} Next: ${heading(following)}`, `  ${taskLink(run.stage, following)}`]
}

function afterStage({ stage, side }: Run, paint: Paint): string[] {
  if (side === 'solution')
    return [paint('green', `The solution of stage ${stage.number} is green.`)]
  return [
    paint('green', `Stage ${stage.number} is done: all tests are green.`),
    ...(stage.learnt ? wrap(`What you know now: ${stage.learnt}`) : []),
    '',
    ...afterwards(stage),
    `Other ways to solve it: npm run diff -- ${stage.number} --mine, and npm run hint -- ${stage.number}.1`,
  ]
}

function afterwards(stage: Stage): string[] {
  const next = stages[stages.indexOf(stage) + 1]
  if (!next) return ['That was the last stage. You have built an ORM.']
  if (!isWritten(next)) return [`Stage ${next.number} (${next.title}) is not written yet.`]
  return [`Next: stage ${next.number}, ${next.title}: ${next.builds}`, `  ${next.folder}/README.md`]
}

function noTests(run: Run): string[] {
  const what = run.task ? `${heading(run.task)} of ${run.stage.folder}` : run.stage.folder
  return [
    `No test ran: there are none for ${what} in ${run.stage.folder}/tests. That is an error, not a success.`,
  ]
}

function atTheStart(run: Run, paint: Paint): string[] {
  const test = firstFailure(run)
  const needed = test && taskInTheWay(run, test)
  const task = needed ?? run.task ?? run.stage.tasks[0]
  if (!task) return []
  return [
    paint(
      'yellow',
      'Red is where everyone starts: nothing is written yet, and each test says what is missing.',
    ),
    `Begin with ${heading(task)}${needed && run.task ? ` (Task ${run.task.id} needs it)` : ''}`,
    `  read  ${taskLink(run.stage, task)}`,
    `  edit  ${taskFile(run.stage, task)}`,
    ...hintLine(run.stage, task),
  ]
}

function afterFailure(run: Run, paint: Paint): string[] {
  const test = firstFailure(run)
  const needed = test && !run.stopped && taskInTheWay(run, test)
  if (needed) return firstThat(run.stage, needed, paint)
  const task = run.stage.tasks.find(({ id }) => id === taskToMend(run, test))
  const step = stepOf(run, test, task)
  const file = fileToEdit(run, task)
  return [
    `${paint('bold', 'Next:')} ${step}${file ? ` in ${file}` : ''}, then ${command(run)}`,
    ...(task ? [`  read  ${taskLink(run.stage, task)}`, ...hintLine(run.stage, task)] : []),
  ]
}

function firstThat(stage: Stage, task: Task, paint: Paint): string[] {
  return [
    `This test needs Task ${task.id}, which is not written yet.`,
    `${paint('bold', 'Next:')} write ${heading(task)} in ${taskFile(stage, task)}, then npm test -- ${taskNumber(stage, task)}`,
    `  read  ${taskLink(stage, task)}`,
    ...hintLine(stage, task),
  ]
}

/** A task whose todo() is still there is finished first: what it gave wrongly may be what is missing. */
function stepOf(run: Run, test: TestOutcome | undefined, task: Task | undefined): string {
  if (!task || run.stopped || run.broken.length > 0) return 'mend this'
  if (isTodo(test?.failure)) return `write ${heading(task)}`
  return run.starter.open.includes(task.id) ? `finish ${heading(task)}` : 'mend this'
}

/** When the run was stopped, what failed before that matters less. */
function taskToMend({ stopped, task }: Run, test: TestOutcome | undefined): number | undefined {
  return taskIdOf(stopped?.test ?? '') ?? test?.taskId ?? task?.id
}

/** What fails in a test is mended in the file of its task; what fails outside of tests, where it was thrown. */
function fileToEdit(run: Run, task: Task | undefined): string | undefined {
  const loose = run.broken[0]?.failure ?? (firstFailure(run) ? undefined : run.unhandled[0])
  const frame = loose && ownFrame(run, loose, undefined)
  if (frame) return shownPath(frame.file)
  return task && taskFile(run.stage, task)
}

const hintLine = (stage: Stage, task: Task) => [
  `  stuck? npm run hint -- ${taskNumber(stage, task)}`,
]

function command({ stage, task, side }: Run): string {
  const what = task ? taskNumber(stage, task) : stage.number
  return `npm test -- ${what}${side === 'solution' ? ' --solution' : ''}`
}
