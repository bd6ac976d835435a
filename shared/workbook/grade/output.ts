import type { Learner } from '../grade.ts'
import type { Stage } from '../stages.ts'
import type { Count, Grade } from './stage.ts'

/** For a person: one row for each learner, then what went wrong outside of the tests. Where it does not fit, only the tasks. */
export function asTable(
  learners: readonly Learner[],
  graded: readonly Stage[],
  width = Number.POSITIVE_INFINITY,
): string {
  const whole = tableOf(learners, graded, wide)
  const fits = whole.every((line) => line.length <= width)
  const form = fits ? wide : narrow
  const lines = fits ? whole : tableOf(learners, graded, narrow)
  return [...lines, '', form.legend, ...troubles(learners)].join('\n')
}

interface Form {
  readonly title: (stage: Stage) => string
  readonly cell: (grade: Grade) => string
  readonly legend: string
}

const wide: Form = {
  title: ({ folder }) => folder,
  cell: ({ state, tasks, tests }) => {
    if (state === 'missing') return 'missing'
    if (state === 'untouched') return '·'
    const counts = `${fraction(tasks)} (${fraction(tests)})`
    return state === 'graded' ? counts : `${state} ${counts}`
  },
  legend: 'tasks done (tests passed); · is a starter that nobody has touched',
}

const narrow: Form = {
  title: ({ number }) => number,
  cell: ({ state, tasks }) => {
    if (state === 'missing') return '-'
    if (state === 'untouched') return '·'
    return `${fraction(tasks)}${state === 'timeout' ? ' t' : state === 'error' ? ' e' : ''}`
  },
  legend: 'tasks done; · untouched, - missing, t out of time, e broke down',
}

function tableOf(learners: readonly Learner[], graded: readonly Stage[], form: Form) {
  const header = ['learner', ...graded.map(form.title), 'all']
  const rows = learners.map((learner) => [
    learner.name,
    ...learner.grades.map(form.cell),
    total(learner),
  ])
  return inColumns([header, ...rows])
}

function fraction({ passed, total }: Count) {
  return `${passed}/${total}`
}

function total({ grades }: Learner) {
  return fraction(allTasks(grades))
}

function allTasks(grades: readonly Grade[]): Count {
  return grades.reduce(
    (sum, { tasks }) => ({ passed: sum.passed + tasks.passed, total: sum.total + tasks.total }),
    { passed: 0, total: 0 },
  )
}

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join('   ')
      .trimEnd(),
  )
}

/** The same trouble in several stages is told once. */
function troubles(learners: readonly Learner[]): string[] {
  const lines = learners.flatMap(({ name, grades }) => {
    const messages = new Set(grades.flatMap(({ message }) => message?.split('\n')[0] ?? []))
    return [...messages].map((message) => {
      const own = grades.filter((grade) => grade.message?.split('\n')[0] === message)
      return `${name} ${own.map(({ stage }) => stage).join(', ')}: ${message}`
    })
  })
  return lines.length > 0 ? ['', ...lines] : []
}

/** For a spreadsheet: one row for each learner, as RFC 4180 wants it. */
export function asCsv(learners: readonly Learner[], graded: readonly Stage[]): string {
  const perStage = graded.flatMap(({ number }) =>
    ['state', 'tasks', 'tasks_total', 'tests', 'tests_total'].map(
      (column) => `${number}_${column}`,
    ),
  )
  const header = ['learner', 'directory', ...perStage, 'tasks', 'tasks_total']
  const rows = [header, ...learners.map(csvRow)]
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}

function csvRow({ name, directory, grades }: Learner): (string | number)[] {
  const perStage = grades.flatMap(({ state, tasks, tests }) => [
    state,
    ...[tasks, tests].flatMap(({ passed, total }) => [passed, total]),
  ])
  const { passed, total } = allTasks(grades)
  return [name, directory, ...perStage, passed, total]
}

/** A name that begins like a formula would be computed by the spreadsheet. */
function csvField(value: string | number): string {
  const text = /^\s*[=+\-@]|^[\t\r]/.test(String(value)) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** For a program: everything that is known. */
export function asJson(learners: readonly Learner[], graded: readonly Stage[]): string {
  const stages = graded.map(({ number, folder, tasks }) => ({ number, folder, tasks }))
  return JSON.stringify({ version: 1, stages, learners }, null, 2)
}
