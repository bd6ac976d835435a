import { createMiddleware } from 'hono/factory'
import { currentSession } from '../../session/context.ts'
import { HttpError } from '../errors.ts'
import { User } from '../models.ts'
import type { Tokens } from './tokens.ts'

// Who asks. It is found before the body is looked at: who may not write is told so, whatever they have sent.

/** What a handler is given. */
interface Known<Viewer> {
  Variables: { tokens: Tokens; viewer: Viewer }
}

/** What the routes below read tokens with. */
export const readTokensWith = (tokens: Tokens) =>
  createMiddleware<Known<undefined>>((c, next) => {
    c.set('tokens', tokens)
    return next()
  })

/** For a route that everybody may ask, and that answers some better: `c.var.viewer` is the user, or undefined. */
export const mayLogIn = createMiddleware<Known<User | undefined>>(async (c, next) => {
  c.set('viewer', await viewerOf(c.req.header('authorization'), c.var.tokens))
  await next()
})

/** For a route that needs to know: `c.var.viewer` is the user. Anybody else gets 401. */
export const mustLogIn = createMiddleware<Known<User>>(async (c, next) => {
  const viewer = await viewerOf(c.req.header('authorization'), c.var.tokens)
  if (!viewer) throw unknown('log in first: say Authorization: Token …')
  c.set('viewer', viewer)
  await next()
})

/**
 * The user of `Authorization: Token …`; undefined when the request does not say.
 *
 * @throws {HttpError} 401 when the token is no good, or its user is gone
 */
async function viewerOf(header: string | undefined, tokens: Tokens): Promise<User | undefined> {
  if (!header) return undefined
  const token = header.match(/^(?:Token|Bearer) +(\S+)$/i)?.[1]
  if (!token) throw unknown('say Authorization: Token …')
  const user = await currentSession().find(User, await tokens.read(token))
  if (!user) throw unknown('the user of this token is gone')
  return user
}

const unknown = (reason: string) => new HttpError(401, { body: [reason] })
