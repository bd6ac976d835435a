import type { Paint } from '../paint.ts'
import { stages } from '../stages.ts'
import { about, inAll, perAct, written } from './figures.ts'
import { part, textOf } from './lines.ts'
import { acts, type Told } from './tell.ts'

const scene = 'A post is published, its author renamed, ten posts are listed.'

/** What the figures mean. */
const rules = [
  'Statements: as the recorder of shared/driver sees them (01: as SQLite traces them), BEGIN and COMMIT among them.',
  'Round trips: how often the program waits for the database. 01 to 08 run on SQLite, in the same process: nothing travels, each',
  'statement is a short wait. 09 and 10 run on PostgreSQL, where each is a way to the server and back.',
  'Lines: without blank ones and comments. Application code is the scene and the tables that it declares, in NN-*/story.ts; ORM code is',
  'the solution of the stage (10: without its web application, app/), in two digits.',
]

/** The table of all stages, for a terminal. */
export function overview(told: readonly Told[], paint: Paint): string {
  const rows = told.map((one) => {
    const cells = [...perAct(one), inAll(one), one.waits, one.lines.scene, one.lines.tables]
    const figures = [...cells.map(String), written(about(one.lines.orm))]
    return `  ${one.number}  ${one.title.padEnd(15)}${figures.map((text, i) => text.padStart(widths[i]!)).join('')}`
  })
  return [
    '',
    paint('bold', `One story, ten engines. ${scene}`),
    '',
    ...heads.map((line) => paint('dim', line)),
    ...rows,
    '',
    ...told.flatMap(({ number, lead, wrong }) => [
      `  ${number}  ${lead}`,
      `      ${paint('bold', 'Still wrong:')} ${wrong}.`,
    ]),
    '',
    ...rules.map((line) => paint('dim', line)),
    '',
  ].join('\n')
}

const widths = [9, 8, 6, 7, 7, 9, 8, 9]
const heads = [
  '                           statements                round   application code   ORM',
  '                      publish  rename  list  all    trips    scene  tables    lines',
]

/** One stage: its code, what it sends, and the figures. */
export function stageView(told: Told, paint: Paint): string {
  const stage = stages.find(({ number }) => number === told.number)!
  const code = textOf(stage)
  const sent = acts.flatMap((act) => [
    '',
    paint('bold', `${act}: ${counted(told.statements[act].length, 'statement')}`),
    ...told.statements[act].map((sql) => `  ${sql.replace(/\s+/g, ' ')}`),
  ])
  const { scene, tables, orm } = told.lines
  return [
    '',
    paint('bold', `${told.number} ${told.title}, on ${told.database}: ${stage.folder}/story.ts`),
    told.lead,
    '',
    part(code, 'The tables') + part(code, 'The scene').trimEnd(),
    ...sent,
    '',
    paint('bold', 'The list'),
    ...told.list.map(({ title, author, tags }) =>
      `  ${title} (${author}) ${tags.map((tag) => `#${tag}`).join(' ')}`.trimEnd(),
    ),
    '',
    `${counted(inAll(told), 'statement')}, ${counted(told.waits, 'round trip')}; ${counted(scene, 'line')} of scene and ${tables} of tables, on an ORM of ${written(orm)} lines`,
    `${paint('bold', 'Still wrong:')} ${told.wrong}.`,
    '',
  ].join('\n')
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
