import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownGroup, watch } from '../workbook/child.ts'
import type { PeerName } from './names.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Which of the packages here each one needs, beside the drivers that all of them share. */
const packagesOf: Readonly<Record<PeerName, readonly string[]>> = {
  'drizzle-prepared': ['drizzle-orm'],
  drizzle: ['drizzle-orm'],
  kysely: ['kysely'],
  knex: ['knex'],
  objection: ['objection', 'knex'],
  typeorm: ['typeorm'],
  'mikro-orm': ['@mikro-orm/core', '@mikro-orm/better-sqlite', '@mikro-orm/postgresql'],
  sequelize: ['sequelize'],
  prisma: ['@prisma/client', '@prisma/adapter-better-sqlite3', '@prisma/adapter-pg'],
}

const wanted = (folder: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies

/** The packages of this folder that are there, with their versions. */
export function installed(folder = here): Record<string, string> {
  const names = Object.keys(wanted(folder))
  const found = names.map((name) => [name, versionOf(name, folder)] as const)
  return Object.fromEntries(found.filter((entry): entry is [string, string] => Boolean(entry[1])))
}

function versionOf(name: string, folder = here): string | undefined {
  const file = join(folder, 'node_modules', name, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined
}

/** Installs the peers when one is missing or of another version. Says why when that could not be done. */
export async function installPeers(folder = here): Promise<string | undefined> {
  const there = installed(folder)
  if (Object.entries(wanted(folder)).every(([name, version]) => there[name] === version))
    return undefined
  console.log(
    'The other ORMs are a package of their own, in shared/bench. They are installed now: npm ci --prefix shared/bench\n' +
      'This takes a minute or two, and happens once. Without them: npm run bench -- --peers none\n',
  )
  const npm = process.env.npm_execpath
  const words = ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error']
  const failure =
    npm && /\.c?js$/.test(npm)
      ? await run(process.execPath, [npm, ...words])
      : await run('npm', words, { shell: process.platform === 'win32' })
  if (failure === undefined) return undefined
  // Half of it would be worse than nothing: a driver without its native part would be found before the one that works.
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
  return `npm ci did not work here. It ended with: ${failure}`
}

/** Why this peer cannot be measured; undefined when it can. */
export async function whyNot(name: PeerName): Promise<string | undefined> {
  const missing = packagesOf[name].filter((name) => !versionOf(name))
  if (missing.length > 0)
    return `${missing.join(', ')} is not installed. npm ci --prefix shared/bench installs it.`
  return name === 'prisma' ? generateClients() : undefined
}

/** Prisma's client is written from a schema, for each database by itself. */
async function generateClients(): Promise<string | undefined> {
  for (const database of ['sqlite', 'postgres']) {
    if (existsSync(join(here, 'node_modules', '.bench-prisma', database, 'client.ts'))) continue
    const failure = await run(process.execPath, [
      join(here, 'node_modules', 'prisma', 'build', 'index.js'),
      'generate',
      `--schema=${join(here, 'prisma', `${database}.prisma`)}`,
    ])
    if (failure !== undefined) return `prisma generate did not work here. It said: ${failure}`
  }
  return undefined
}

/** The last line that it said when it failed; undefined when it did not. */
function run(
  command: string,
  args: readonly string[],
  { shell = false } = {},
): Promise<string | undefined> {
  // Writing a client needs no engine, but Prisma's command would fetch one: any program stands for it.
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: '1',
  }
  const child = spawn(command, args, {
    ...ownGroup,
    cwd: here,
    env,
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  watch(child)
  const said: string[] = []
  child.stdout.on('data', (bytes) => said.push(String(bytes)))
  child.stderr.on('data', (bytes) => said.push(String(bytes)))
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve(message))
    child.once('close', (code) => resolve(code === 0 ? undefined : lastLine(said.join(''), code)))
  })
}

const lastLine = (text: string, code: number | null): string =>
  text.trim().split('\n').at(-1) || `exit code ${code}`
