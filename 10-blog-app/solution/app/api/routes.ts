import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import type { Tokens } from '../auth.ts'
import { ErrorAnswer } from '../schemas.ts'

/** What the handlers need beside the session of their request. */
export interface Parts {
  readonly tokens: Tokens
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

/** For the document: who must say who they are. */
export const security = [{ Token: [] }]

export { createRoute }
