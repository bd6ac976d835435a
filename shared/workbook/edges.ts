import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import { watch } from './child.ts'
import { root } from './root.ts'
import { UsageError, withUsage } from './usage.ts'

const peerNames = [
  'drizzle',
  'kysely',
  'knex',
  'objection',
  'typeorm',
  'mikro-orm',
  'sequelize',
  'prisma',
]

const usage = `npm run edges                      lays the traps of shared/workbook/conformance for the finished ORM and for
                                   the others that are installed (npm install --prefix shared/bench)

  --peers LIST        only these: ${peerNames.join(', ')}, or none
  --json FILE         writes what each of them said to a file as well
  --write             puts the table into the page of stage 10`

const options = {
  peers: { type: 'string', default: peerNames.join() },
  json: { type: 'string' },
  write: { type: 'boolean', default: false },
} as const

/** Asks in processes of their own: one for each ORM and database. */
export const main = (argv: string[]): Promise<number> => withUsage(() => edges(argv))

async function edges(argv: string[]): Promise<number> {
  const { values } = readArguments(argv, options, usage)
  const args = [`--peers=${peersOf(values.peers).join()}`]
  if (values.json) args.push(`--json=${resolve(process.env.INIT_CWD ?? '.', values.json)}`)
  if (values.write) args.push('--write')
  return run(args)
}

function peersOf(text: string): string[] {
  if (text === 'none') return []
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !peerNames.includes(name))
  if (unknown.length === 0) return names
  throw new UsageError(`There is no peer "${unknown.join(', ')}".\n\n${usage}`)
}

/** The cases import the stage as tests do: the solution, by its condition. */
function run(args: readonly string[]): Promise<number> {
  const flags = ['--conditions=solution', '--import', import.meta.resolve('tsx')]
  const program = join(root, 'shared', 'bench', 'edges', 'main.ts')
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
