import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readArguments } from './arguments.ts'
import { emptySandbox } from './check/sandbox.ts'
import { type Files, pristineStarter, readSide, writeFiles } from './pristine.ts'
import { root } from './root.ts'
import { isWritten, selectWritten } from './select.ts'
import { needSolution } from './solution.ts'
import { chooseFiles } from './stage-files.ts'
import { type Stage, stages } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run diff -- 04              from the untouched starter to the solution
npm run diff -- 04 --mine       from your starter to the solution
npm run diff -- 04 --added      what this stage's solution adds to the stage before
npm run diff -- 04 mapping      only these files or folders`

const options = { mine: { type: 'boolean' }, added: { type: 'boolean' } } as const

/** Two sets of files, each under the name that the diff shows. */
interface Comparison {
  readonly from: string
  readonly to: string
  readonly before: Files
  readonly after: Files
  /** What to say when they are the same. */
  readonly same: string
}

export const main = (argv: string[]): Promise<number> => withUsage(() => diff(argv))

async function diff(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  const [name, ...names] = positionals
  if (!name || (values.mine && values.added)) throw new UsageError(usage)
  const { stage } = selectWritten(name)
  needSolution(stage)
  const comparison = limitTo(stage, names, compare(stage, values))
  const differs = await showDiff(comparison)
  if (!differs) console.log(comparison.same)
  return 0
}

function compare(stage: Stage, { mine, added }: { mine?: boolean; added?: boolean }): Comparison {
  if (added) return addedBy(stage)
  const { folder } = stage
  const before = mine ? ownStarter(stage) : pristineStarter(root, stage)
  const same = `${folder}: ${mine ? 'your starter' : 'the starter'} and the solution do not differ.`
  const [from, to] = [`${folder}/starter`, `${folder}/solution`]
  return { from, to, before, after: readSide(root, stage, 'solution'), same }
}

function ownStarter(stage: Stage): Files {
  if (existsSync(join(root, stage.folder, 'starter'))) return readSide(root, stage, 'starter')
  throw new UsageError(
    `There is no folder ${stage.folder}/starter. Get it back with: npm run reset -- ${stage.number}`,
  )
}

function addedBy(stage: Stage): Comparison {
  const earlier = stages.filter((one) => one.number < stage.number && isWritten(one)).at(-1)
  if (!earlier) throw new UsageError(`${stage.folder} is the first stage: there is none before it.`)
  needSolution(earlier)
  return {
    from: `${earlier.folder}/solution`,
    to: `${stage.folder}/solution`,
    before: readSide(root, earlier, 'solution'),
    after: readSide(root, stage, 'solution'),
    same: `${stage.folder}: the solution adds nothing to ${earlier.folder}.`,
  }
}

function limitTo(stage: Stage, names: readonly string[], comparison: Comparison): Comparison {
  const { before, after } = comparison
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const chosen = new Set(chooseFiles(stage, all, names))
  return { ...comparison, before: pick(before, chosen), after: pick(after, chosen) }
}

function pick(files: Files, chosen: ReadonlySet<string>): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => chosen.has(path)))
}

/** git compares two folders in a place where they have the names that the reader shall see. */
async function showDiff({ from, to, before, after }: Comparison): Promise<boolean> {
  const sandbox = emptySandbox()
  for (const name of [from, to]) mkdirSync(join(sandbox.root, name), { recursive: true })
  writeFiles(join(sandbox.root, from), before)
  writeFiles(join(sandbox.root, to), after)
  const status = await runGit(sandbox.root, from, to)
  sandbox.remove()
  if (status !== null && status > 1) throw new Error(`git diff ended with exit code ${status}.`)
  return status !== 0
}

/** On a terminal git asks its pager and its colours, as the reader has set them up; elsewhere it uses neither. */
function runGit(cwd: string, from: string, to: string): Promise<number | null> {
  const plain = !process.stdout.isTTY || Boolean(process.env.NO_COLOR)
  const colour = plain ? '--color=never' : '--color=auto'
  const args = ['diff', '--no-index', '--no-ext-diff', '--no-prefix', colour, '--', from, to]
  return new Promise((resolve, reject) => {
    const git = spawn('git', args, { cwd, stdio: 'inherit' })
    git.once('error', () => reject(new UsageError(noGit)))
    git.once('close', resolve)
  })
}

const noGit =
  'npm run diff needs git, and there is none on this machine: https://git-scm.com/downloads'
