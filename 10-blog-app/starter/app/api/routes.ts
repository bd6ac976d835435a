import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import type { Passwords } from '../auth/passwords.ts'
import type { Tokens } from '../auth/tokens.ts'
import { mayLogIn, mustLogIn } from '../auth/viewer.ts'
import { ErrorAnswer } from '../schemas.ts'

/** What the application needs beside the session of a request. */
export interface Parts {
  readonly tokens: Tokens
  readonly passwords: Passwords
}

/** Handlers whose input is checked before they run: what does not fit is thrown, and answered in errors.ts. */
export const createRoutes = (): OpenAPIHono =>
  new OpenAPIHono({
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw result.error
    },
  })

/** A JSON body that a request must have. */
export const jsonBody = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
})

/** A JSON answer. */
export const json = <S extends z.ZodType>(description: string, schema: S) => ({
  description,
  content: { 'application/json': { schema } },
})

/** For the document: how requests fail. Handlers throw, so no handler gives these. */
export const failures = { default: json('What is wrong, by field', ErrorAnswer) }

const byToken: Record<string, string[]> = { Token: [] }

/** A route for those who are logged in. */
export const closed = { security: [byToken], middleware: mustLogIn }

/** A route for everybody, which has more to say to those who are logged in. */
export const open = { security: [{}, byToken], middleware: mayLogIn }

export { createRoute }
