import { heading, taskFile, taskLink, taskNumber } from './link.ts'
import type { Paint } from './paint.ts'
import { firstOpenTask, isGreenTask, type Progress } from './progress.ts'
import { isWritten } from './select.ts'
import { type Stage, stages } from './stages.ts'

/** The ten stages, how far the learner has come in each, and the next thing to do. */
export function courseMap(progress: Progress, paint: Paint): string {
  const rows = stages.map((stage) => row(stage, progress, paint))
  return [
    '',
    paint('bold', 'How ORMs work, learnt by building one'),
    '',
    ...rows,
    '',
    ...nextStep(progress, paint),
    '',
  ].join('\n')
}

function row(stage: Stage, progress: Progress, paint: Paint): string {
  const state = isWritten(stage)
    ? bar(stage, progress, paint)
    : paint('dim', 'not written yet'.padEnd(19))
  return `  ${stage.number}  ${stage.title.padEnd(16)}  ${state}  ${stage.builds}`
}

/** `████░░░░░░  2 of 5`: one tenth is one tenth of the tasks. */
function bar(stage: Stage, progress: Progress, paint: Paint): string {
  const total = stage.tasks.length
  const done = stage.tasks.filter((task) => isGreenTask(stage, task, progress)).length
  const full = Math.floor((done / total) * 10)
  const blocks = paint('green', '█'.repeat(full)) + paint('dim', '░'.repeat(10 - full))
  return `${blocks}  ${`${done} of ${total}`.padEnd(7)}`
}

function nextStep(progress: Progress, paint: Paint): string[] {
  const stage = nextStage(progress)
  const task = stage && firstOpenTask(stage, progress)
  if (!stage || !task) return noStep()
  const isBegun = progress.stages[stage.number] !== undefined
  return [
    `${paint('bold', 'Next:')} stage ${stage.number}, ${isBegun ? heading(task) : `${stage.title} (about ${stage.time})`}`,
    `  read  ${isBegun ? taskLink(stage, task) : `${stage.folder}/README.md`}`,
    `  edit  ${taskFile(stage, task)}`,
    `  run   npm test -- ${isBegun ? taskNumber(stage, task) : stage.number}`,
    `  see   npm start -- ${stage.number} --solution  what you will have at the end`,
  ]
}

/** One may begin anywhere: the stage worked on last goes on, then come those after it, and at the end those before it. */
function nextStage(progress: Progress): Stage | undefined {
  const last = Math.max(
    0,
    stages.findIndex(({ number }) => number === progress.last),
  )
  const inOrder = [...stages.slice(last), ...stages.slice(0, last)]
  return inOrder.find((stage) => isWritten(stage) && firstOpenTask(stage, progress))
}

function noStep(): string[] {
  if (!stages.some(isWritten)) return ['No stage is written yet.']
  return [
    'Every stage that is written is green. npm test runs the solutions, npm run diff compares.',
  ]
}
