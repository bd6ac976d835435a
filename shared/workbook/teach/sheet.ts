import { TodoError } from '../../todo.ts'
import { heading, taskFile, taskLink, taskNumber } from '../link.ts'
import type { Mistake } from '../mistakes.ts'
import type { Stage, Task } from '../stages.ts'
import { firstTest } from './first-test.ts'
import type { Gap } from './gaps.ts'
import type { Added, AddedFile, Kit } from './kit.ts'
import { lessonTable, planRules } from './lesson-table.ts'
import { taskOf } from './plan.ts'
import { labelled, type Question, withoutComments } from './readme.ts'
import { editOf } from './wrong-answer.ts'

/** The kit as one page of Markdown. */
export function sheetOf(kit: Kit): string {
  const parts = [
    [`# ${kit.stage.number} · ${kit.stage.title}: a kit for teaching it`, origin(kit.stage)],
    goals(kit),
    before(kit),
    ...kit.plans.map((plan) => lessonTable(kit, plan)),
    planRules(kit),
    predictions(kit),
    liveCoding(kit),
    wrongAnswers(kit),
    questions(kit),
    difference(kit),
    ...(kit.added ? [addedPart(kit.stage, kit.added)] : []),
  ]
  const text = parts.flat().filter(Boolean).join('\n\n')
  return `${withoutLocalLinks(text)}\n`
}

const origin = ({ folder, number }: Stage) =>
  `Taken from \`${folder}/\` by \`npm run teach -- ${number}\`: its README, starter, solution, tests and wrong answers. When they change, ask again.`

function goals({ stage, lesson }: Kit): string[] {
  return [
    '## What they will be able to do',
    bullets(lesson.goals),
    `They have understood it when they can say ${stage.learnt}.`,
    `**They need:** ${lesson.needs}`,
    `**Alone** the whole stage takes about ${stage.time}.`,
  ]
}

function before({ stage }: Kit): string[] {
  const { number } = stage
  const steps = [
    `\`npm run doctor\` and \`npm test -- ${number} --solution\` on the machine at the projector. Both green? Then nothing of today depends on luck.`,
    `\`npm run reset -- ${number}\`: an untouched starter. What was there is kept as a backup.`,
    `Two terminals in large letters: \`npm test -- ${number}.1 --watch\` beside the editor, and one that is free. In the room, run one task at a time: \`npm test -- ${number}\` shows all of them.`,
    `Learners type along. Who falls behind copies the file of a finished task from \`${stage.folder}/solution/\` over the one in \`starter/\`, and is with you again.`,
    'Type slowly, say every line, and leave your own slips in: a red test that the teacher has to read is the best part of the hour.',
  ]
  return ['## Ten minutes before', numbered(steps)]
}

function predictions({ stage, lesson }: Kit): string[] {
  return [
    '## Predict: the questions to vote on',
    `One at a time. A minute to think, then everybody shows an answer at once, with fingers or paper. Do not say which is right. Two minutes with a neighbour who thinks otherwise, and a second vote. Then let the machine answer: \`npm start -- ${stage.number} --solution\`. When nearly all agree at the first vote, go on; when nearly all are wrong, show the picture again.`,
    ...lesson.predictions.map(asked),
  ]
}

const asked = ({ question, answer }: Question, at: number) =>
  `**${at + 1}.** ${question}\n\n> ${answer.replaceAll('\n', '\n> ')}`

function liveCoding(kit: Kit): string[] {
  const intro =
    'In this order, whatever of it you do before the room. Show the red test, say what is missing, type, run. The code is the answer key of the task: it is one right answer, and the tests accept every other one.'
  return [
    '## Live coding, and the answers',
    intro,
    ...kit.stage.tasks.flatMap((task) => liveTask(kit, task)),
  ]
}

function liveTask({ stage, gaps, sizes, lesson }: Kit, task: Task): string[] {
  const own = gaps.get(task.id) ?? []
  const limit = labelled(lesson.tasks.get(task.id) ?? '', 'Not asked yet')
  return [
    `### ${heading(task)}`,
    `${sizes.get(task.id)} lines in \`${taskFile(stage, task)}\`. Told in \`${taskLink(stage, task)}\`.`,
    `**Red first:** “${firstTest(stage, task)}” says \`${new TodoError(heading(task)).message}\``,
    ...own.flatMap(gapText),
    `**Run:** \`npm test -- ${taskNumber(stage, task)}\``,
    ...(limit ? [`**Not asked yet, when somebody goes further:** ${limit}`] : []),
  ]
}

function gapText({ asks, code }: Gap): string[] {
  if (code.length === 0) return []
  return [...(asks ? [`Say: ${asks}`] : []), fence('ts', code)]
}

function wrongAnswers(kit: Kit): string[] {
  const { stage, mistakes } = kit
  const groups = stage.tasks.flatMap((task) => {
    const own = mistakes.filter((mistake) => taskOf(stage, mistake) === task)
    return own.length
      ? [`### Wrong in ${heading(task)}`, ...own.flatMap((one) => wrongAnswer(kit, one))]
      : []
  })
  const intro =
    'To show one: make the edit in front of everybody, ask the question, collect answers, run the test, take the edit back. To help one learner: ask the question, and wait.'
  return ['## The usual wrong answers', intro, ...groups]
}

function wrongAnswer({ solution, plans }: Kit, mistake: Mistake): string[] {
  const lengths = plans
    .filter(({ steps }) => steps.some((step) => step.mistake === mistake))
    .map(({ minutes }) => minutes)
  const shown = lengths.length ? ` (in the plan for ${lengths.join(' and ')} minutes)` : ''
  const [, ...path] = mistake.caughtBy.split(' › ')
  return [
    `#### ${mistake.name.replaceAll('-', ' ')}${shown}`,
    `\`${mistake.file}\``,
    fence('diff', editOf(mistake, solution)),
    `**Ask:** ${mistake.ask}`,
    `**They see red:** ${path.join(' › ')}`,
    `**The idea behind it:** ${mistake.why}`,
  ]
}

function questions({ lesson }: Kit): string[] {
  return [
    '## Questions that come up',
    ...lesson.questions.flatMap(({ question, answer }) => [`### ${question}`, answer]),
  ]
}

function difference({ stage, diff }: Kit): string[] {
  return [
    '## From starter to solution',
    `The same on your screen, in colours: \`npm run diff -- ${stage.number}\`. A learner’s own way to it: \`npm run diff -- ${stage.number} --mine\`.`,
    fence('diff', withoutGitHeads(diff).trimEnd().split('\n')),
  ]
}

/** The two lines that only git reads. */
const withoutGitHeads = (diff: string) =>
  diff.replace(/^(?:diff --git|index|similarity index) .*\n/gm, '')

function addedPart(stage: Stage, { before: earlier, files }: Added): string[] {
  const those = (kind: AddedFile['kind']) => files.filter((one) => one.kind === kind)
  return [
    `## What it adds to stage ${earlier.number}`,
    `Line by line: \`npm run diff -- ${stage.number} --added\`. By file, with the reason where the course gives one:`,
    ...fileTable('New', those('new'), ({ file }) => reasonFor(stage, file)),
    ...fileTable('Changed', those('changed'), ({ file }) => reasonFor(stage, file)),
    ...fileTable(
      'Gone',
      those('gone'),
      ({ file }) => stage.retires?.[file] ?? retiredFolder(stage, file),
    ),
  ]
}

function reasonFor(stage: Stage, file: string): string {
  const task = stage.tasks.filter((one) => one.file === file).map(heading)
  return stage.rewrites?.[file] ?? task.join(', ')
}

function retiredFolder({ retires = {} }: Stage, file: string): string {
  const folder = Object.keys(retires).find((name) => name.endsWith('/') && file.startsWith(name))
  return folder ? (retires[folder] ?? '') : ''
}

function fileTable(
  title: string,
  files: readonly AddedFile[],
  reason: (file: AddedFile) => string,
) {
  if (files.length === 0) return []
  const rows = files.map((one) => `| \`${one.file}\` | ${lines(one)} | ${reason(one)} |`)
  return [`**${title}**`, ['| file | lines | why |', '| --- | --- | --- |', ...rows].join('\n')]
}

const lines = ({ added, removed }: AddedFile) =>
  [...(added ? [`+${added}`] : []), ...(removed ? [`−${removed}`] : [])].join(' ')

/** The sheet may lie anywhere: a link into the course keeps its words, one into the world stays. */
function withoutLocalLinks(markdown: string): string {
  return withoutComments(markdown).replace(/(?<!!)\[([^\][]+)\]\((?!https?:)[^()\s]+\)/g, '$1')
}

const bullets = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n')
const numbered = (items: readonly string[]) =>
  items.map((item, at) => `${at + 1}. ${item}`).join('\n')

/** Longer than any run of backticks inside. */
function fence(language: string, code: readonly string[]): string {
  const text = code.join('\n')
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length))
  const mark = '`'.repeat(longest + 1)
  return `${mark}${language}\n${text}\n${mark}`
}
