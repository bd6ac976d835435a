import type { Context } from 'hono'

/** What has a body is taken for JSON: `curl -d` says that it sends a form, whatever it sends. */
export async function withJsonBody({ req }: Context): Promise<Request> {
  if (req.method === 'GET' || req.method === 'HEAD') return req.raw
  const body = await req.text()
  const headers = new Headers(req.raw.headers)
  headers.set('content-type', 'application/json')
  const { method, url } = req
  return new Request(url, { method, headers, body: body || null, signal: req.raw.signal })
}
