import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** A line between the blog and its database that breaks at a moment of our choice. */
export interface UnsafeLine {
  /** The address of the database, through the line. */
  readonly url: string
  /** From now on the line breaks when a COMMIT goes over it: before the server has it, or after it has done it. */
  breakAtCommit(when: 'before' | 'after'): void
  /** It breaks no more. */
  mend(): void
  close(): Promise<void>
}

/**
 * Stands between PostgreSQL and who asks it, and passes on what both say.
 *
 * ```text
 * blog ── COMMIT ──▶ line ── COMMIT ──▶ server      'before': the left half is all that happens
 * blog ◀────── ✂ ─── line ◀── done ──── server      'after': it is done, and nobody hears of it
 * ```
 */
export async function openUnsafeLine(server: string): Promise<UnsafeLine> {
  const { hostname, port } = new URL(server)
  let breaking: 'before' | 'after' | undefined
  const open = new Set<Socket>()
  const listener = createServer((blog) => {
    const database = connect(Number(port), hostname)
    const cut = () => {
      blog.destroy()
      database.destroy()
    }
    let isCommitting = false
    blog.on('data', (said) => {
      if (breaking !== undefined && said.includes('COMMIT')) isCommitting = true
      if (isCommitting && breaking === 'before') cut()
      else database.write(said)
    })
    // The server answers when it has done what it was asked.
    database.on('data', (said) => (isCommitting ? cut() : blog.write(said)))
    for (const socket of [blog, database]) {
      open.add(socket)
      socket.on('close', cut).on('close', () => open.delete(socket))
      socket.on('error', cut)
    }
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address() as AddressInfo
  return {
    url: Object.assign(new URL(server), { port: String(address.port) }).href,
    breakAtCommit: (when) => {
      breaking = when
    },
    mend: () => {
      breaking = undefined
    },
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise<void>((resolve) => listener.close(() => resolve()))
    },
  }
}
