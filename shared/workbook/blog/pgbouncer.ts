import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { cleanUp, watch } from '../child.ts'
import { until } from './blog-process.ts'

/** PgBouncer, which lends a few sessions of a PostgreSQL to many clients, for one transaction at a time. */
export interface Pooler {
  /** The address of the database, through the pooler. */
  readonly url: string
  stop(): Promise<void>
}

const usualPlaces = [
  '/usr/sbin/pgbouncer',
  '/usr/local/bin/pgbouncer',
  '/opt/homebrew/bin/pgbouncer',
  '/opt/homebrew/opt/pgbouncer/bin/pgbouncer',
]

/** The PgBouncer of this machine: what PGBOUNCER_PATH names, or else the first one in the usual places. */
export function findPgbouncer(): string | undefined {
  const named = process.env.PGBOUNCER_PATH
  return named ? named : usualPlaces.find((place) => existsSync(place))
}

export const noPgbouncer =
  'No PgBouncer was found on this machine, so the blog was not tried behind a pooler. ' +
  'Install it (Debian: apt-get install pgbouncer), or say where it is: PGBOUNCER_PATH=/path/to/pgbouncer.'

/**
 * Starts a PgBouncer before a PostgreSQL, in transaction mode, and waits until it answers.
 *
 * @param sessions how many sessions of the server it lends: fewer than there are clients, so that they do change hands
 */
export async function startPgbouncer(
  program: string,
  server: string,
  sessions: number,
): Promise<Pooler> {
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const { hostname, port, username, password } = new URL(server)
  const own = await freePort()
  const users = join(folder, 'users.txt')
  const settings = join(folder, 'pgbouncer.ini')
  await writeFile(users, `"${username}" "${password}"\n`)
  await writeFile(
    settings,
    [
      '[databases]',
      `* = host=${hostname} port=${port}`,
      '[pgbouncer]',
      'pool_mode = transaction',
      `default_pool_size = ${sessions}`,
      'max_client_conn = 200',
      'listen_addr = 127.0.0.1',
      `listen_port = ${own}`,
      'unix_socket_dir =',
      'auth_type = plain',
      `auth_file = ${users}`,
    ].join('\n'),
  )
  const asRoot = await readableFor('postgres', folder, users, settings)
  const child = spawn(program, [...asRoot, settings], { stdio: ['ignore', 'ignore', 'pipe'] })
  watch(child)
  const unwatch = cleanUp(() => void remove())
  let said = ''
  child.stderr.on('data', (part) => (said += part))
  const url = Object.assign(new URL(server), { port: String(own) }).href
  const stop = async () => {
    child.kill('SIGKILL')
    await until('PgBouncer has ended', () => child.exitCode !== null || child.signalCode !== null)
    unwatch()
    await remove()
  }
  try {
    await until('PgBouncer answers', () => {
      if (child.exitCode !== null) throw new Error(`PgBouncer did not start. It said:\n${said}`)
      return answers(url)
    })
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** It refuses to run as root: then it becomes another user, who must be able to read its files. */
async function readableFor(
  user: string,
  folder: string,
  ...files: readonly string[]
): Promise<string[]> {
  if (userInfo().uid !== 0) return []
  await chmod(folder, 0o755)
  for (const file of files) await chmod(file, 0o644)
  return ['-u', user]
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
