import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import { isWritten, selectWritten } from './select.ts'
import { type Stage, stages, type Task } from './stages.ts'
import { collectKit } from './teach/kit.ts'
import { pageOf } from './teach/page.ts'
import { sheetOf } from './teach/sheet.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run teach -- 04             all you need to teach a stage, made from its own files, as Markdown:
                                goals, plans for the lesson, votes, live coding, the usual wrong
                                answers with the question to ask, the answers, the differences

  --html FILE                   as one page, to read on a screen or to print
  --out DIR                     a page for each stage that is named; all names them all
  --minutes 45,90               how long your lessons are
  --tasks 1,2                   only these before the room: for a stage in several lessons`

const options = {
  html: { type: 'string' },
  out: { type: 'string' },
  minutes: { type: 'string', default: '45,90' },
  tasks: { type: 'string' },
} as const

export const main = (argv: string[]): Promise<number> => withUsage(() => teach(argv))

async function teach(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  const chosen = chooseStages(positionals)
  const lengths = readLengths(values.minutes)
  if (values.html && values.out) throw new UsageError(`One of --html and --out.\n\n${usage}`)
  if (values.html && chosen.length > 1)
    throw new UsageError('--html takes one stage. For several of them: --out DIR')
  for (const stage of chosen) {
    const kit = await collectKit(stage, lengths, chooseTasks(stage, values.tasks))
    deliver(stage, sheetOf(kit), values)
  }
  return 0
}

function chooseStages(names: readonly string[]): Stage[] {
  if (names.length === 0) throw new UsageError(usage)
  if (names.includes('all')) return stages.filter(isWritten)
  return [...new Set(names.map((name) => selectWritten(name).stage))]
}

function readLengths(text: string): number[] {
  const lengths = text.split(',').map(Number)
  if (lengths.every((one) => Number.isInteger(one) && one >= 30 && one <= 480)) return lengths
  throw new UsageError(`--minutes needs whole numbers from 30 to 480, not "${text}".`)
}

function chooseTasks({ number }: Stage, text: string | undefined): readonly Task[] | undefined {
  return text?.split(',').flatMap((id) => selectWritten(`${number}.${id.trim()}`).task ?? [])
}

function deliver(
  stage: Stage,
  sheet: string,
  { html, out }: { html?: string | undefined; out?: string | undefined },
) {
  if (html === undefined && out === undefined) return console.log(sheet)
  const file = resolve(whereCalled(), html ?? join(out ?? '', `${stage.folder}.html`))
  write(file, pageOf(`Teaching ${stage.number} · ${stage.title}`, sheet))
  console.log(`${stage.folder}: ${file}`)
}

/** npm runs its scripts at the root of the course and says where it was called. */
const whereCalled = () => process.env.INIT_CWD ?? process.cwd()

function write(file: string, text: string) {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } catch (error) {
    throw new UsageError(`The page could not be written: ${(error as Error).message}`)
  }
}
