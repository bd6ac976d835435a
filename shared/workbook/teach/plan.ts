import { fencesOf } from '../check/markdown.ts'
import type { Mistake } from '../mistakes.ts'
import type { Stage, Task } from '../stages.ts'
import type { Ranked } from './nearness.ts'
import { type Lesson, type Question, wordsOf } from './readme.ts'

/** How long things take in a room. Whoever speaks faster changes it here. */
export const pace = {
  /** Where the stage leads: its demo, run on the solution. */
  opening: 3,
  /** Words a minute, said aloud. */
  spokenWords: 130,
  /** A picture, a program or what it prints, to look at together. */
  shown: 1,
  /** One question: think and vote, talk with the neighbour, vote again, run it. */
  vote: 4,
  /** The part of a lesson that goes to votes. */
  voted: 0.2,
  /** Words a minute when a task is told in one's own words. */
  toldWords: 200,
  /** Lines a minute, typed and explained. */
  typedLines: 2,
  /** The test before a task and after it. */
  testRuns: 1,
  /** A wrong answer: edit, ask, let the room say it, run the test, take it back. */
  wrongAnswer: 3,
  /** Learners by themselves, in lessons of an hour and more. */
  alone: 15,
  /** In lessons of 75 minutes and more. */
  pause: 5,
  closing: 4,
} as const

export interface Step {
  readonly minutes: number
  readonly kind:
    | 'opening'
    | 'pain'
    | 'picture'
    | 'vote'
    | 'task'
    | 'wrong'
    | 'pause'
    | 'alone'
    | 'closing'
  readonly task?: Task
  readonly question?: Question
  readonly mistake?: Mistake
}

export interface Plan {
  readonly minutes: number
  readonly steps: readonly Step[]
  /** The tasks that are typed together, in order. */
  readonly live: readonly Task[]
  /** The task that learners begin alone. */
  readonly alone: Task | undefined
}

/** What a plan is made of. */
export interface Material {
  readonly stage: Stage
  readonly lesson: Lesson
  /** How many lines each task takes, by its id. */
  readonly sizes: ReadonlyMap<number, number>
  /** The nearest to the main ideas first. */
  readonly ranked: readonly Ranked[]
  /** The tasks that may be typed together: who gives a stage several lessons has some for each. */
  readonly open: readonly Task[]
}

/** The task whose test catches it. */
export const taskOf = ({ tasks }: Stage, { caughtBy }: Mistake): Task | undefined =>
  tasks.find(({ id, title }) => caughtBy.startsWith(`Task ${id}: ${title}`))

/** How long a task takes when it is told and typed before the room. */
export function minutesOf({ lesson, sizes }: Material, { id }: Task): number {
  const told = wordsOf(lesson.tasks.get(id) ?? '') / pace.toldWords
  const typed = (sizes.get(id) ?? 0) / pace.typedLines
  return Math.ceil(told) + Math.ceil(typed) + pace.testRuns
}

/**
 * A lesson of so many minutes: the pain and the picture, votes, as many tasks before the room as there is time for,
 * each with the wrong answers that brought it in, and time alone where the lesson is long enough.
 */
export function planFor(material: Material, minutes: number): Plan {
  const { lesson, stage } = material
  const isLong = minutes >= 75
  const before = [opening, talk('pain', lesson.pain), talk('picture', lesson.picture)]
  const after = [...(isLong ? [pause] : []), closing]
  const votes = Math.min(
    lesson.predictions.length,
    Math.max(1, Math.floor((minutes * pace.voted) / pace.vote)),
  )
  const alone = minutes >= 60 ? pace.alone : 0
  const free = minutes - sum([...before, ...after]) - votes * pace.vote - alone
  const shown = chooseShown(material, free)
  const live = stage.tasks.filter((task) =>
    shown.some(({ mistake }) => taskOf(stage, mistake) === task),
  )
  const asked = chooseQuestions(lesson, shown, votes).map(vote)
  const together = live.flatMap((task) => taskSteps(material, task, shown))
  const next = nextAfter(stage, live)
  const steps = [
    ...before,
    ...asked,
    ...withPause(together, isLong, sum([...before, ...asked]), minutes),
  ]
  return { minutes, live, ...finish(steps, next, minutes) }
}

const sum = (steps: readonly Step[]) => steps.reduce((total, { minutes }) => total + minutes, 0)

const opening: Step = { kind: 'opening', minutes: pace.opening }
const pause: Step = { kind: 'pause', minutes: pace.pause }
const closing: Step = { kind: 'closing', minutes: pace.closing }
const vote = (question: Question): Step => ({ kind: 'vote', minutes: pace.vote, question })

function talk(kind: 'pain' | 'picture', markdown: string): Step {
  const said = Math.ceil(wordsOf(markdown) / pace.spokenWords)
  const shown = fencesOf(markdown).filter(({ language }) => language !== 'sh').length * pace.shown
  return { kind, minutes: said + shown }
}

/** Down the ranking, as long as there is time: a wrong answer brings its task with it. Two of one task are enough. */
function chooseShown(material: Material, free: number): Ranked[] {
  const { stage, ranked, open } = material
  const chosen: Ranked[] = []
  let left = free
  for (const one of ranked) {
    const task = taskOf(stage, one.mistake)
    const same = chosen.filter(({ mistake }) => taskOf(stage, mistake) === task).length
    const cost = pace.wrongAnswer + (task && same === 0 ? minutesOf(material, task) : 0)
    if (!task || !open.includes(task) || same === 2 || cost > left) continue
    chosen.push(one)
    left -= cost
  }
  return chosen
}

/** The questions that the chosen wrong answers come nearest to; the order is the README's. */
function chooseQuestions({ predictions }: Lesson, shown: readonly Ranked[], count: number) {
  const near = shown.flatMap(({ question }) => (question ? [question] : []))
  const chosen = new Set([...new Set([...near, ...predictions])].slice(0, count))
  return predictions.filter((question) => chosen.has(question))
}

function taskSteps(material: Material, task: Task, shown: readonly Ranked[]): Step[] {
  const own = shown.filter(({ mistake }) => taskOf(material.stage, mistake) === task)
  const wrong = own.map(
    ({ mistake }): Step => ({ kind: 'wrong', minutes: pace.wrongAnswer, task, mistake }),
  )
  return [{ kind: 'task', minutes: minutesOf(material, task), task }, ...wrong]
}

/** Before the first task that begins in the second half, or behind them all. */
function withPause(
  steps: readonly Step[],
  isLong: boolean,
  begun: number,
  minutes: number,
): Step[] {
  if (!isLong) return [...steps]
  const startOf = (at: number) => begun + sum(steps.slice(0, at))
  const found = steps.findIndex(({ kind }, at) => kind === 'task' && startOf(at) >= minutes / 2)
  const place = found < 0 ? steps.length : found
  return [...steps.slice(0, place), pause, ...steps.slice(place)]
}

/** The task that follows; when there is none, the first that was left out. */
function nextAfter({ tasks }: Stage, live: readonly Task[]): Task | undefined {
  const open = tasks.filter((task) => !live.includes(task))
  return open.find(({ id }) => id > (live.at(-1)?.id ?? 0)) ?? open[0]
}

/** What is left is for learners alone, or, when it is too short for that, for their questions. */
function finish(steps: readonly Step[], next: Task | undefined, minutes: number) {
  const left = minutes - sum(steps) - pace.closing
  const alone = left >= 6 ? next : undefined
  if (alone)
    return {
      steps: [...steps, { kind: 'alone', minutes: left, task: alone } as Step, closing],
      alone,
    }
  return { steps: [...steps, { ...closing, minutes: pace.closing + left }], alone }
}
