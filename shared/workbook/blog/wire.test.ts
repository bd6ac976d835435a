import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { createApp, serve } from '#stage/10-blog-app'
import { openBlog, passwords, secret } from '../../../10-blog-app/tests/client.ts'

// What no client of good will sends: bytes on the wire, as somebody types them who looks for a hole.

let database: AsyncDatabase
let server: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  database = openSqliteAsync()
  await openBlog(database, { sample: true })
  server = await serve(createApp({ database, secret, passwords }), 0)
})
afterAll(async () => {
  await server.drain()
  await database.close()
})

/** Sends bytes, and gives what comes back until the server hangs up. */
async function send(...lines: string[]): Promise<string> {
  const socket = connect(Number(new URL(server.url).port))
  await once(socket, 'connect')
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  let answer = ''
  try {
    for await (const part of socket.setEncoding('utf8')) answer += part
  } catch (error) {
    if (!isHungUp(error)) throw error
  }
  return answer
}

/** Who hangs up on somebody who is still sending resets the connection; what was said before has come. */
const isHungUp = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')

const end = 'Connection: close'
const host = 'Host: blog.example'
const status = (answer: string): number => Number(answer.match(/^HTTP\/1\.1 (\d{3})/)?.[1])

const strange: Record<string, string[]> = {
  'a host that is none': ['GET / HTTP/1.1', 'Host: [', end],
  'a host with a space': ['GET / HTTP/1.1', 'Host: a b', end],
  'a host with markup': ['GET / HTTP/1.1', 'Host: <b>x</b>', end],
  'no host': ['GET / HTTP/1.1', end],
  'two lengths': ['POST /posts/ HTTP/1.1', host, 'Content-Length: 1', 'Content-Length: 2', end],
  'a length and chunks': [
    ...['POST /posts/ HTTP/1.1', host, 'Content-Length: 5', 'Transfer-Encoding: chunked', end],
    ...['', '0'],
  ],
  'chunks that are none': [
    ...['POST /posts/ HTTP/1.1', host, 'Transfer-Encoding: chunked', end, '', 'zz'],
  ],
  'a length below nothing': ['POST /posts/ HTTP/1.1', host, 'Content-Length: -1', end],
  'a method that is none': ['G\u0001T / HTTP/1.1', host, end],
  'an address with a space': ['GET /a b HTTP/1.1', host, end],
  'another protocol': ['GET / HTTP/9.9', host, end],
  'a header that never ends': ['GET / HTTP/1.1', host, `X: ${'x'.repeat(40_000)}`, end],
  'a header in a header': ['GET / HTTP/1.1', host, 'X: a\rY: b', end],
}

describe('on the wire', () => {
  test.each(Object.entries(strange))('%s is refused', async (_, lines) => {
    const answer = await send(...lines)
    expect(answer).not.toMatch(/\n\s+at |node_modules|<b>x|\.ts:\d/)
    expect(status(answer), answer).toBeOneOf([400, 404, 413, 431])
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
  })

  test.each(['http://evil.example/', '//evil.example/', '/\\evil.example', '/%2f%2fevil.example'])(
    'nobody is led elsewhere by %s',
    async (target) => {
      const answer = await send(`GET ${target} HTTP/1.1`, host, 'Accept: text/html', end)
      expect(status(answer), answer).toBeOneOf([200, 400, 404])
      expect(answer).not.toMatch(/^location:/im)
      expect(answer).not.toContain('evil.example')
    },
  )

  test('a header of an answer cannot be made from outside', async () => {
    const answer = await send('GET /x%0d%0aSet-Cookie:%20a=b HTTP/1.1', host, end)
    expect(status(answer)).toBe(404)
    expect(answer).not.toMatch(/^set-cookie/im)
  })

  test('more than a body may hold is refused before it has all come', async () => {
    const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`
    const answer = await send(
      ...['POST /posts/ HTTP/1.1', host, 'Transfer-Encoding: chunked', end, ''],
      `${chunk.repeat(5)}0`,
    )
    expect(status(answer), answer).toBe(413)
    const said = await send('POST /posts/ HTTP/1.1', host, 'Content-Length: 99999999', end)
    expect(status(said), said).toBe(413)
  })
})
