import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { endTree, ownGroup, plainEnvironment, watch } from '../child.ts'
import { root } from '../root.ts'

/** The finished blog as a program of its own, as people start it. */
export interface BlogProcess {
  readonly url: string
  readonly child: ChildProcess
  /** How it ended: with a code, or by a signal. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** What it has printed so far. */
  output(): string
  /** Ends it at once, as kill -9 does. Does nothing when it has ended. */
  kill(): Promise<void>
}

/** Tokens of one process are good in another, and after a restart. */
export const secret = 'a secret that all processes of these tests share'

/**
 * Starts it, and waits until it says where it is.
 *
 * @param env as `DATABASE_FILE` or `DATABASE_URL`
 */
export async function startBlog(
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<BlogProcess> {
  const demo = join(root, '10-blog-app', 'demo.ts')
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=solution']
  const usual = { PORT: '0', DATABASE_URL: '', DATABASE_FILE: '', LOG_LEVEL: 'silent' }
  const child = spawn(process.execPath, [...flags, demo, ...args], {
    env: plainEnvironment({ ...usual, JWT_SECRET: secret, NODE_ENV: 'production', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...ownGroup,
  })
  watch(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part))
  const ended = new Promise<Awaited<BlogProcess['ended']>>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  )
  const kill = async () => {
    endTree(child)
    await ended
  }
  try {
    const url = await until('the blog says where it is', () => {
      if (child.exitCode !== null) throw new Error(`The blog did not start. It said: ${output}`)
      return output.match(/http:\/\/localhost:\d+/)?.[0]
    })
    return { url, child, ended, output: () => output, kill }
  } catch (error) {
    await kill()
    throw error
  }
}

/**
 * Asks again and again until there is an answer that is not false.
 *
 * @param what is waited for: the error names it, when it does not come within two minutes
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
): Promise<Exclude<T, false | undefined>> {
  const end = Date.now() + 120_000
  for (;;) {
    const answer = await ask()
    if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>
    if (Date.now() > end) throw new Error(`Two minutes have gone by, and still not: ${what}.`)
    await wait(10)
  }
}
