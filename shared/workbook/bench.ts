import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { firstAsync, onPostgres, peerNames } from '../bench/names.ts'
import { readArguments } from './arguments.ts'
import { watch } from './child.ts'
import { root } from './root.ts'
import { select } from './select.ts'
import { needSolution } from './solution.ts'
import { type Stage, stages } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run bench                      the newest solutions, against the raw drivers and other ORMs
npm run bench -- 05 06             these stages' solutions (from 04 on; from 09 on also on PostgreSQL)

  --rounds N          how often everything is measured (11)
  --peers LIST        only these: ${peerNames.join(', ')}, or none (all that are installed)
  --json FILE         writes the numbers to a file as well`

const options = {
  rounds: { type: 'string', default: '11' },
  peers: { type: 'string', default: peerNames.join() },
  json: { type: 'string' },
} as const

/** Measures in a process of its own, which may collect its garbage between two measurements. */
export const main = (argv: string[]): Promise<number> => withUsage(() => bench(argv))

async function bench(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  const chosen = positionals.length > 0 ? positionals.map(measurable) : newest()
  const args = [
    `--contenders=${['hand-written', ...peersOf(values.peers), ...chosen.flatMap(contendersOf)].join()}`,
    `--rounds=${roundsOf(values.rounds)}`,
  ]
  if (values.json) args.push(`--json=${resolve(process.env.INIT_CWD ?? '.', values.json)}`)
  return run(args)
}

/** Below 04 there are no relations. */
const first = '04'

function measurable(text: string): Stage {
  const { stage } = select(text)
  if (stage.number < first)
    throw new UsageError(`Only the stages from ${first} on are measured.\n\n${usage}`)
  needSolution(stage)
  return stage
}

/** The newest that is synchronous, and the newest. */
function newest(): Stage[] {
  const written = stages.filter(({ folder }) =>
    existsSync(join(root, folder, 'solution', 'index.ts')),
  )
  const synchronous = written.findLast(({ number }) => number < firstAsync)
  const found = [synchronous, written.at(-1)].filter((stage) => stage !== undefined)
  return [...new Set(found)]
}

const contendersOf = ({ number }: Stage): string[] =>
  number < firstAsync ? [number] : [number, number + onPostgres]

function roundsOf(text: string): number {
  const rounds = Number(text)
  if (Number.isInteger(rounds) && rounds > 0) return rounds
  throw new UsageError(`--rounds takes a whole number from 1 on, not "${text}".\n\n${usage}`)
}

function peersOf(text: string): string[] {
  if (text === 'none') return []
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !peerNames.some((peer) => peer === name))
  if (unknown.length === 0) return names
  throw new UsageError(`There is no peer "${unknown.join(', ')}".\n\n${usage}`)
}

function run(args: readonly string[]): Promise<number> {
  const flags = ['--expose-gc', '--single-threaded-gc', '--import', import.meta.resolve('tsx')]
  const program = join(root, 'shared', 'bench', 'main.ts')
  const child = spawn(process.execPath, [...flags, program, ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  watch(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
