import type { Learner } from '../grade.ts'
import type { Count, Grade, Measure } from './stage.ts'

/** For a person: one row for each learner, then what went wrong outside of the tests. */
export function asTable(learners: readonly Learner[], measures: readonly Measure[]): string {
  const header = ['learner', ...measures.map(({ stage }) => stage.folder), 'all']
  const rows = learners.map((learner) => [
    learner.name,
    ...learner.grades.map(cell),
    total(learner),
  ])
  const lines = inColumns([header, ...rows])
  return [...lines, '', 'tasks done (tests passed)', ...troubles(learners)].join('\n')
}

function cell({ state, tasks, tests }: Grade) {
  if (state === 'missing') return 'missing'
  const counts = `${fraction(tasks)} (${fraction(tests)})`
  return state === 'graded' ? counts : `${state} ${counts}`
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

function troubles(learners: readonly Learner[]): string[] {
  const lines = learners.flatMap(({ name, grades }) =>
    grades.flatMap(({ stage, message }) =>
      message ? [`${name} ${stage}: ${message.split('\n')[0]}`] : [],
    ),
  )
  return lines.length > 0 ? ['', ...lines] : []
}

/** For a spreadsheet: one row for each learner. */
export function asCsv(learners: readonly Learner[], measures: readonly Measure[]): string {
  const perStage = measures.flatMap(({ stage: { number } }) =>
    ['state', 'tasks', 'tasks_total', 'tests', 'tests_total'].map(
      (column) => `${number}_${column}`,
    ),
  )
  const header = ['learner', 'directory', ...perStage, 'tasks', 'tasks_total']
  return [header, ...learners.map(csvRow)].map((row) => row.map(csvField).join(',')).join('\n')
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
  const text = /^[=+\-@\t]/.test(String(value)) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** For a program: everything that is known. */
export function asJson(learners: readonly Learner[], measures: readonly Measure[]): string {
  const stages = measures.map(({ stage: { number, folder, tasks } }) => ({ number, folder, tasks }))
  return JSON.stringify({ version: 1, stages, learners }, null, 2)
}
