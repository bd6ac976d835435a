import type { MiddlewareHandler } from 'hono'

/** What a page may load: nothing. Were markup of somebody to reach a page after all, it could run and send nothing. */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Puts the policy on what is a page, errors among them. @see https://www.w3.org/TR/CSP3/ */
export const pagePolicy: MiddlewareHandler = async (c, next) => {
  await next()
  const isPage = c.res.headers.get('content-type')?.startsWith('text/html')
  if (isPage && !c.res.headers.has(name)) c.header(name, policy)
}

const name = 'Content-Security-Policy'
