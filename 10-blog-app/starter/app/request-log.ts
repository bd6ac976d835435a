import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'

/** What is counted of one request. Mutable. */
interface Account {
  readonly requestId: string
  statements: number
}

const accounts = new AsyncLocalStorage<Account>()

/** For `recordAsync`: a statement belongs to the request that sent it. */
export function countStatement(): void {
  const account = accounts.getStore()
  if (account) account.statements += 1
}

/** The id of the running request, under which its lines stand in the log. */
export const requestId = (): string | undefined => accounts.getStore()?.requestId

/** An id that a client or a proxy has given, when it looks like one; else a new one. It is written into the log, so not every text may pass. */
const idOf = (c: Context): string => {
  const given = c.req.header('x-request-id') ?? ''
  return /^[\w-]{1,64}$/.test(given) ? given : randomUUID()
}

/** Writes one line for each request: who it was, what came of it, and how many statements it took. */
export const requestLog =
  (logger: Logger): MiddlewareHandler =>
  (c, next) => {
    const account: Account = { requestId: idOf(c), statements: 0 }
    const start = performance.now()
    return accounts.run(account, async () => {
      await next()
      c.header('X-Request-Id', account.requestId)
      const { method, path } = c.req
      const ms = Math.round(performance.now() - start)
      logger.info({ ...account, method, path, status: c.res.status, ms }, 'request')
    })
  }
