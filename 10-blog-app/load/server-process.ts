import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What a process takes of the machine. */
export interface Usage {
  /** Memory that the system has given it, in bytes. */
  readonly rss: number
  /** What its objects take, in bytes, garbage included. */
  readonly heapUsed: number
  /** How long it has kept processors busy, in milliseconds. */
  readonly cpu: number
}

/** The blog; or the same answers by hand, in few statements or in those of the blog. */
export type Kind = 'blog' | 'joined' | 'steps'

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string
  usage(): Promise<Usage>
  /** The same, when the garbage is gone: what is really kept. */
  kept(): Promise<Usage>
  stop(): Promise<void>
}

/**
 * Starts the blog, or what stands beside it, and waits until it listens.
 *
 * @param where a file of SQLite, or the address of a PostgreSQL
 */
export async function startServer(
  kind: Kind,
  where: string,
  secret: string,
): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, 'serve.ts'), [kind, where], {
    execArgv: ['--expose-gc', '--import', import.meta.resolve('tsx'), '--conditions=solution'],
    env: { ...process.env, JWT_SECRET: secret, NODE_ENV: 'production' },
  })
  const { url } = await answerOf<{ url: string }>(child)
  const ask = (question: 'usage' | 'kept') => {
    child.send(question)
    return answerOf<Usage>(child)
  }
  return {
    url,
    usage: () => ask('usage'),
    kept: () => ask('kept'),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** The next thing that the server says. */
function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const refuse = () => reject(new Error('The server of the load has ended by itself.'))
    child.once('exit', refuse)
    child.once('message', (message) => {
      child.off('exit', refuse)
      resolve(message as T)
    })
  })
}
