import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve as listen } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'

/** A server that runs. */
export interface RunningServer {
  readonly url: string
  /**
   * Takes no new connections, answers what has begun, and ends.
   *
   * @param patience how long answers may take until they are broken off, in milliseconds: 10000
   */
  drain(patience?: number): Promise<void>
}

/** The server could not listen. */
export class ServeError extends Error {
  override readonly name = 'ServeError'

  constructor(port: number, cause: Error) {
    super(
      `The server cannot listen on port ${port}: ${cause.message}. ` +
        'This usually happens when it runs already, in another terminal, or when the port is below 1024. ' +
        `End that one, or take another port: PORT=${port + 1} npm start -- 10`,
      { cause },
    )
  }
}

/**
 * Serves an application.
 *
 * @param port 0 takes one that is free
 *
 * @throws {ServeError} when the port is taken
 */
export async function serve(app: OpenAPIHono, port: number): Promise<RunningServer> {
  const server = listen({ fetch: app.fetch, port }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', (cause) => reject(new ServeError(port, cause)))
  })
  const { port: taken } = server.address() as AddressInfo
  return { url: `http://localhost:${taken}`, drain: (patience) => drain(server, patience) }
}

function drain(server: Server, patience = 10_000): Promise<void> {
  // Who asks again on a connection that is open is answered once more, and told to go.
  server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'))
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const end = setTimeout(() => server.closeAllConnections(), patience)
  return new Promise<void>((resolve) => {
    server.close(() => resolve())
  }).finally(() => {
    clearInterval(idle)
    clearTimeout(end)
  })
}
