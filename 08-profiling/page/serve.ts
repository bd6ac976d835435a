import type { AddressInfo } from 'node:net'
import { serve as listen } from '@hono/node-server'
import { createApp } from './app.ts'

export interface Served {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the pages on this machine alone: the lens shows SQL and parameters to everybody who can open them.
 *
 * @param port 0 takes any that is free
 */
export function serve(port = 0, app = createApp()): Promise<Served> {
  return new Promise((resolve, reject) => {
    const server = listen({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info: AddressInfo) =>
      resolve({ url: `http://127.0.0.1:${info.port}`, close: () => closed(server) }),
    )
    server.once('error', reject)
  })
}

const closed = (server: ReturnType<typeof listen>): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
