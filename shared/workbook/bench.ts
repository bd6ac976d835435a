import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { firstAsync, peerNames } from '../bench/names.ts'
import { readArguments } from './arguments.ts'
import { cleanUp } from './child.ts'
import { root } from './root.ts'
import { select } from './select.ts'
import { needSolution } from './solution.ts'
import { type Stage, stages } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run bench                      the newest solutions, against the raw drivers and other ORMs, on SQLite and PostgreSQL
npm run bench -- 05 06             these stages' solutions (from 04 on; PostgreSQL from 09 on)

  --quick             one round with short turns: a look in a few minutes
  --rounds N          how many fresh processes each contender is measured in (3)
  --growth            also loads tables of 1,000 to 1,000,000 rows
  --on DATABASE       only sqlite, or only postgres
  --peers LIST        only these: ${peerNames.join(', ')};
                      or none, which installs nothing (all of them, installed when they are missing)
  --json FILE         writes the numbers to a file as well
  --write             puts a whole run into shared/bench/README.md, with --growth
  --redraw            writes the tables and the picture there anew from the last run, and measures nothing`

const options = {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  growth: { type: 'boolean', default: false },
  on: { type: 'string' },
  peers: { type: 'string' },
  json: { type: 'string' },
  write: { type: 'boolean', default: false },
  redraw: { type: 'boolean', default: false },
} as const

/** Measures in a process of its own, which may collect its garbage between two measurements. */
export const main = (argv: string[]): Promise<number> => withUsage(() => bench(argv))

async function bench(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  const { quick, growth, on, peers, json, write, redraw } = values
  if (redraw) return run(['--redraw'])
  if (write && (quick || on || peers || positionals.length > 0))
    throw wrong('--write is for a whole run: no stages, and without --quick, --on and --peers.')
  const chosen = positionals.length > 0 ? positionals.map(measurable) : newest()
  return run([
    `--stages=${chosen.map(({ number }) => number).join()}`,
    `--peers=${peersOf(peers ?? peerNames.join()).join()}`,
    `--rounds=${roundsOf(values.rounds ?? (quick ? '1' : '3'))}`,
    `--seconds=${quick ? 0.5 : 3}`,
    ...(on ? [`--on=${databaseOf(on, chosen)}`] : []),
    ...(growth || write ? ['--growth'] : []),
    ...(json ? [`--json=${resolve(process.env.INIT_CWD ?? '.', json)}`] : []),
    ...(write ? ['--write'] : []),
  ])
}

const wrong = (message: string) => new UsageError(`${message}\n\n${usage}`)

/** Below 04 there are no relations. */
const first = '04'

function measurable(text: string): Stage {
  const { stage } = select(text)
  if (stage.number < first) throw wrong(`Only the stages from ${first} on are measured.`)
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

function roundsOf(text: string): number {
  const rounds = Number(text)
  if (Number.isInteger(rounds) && rounds > 0) return rounds
  throw wrong(`--rounds takes a whole number from 1 on, not "${text}".`)
}

function databaseOf(text: string, chosen: readonly Stage[]): string {
  if (text !== 'sqlite' && text !== 'postgres')
    throw wrong(`--on takes sqlite or postgres, not "${text}".`)
  if (text === 'postgres' && chosen.every(({ number }) => number < firstAsync))
    throw wrong(`Only the stages from ${firstAsync} on work on PostgreSQL.`)
  return text
}

function peersOf(text: string): string[] {
  if (text === 'none') return []
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !peerNames.some((peer) => peer === name))
  if (unknown.length === 0) return names
  throw wrong(`There is no peer "${unknown.join(', ')}".`)
}

function run(args: readonly string[]): Promise<number> {
  const flags = ['--expose-gc', '--single-threaded-gc', '--import', import.meta.resolve('tsx')]
  const program = join(root, 'shared', 'bench', 'main.ts')
  const child = spawn(process.execPath, [...flags, program, ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  const stop = cleanUp(() => child.kill())
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      stop()
      resolve(code ?? 1)
    })
  })
}
