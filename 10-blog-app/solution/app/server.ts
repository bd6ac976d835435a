import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve as listen } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'

/** A server that runs. */
export interface RunningServer {
  readonly url: string
  /** Takes no new requests, answers those that have begun, and ends. */
  drain(): Promise<void>
}

/** How long requests that have begun may take when the server ends, in milliseconds. */
const patience = 10_000

/**
 * Serves an application.
 *
 * @param port 0 takes one that is free
 *
 * @throws {Error} when the port is taken
 */
export async function serve(app: OpenAPIHono, port: number): Promise<RunningServer> {
  const server = listen({ fetch: app.fetch, port }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve).once('error', reject)
  })
  const { port: taken } = server.address() as AddressInfo
  return { url: `http://localhost:${taken}`, drain: () => drain(server) }
}

function drain(server: Server): Promise<void> {
  const end = setTimeout(() => server.closeAllConnections(), patience)
  return new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  }).finally(() => clearTimeout(end))
}
