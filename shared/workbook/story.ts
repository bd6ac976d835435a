import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import { watch } from './child.ts'
import { root } from './root.ts'
import { selectWritten } from './select.ts'
import { needSolution } from './solution.ts'
import { stages } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run story                the same scene, told by all ten solutions: what each sends, and what it costs to write
npm run story -- 04          one stage (or several): its code, the statements as they were sent, the figures

  --json FILE   writes everything to a file as well
  --write       writes the table into README.md, and the picture that it shows
  --check       ends with 1 when README.md shows something else than the run gives`

const options = {
  json: { type: 'string' },
  write: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
} as const

/** Runs in a process of its own, in which `#stage/…` leads to the solutions. */
export const main = (argv: string[]): Promise<number> => withUsage(() => story(argv))

async function story(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  if (positionals.length > 0 && (values.write || values.check))
    throw new UsageError(`README.md shows all ten stages: leave out the numbers.\n\n${usage}`)
  const chosen =
    positionals.length > 0 ? positionals.map((text) => selectWritten(text).stage) : stages
  chosen.forEach(needSolution)
  const args = positionals.length > 0 ? chosen.map(({ number }) => number) : []
  if (values.json) args.push(`--json=${resolve(process.env.INIT_CWD ?? '.', values.json)}`)
  if (values.write) args.push('--write')
  if (values.check) args.push('--check')
  return run(args)
}

function run(args: readonly string[]): Promise<number> {
  const flags = ['--conditions=solution', '--import', import.meta.resolve('tsx')]
  const program = join(root, 'shared', 'workbook', 'story', 'main.ts')
  const child = spawn(process.execPath, [...flags, program, ...args], { stdio: 'inherit' })
  watch(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
