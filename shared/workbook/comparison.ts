import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { emptySandbox } from './check/sandbox.ts'
import { differingFiles, type Files, pristineStarter, readSide, writeFiles } from './pristine.ts'
import { root } from './root.ts'
import { isWritten } from './select.ts'
import { needSolution } from './solution.ts'
import { type Stage, stages } from './stages.ts'
import { UsageError } from './usage.ts'

/** Two sets of files, each under the name that the diff shows. */
export interface Comparison {
  readonly from: string
  readonly to: string
  readonly before: Files
  readonly after: Files
  /** What to say when they are the same. */
  readonly same: string
}

/** From the starter as the course ships it to the solution: what a stage asks for. */
export function starterToSolution(stage: Stage): Comparison {
  return toSolution(stage, pristineStarter(root, stage), 'the starter')
}

/** From what the learner has to the solution. @throws {UsageError} when there is no starter */
export function mineToSolution(stage: Stage): Comparison {
  const { folder, number } = stage
  if (!existsSync(join(root, folder, 'starter')))
    throw new UsageError(
      `There is no folder ${folder}/starter. Get it back with: npm run reset -- ${number}`,
    )
  return toSolution(stage, readSide(root, stage, 'starter'), 'your starter')
}

function toSolution(stage: Stage, before: Files, what: string): Comparison {
  const { folder } = stage
  needSolution(stage)
  const same = `${folder}: ${what} and the solution do not differ.`
  const [from, to] = [`${folder}/starter`, `${folder}/solution`]
  return { from, to, before, after: readSide(root, stage, 'solution'), same }
}

/** What a stage's solution adds to the one before. @throws {UsageError} for the first stage */
export function addedBy(stage: Stage): Comparison {
  const earlier = stageBefore(stage)
  if (!earlier) throw new UsageError(`${stage.folder} is the first stage: there is none before it.`)
  for (const one of [stage, earlier]) needSolution(one)
  return {
    from: `${earlier.folder}/solution`,
    to: `${stage.folder}/solution`,
    before: readSide(root, earlier, 'solution'),
    after: readSide(root, stage, 'solution'),
    same: `${stage.folder}: the solution adds nothing to ${earlier.folder}.`,
  }
}

/** The newest written stage before this one. */
export function stageBefore(stage: Stage): Stage | undefined {
  return stages.filter((one) => one.number < stage.number && isWritten(one)).at(-1)
}

/** Prints the difference on this process's own output. Gives whether there is one. */
export async function showDiff(comparison: Comparison): Promise<boolean> {
  const plain = !process.stdout.isTTY || Boolean(process.env.NO_COLOR)
  const colour = plain ? '--color=never' : '--color=auto'
  const { status } = await gitDiff(comparison, [colour], 'inherit')
  return status !== 0
}

/** The difference as text; `options` are those of git. */
export async function diffText(
  comparison: Comparison,
  ...options: readonly string[]
): Promise<string> {
  return (await gitDiff(comparison, ['--color=never', ...options], 'pipe')).output
}

/** git compares two folders in a place where they have the names that the reader shall see. */
async function gitDiff(
  { from, to, before, after }: Comparison,
  options: readonly string[],
  stdout: 'inherit' | 'pipe',
) {
  const sandbox = emptySandbox()
  const differing = differingFiles(before, after) // hundreds are the same, and need not be written
  for (const [name, files] of [
    [from, before],
    [to, after],
  ] as const) {
    mkdirSync(join(sandbox.root, name), { recursive: true })
    writeFiles(join(sandbox.root, name), only(files, differing))
  }
  const fixed = ['diff', '--no-index', '--no-ext-diff', '--no-prefix']
  const result = await runGit(sandbox.root, [...fixed, ...options, '--', from, to], stdout)
  sandbox.remove()
  if (result.status !== null && result.status > 1)
    throw new Error(`git diff ended with exit code ${result.status}.`)
  return result
}

function only(files: Files, names: readonly string[]): Files {
  return Object.fromEntries(names.flatMap((name) => (name in files ? [[name, files[name]!]] : [])))
}

/** On a terminal git asks its pager and its colours, as the reader has set them up; elsewhere it uses neither. */
function runGit(cwd: string, args: readonly string[], stdout: 'inherit' | 'pipe') {
  return new Promise<{ status: number | null; output: string }>((resolve, reject) => {
    const git = spawn('git', args, { cwd, stdio: ['inherit', stdout, 'inherit'] })
    let output = ''
    git.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    git.once('error', () => reject(new UsageError(noGit)))
    git.once('close', (status) => resolve({ status, output }))
  })
}

const noGit =
  'To compare needs git, and there is none on this machine: https://git-scm.com/downloads'
