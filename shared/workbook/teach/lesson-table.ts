import { fencesOf } from '../check/markdown.ts'
import { heading, taskNumber } from '../link.ts'
import type { Stage, Task } from '../stages.ts'
import type { Kit } from './kit.ts'
import { minutesOf, type Plan, pace, type Step, taskOf } from './plan.ts'

/** A plan as a table with the minute at which each step begins, and the homework. */
export function lessonTable(kit: Kit, plan: Plan): string[] {
  let at = 0
  const rows = plan.steps.map((step) => {
    const row = `| ${clock(at)} | ${step.minutes} | ${told(kit, plan, step)} |`
    at += step.minutes
    return row
  })
  return [
    `## ${plan.minutes} minutes`,
    ['| at | min | what |', '| --- | --- | --- |', ...rows].join('\n'),
    ...homework(kit, plan),
  ]
}

/** 0:05 */
const clock = (minutes: number) =>
  `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`

function told(kit: Kit, plan: Plan, step: Step): string {
  const { stage } = kit
  const { number } = stage
  switch (step.kind) {
    case 'opening':
      return `**Where we go.** Run the finished stage: \`npm start -- ${number} --solution\`. Let them look; explain nothing yet.`
    case 'pain':
      return pain(kit)
    case 'picture':
      return '**The picture.** Draw it, and name the terms. They come back in every task.'
    case 'vote':
      return `**Predict.** ${step.question?.question}`
    case 'task':
      return `**Live: ${nameOf(step.task)}** ${[...broughtBefore(kit, plan, step), `Then \`npm test -- ${numberOf(stage, step.task)}\`.`].join(' ')}`
    case 'wrong':
      return wrong(step)
    case 'pause':
      return '**Pause.** Windows open, and who is behind copies what is finished.'
    case 'alone':
      return `**Alone or in pairs: ${nameOf(step.task)}** ${putBack(plan, step, number)}Walk round. \`npm run hint -- ${numberOf(stage, step.task)}\` gives a nudge, and then a bigger one.`
    case 'closing':
      return '**To take home.** Everybody writes one sentence: what do you know now that you did not know before? Collect them. Then questions, and the homework.'
  }
}

function pain({ lesson, stage }: Kit): string {
  const commands = fencesOf(lesson.pain).filter(({ language }) => language === 'sh')
  const program = commands.flatMap(({ lines }) => lines).find((line) => line.includes('pain.ts'))
  const run = program ? `Run \`${program}\`.` : `Show it in \`${stage.folder}/README.md\`.`
  return `**The pain.** ${run} Let them say what is wrong.`
}

/** A file that was copied from the solution holds no gap any more. */
function putBack({ live }: Plan, { task }: Step, number: string): string {
  const wasCopied = task && task.id < (live.at(-1)?.id ?? 0)
  return wasCopied ? `\`npm run reset -- ${number} ${task.file}\` brings its gaps back. ` : ''
}

const nameOf = (task: Task | undefined) => (task ? `${heading(task)}.` : '')
const numberOf = (stage: Stage, task: Task | undefined) => (task ? taskNumber(stage, task) : '')

function wrong({ mistake }: Step): string {
  return `**Wrong on purpose:** ${mistake?.name.replaceAll('-', ' ')}. Ask: ${mistake?.ask}`
}

/** What the room takes from the solution because it is not typed together: the files of the tasks since the last one. */
function broughtBefore({ stage }: Kit, { live }: Plan, { task }: Step): string[] {
  if (!task) return []
  const last = live[live.indexOf(task) - 1]?.id ?? 0
  const skipped = stage.tasks.filter(({ id }) => id > last && id < task.id)
  const own = new Set(live.map(({ file }) => file))
  const files = [...new Set(skipped.map(({ file }) => file))]
  const copied = files.filter((file) => !own.has(file)).map((file) => `\`${file}\``)
  const shared = skipped.filter(({ file }) => own.has(file)).map(heading)
  return [
    ...(copied.length ? [`First copy from the solution: ${copied.join(', ')}.`] : []),
    ...(shared.length ? [`First paste ${shared.join(' and ')} from below.`] : []),
  ]
}

function homework(kit: Kit, { live, alone }: Plan): string[] {
  const { stage } = kit
  const lastLive = live.at(-1)?.id ?? 0
  const left = stage.tasks.filter((task) => !live.includes(task))
  const item = (task: Task) =>
    `- ${heading(task)}${task === alone ? ', to the end' : ''} (about ${homeMinutes(kit, task)} minutes; \`npm test -- ${taskNumber(stage, task)}\`)`
  const earlier = left.filter((task) => task.id < lastLive && task !== alone)
  const later = left.filter((task) => !earlier.includes(task))
  const before =
    '**At home before:** what is typed together builds on these. Where they are not done, copy them as the table says.'
  return [
    ...(earlier.length ? [before, earlier.map(item).join('\n')] : []),
    ...(later.length ? ['**At home after:**', later.map(item).join('\n')] : []),
  ]
}

/** The stage's own time, shared out by the size of the tasks. */
function homeMinutes(kit: Kit, task: Task): number {
  const hours = Number(kit.stage.time.match(/[\d.]+/)?.[0] ?? 0)
  const all = kit.stage.tasks.reduce((total, one) => total + minutesOf(kit, one), 0)
  const share = (hours * 60 * minutesOf(kit, task)) / all
  return Math.max(10, Math.round(share / 10) * 10)
}

/** How the plans came about, so that nobody takes them for more than they are. */
export function planRules(kit: Kit): string[] {
  const { stage, mistakes } = kit
  const placed = mistakes.filter((mistake) => taskOf(stage, mistake)).length
  return [
    '## How the plans are made',
    [
      `- **What is chosen.** The ${placed} wrong answers of the stage are ranked by how near they are to its main ideas: its goals, the sentence above, and the questions to predict. Counted are the words that they share, rare ones more. Down that ranking, as long as there is time, each wrong answer is shown and brings its task before the room, at most two for one task. The questions to vote on are those that the shown answers come nearest to.`,
      `- **How long.** The demo ${pace.opening} minutes; ${pace.spokenWords} words of pain and picture in one, and another for everything shown there; a vote ${pace.vote}, and votes are a fifth of the lesson; a task one minute for ${pace.toldWords} words of its text, one for ${pace.typedLines} lines typed and explained, and one for its tests; a wrong answer ${pace.wrongAnswer}. From an hour on there are ${pace.alone} minutes alone, from 75 minutes on a pause.`,
      `- **Another length:** \`npm run teach -- ${stage.number} --minutes 60,120\`. **Several lessons for the stage:** \`--tasks 1,2\` plans one in which only these are typed together.`,
    ].join('\n'),
  ]
}
