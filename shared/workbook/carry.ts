import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { readArguments } from './arguments.ts'
import { type Carried, carryTo, type Fix } from './carry/merge.ts'
import { paint } from './paint.ts'
import { writePack } from './pristine.ts'
import { root } from './root.ts'
import { type Stage, stages } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run carry -- 03-query-builder/solution/query/compile.ts

Carries what you have changed in this file since the last commit into its later copies: the same
stage's other side, and both sides of every later stage. Run it before you commit the fix.

  --base COMMIT    the change since another commit (HEAD~1, when the fix is committed already)`

const options = { base: { type: 'string', default: 'HEAD' } } as const

/** A path of the course, in its parts: `03-query-builder`, `solution`, `query/compile.ts`. */
interface Place {
  readonly stage: Stage
  readonly side: 'starter' | 'solution'
  readonly file: string
}

export const main = (argv: string[]): Promise<number> => withUsage(() => carry(argv))

async function carry(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  const [name, ...rest] = positionals
  if (!name || rest.length > 0) throw new UsageError(usage)
  const place = placeOf(name)
  const fix = fixOf(place, values.base)
  const carried = targetsOf(place).map((target) => carryTo(root, target, fix))
  for (const one of carried) console.log(describe(one))
  if (carried.length === 0) console.log('No other copy has this file.')
  packStarters(place)
  return carried.some(({ outcome }) => outcome === 'conflict') ? 1 : 0
}

function placeOf(name: string): Place {
  const path = relative(root, resolve(process.env.INIT_CWD ?? process.cwd(), name))
  const [folder, side, ...file] = path.split(sep)
  const stage = stages.find((one) => one.folder === folder)
  if (stage && (side === 'starter' || side === 'solution') && existsSync(resolve(root, path))) {
    return { stage, side, file: file.join('/') }
  }
  throw new UsageError(`${name} is no file of a stage's starter or solution.\n\n${usage}`)
}

function pathOf({ stage, side, file }: Place) {
  return `${stage.folder}/${side}/${file}`
}

function fixOf(place: Place, base: string): Fix {
  const path = pathOf(place)
  const { status, stdout, stderr } = git('show', `${base}:./${path}`)
  if (status !== 0)
    throw new UsageError(
      `git knows no ${path} in ${base}, so there is nothing to compare with: ${stderr.trim()}`,
    )
  const after = readFileSync(resolve(root, path), 'utf8')
  if (after !== stdout) return { before: stdout, after }
  throw new UsageError(
    `${path} is the same as in ${base}: there is no change to carry. ` +
      'When the fix is committed already, name the commit before it: --base HEAD~1.',
  )
}

function git(...args: string[]) {
  const run = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (run.error) throw new UsageError(`npm run carry needs git: ${run.error.message}`)
  return run
}

/** The other side of the same stage, and both sides of the later stages, where they have the file. */
function targetsOf(place: Place): string[] {
  const { stage, file } = place
  const later = stages.filter(({ number }) => number >= stage.number)
  const paths = later.flatMap((one) =>
    (['solution', 'starter'] as const).map((side) => pathOf({ stage: one, side, file })),
  )
  return paths.filter((path) => path !== pathOf(place) && existsSync(resolve(root, path)))
}

function describe({ path, outcome, hunks }: Carried): string {
  const [style, text] = outcomes[outcome]
  const lines = hunks.flatMap(({ line, wanted }) => [
    `    line ${line}, by hand, if it applies:`,
    ...indented(wanted),
  ])
  return [`${paint(style, text.padEnd(14))} ${path}`, ...lines].join('\n')
}

const outcomes = {
  equal: ['dim', 'already equal'],
  updated: ['green', 'updated'],
  gap: ['yellow', 'gap kept'],
  conflict: ['red', 'conflict'],
} as const

function indented(text: string) {
  return text.split('\n').map((line) => `      ${line}`)
}

/** The packs follow the starters. */
function packStarters({ stage }: Place) {
  for (const one of stages.filter(({ number }) => number >= stage.number)) {
    if (existsSync(resolve(root, one.folder, 'starter'))) writePack(root, one)
  }
}
