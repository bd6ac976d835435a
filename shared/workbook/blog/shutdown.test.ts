import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createApp, migrateBlog, serve } from '#stage/10-blog-app'
import { secret } from '../../../10-blog-app/tests/client.ts'
import { openSqliteAsync } from '../../driver/sqlite-async.ts'
import { type BlogProcess, startBlog, until } from './blog-process.ts'

// The blog is asked to end: it finishes what has begun, and takes nothing new.

/** A connection that says what it likes, when it likes. */
interface Line {
  readonly socket: Socket
  /** All that was answered so far. */
  heard(): string
  isClosed(): boolean
}

async function dial(url: string): Promise<Line> {
  const socket = connect(Number(new URL(url).port), 'localhost')
  let [heard, isClosed] = ['', false]
  socket.on('data', (part) => (heard += part)).on('error', () => {})
  socket.once('close', () => {
    isClosed = true
  })
  await once(socket, 'connect')
  return { socket, heard: () => heard, isClosed: () => isClosed }
}

const isRefused = (url: string) =>
  dial(url).then(
    ({ socket }) => {
      socket.destroy()
      return false
    },
    ({ code }) => code === 'ECONNREFUSED',
  )

const body = JSON.stringify({ title: 'Begun before the end', user_id: 1 })
const post = [
  'POST /posts/ HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/json',
  `Content-Length: ${body.length}`,
  '',
]
const get = 'GET /posts/ HTTP/1.1\r\nHost: localhost\r\n\r\n'

// Windows has no signals that a program may answer: there Ctrl-C in the terminal is all there is.
if (process.platform !== 'win32')
  describe('a blog that is asked to end', { timeout: 180_000 }, () => {
    let blog: BlogProcess | undefined
    afterEach(() => blog?.kill())

    it.each(['SIGTERM', 'SIGINT'] as const)(
      'answers on %s what has begun, and ends',
      async (signal) => {
        blog = await startBlog({})
        const idle = await dial(blog.url)
        idle.socket.write(get)
        await until('a first answer', () => idle.heard().includes('My Second Post'))
        const begun = await dial(blog.url)
        begun.socket.write(`${post.join('\r\n')}\r\n${body.slice(0, 10)}`)
        await until('the blog has the beginning', () => begun.socket.bytesWritten > 100)
        // It is heard as begun when another request behind it is answered.
        await fetch(`${blog.url}/health`)

        blog.child.kill(signal)
        await until('nobody is let in', () => isRefused(blog!.url))
        await until('the idle connection is closed', () => idle.isClosed())
        expect(begun.isClosed()).toBe(false)
        begun.socket.write(body.slice(10))
        await until('the connection is closed', () => begun.isClosed())

        expect(begun.heard()).toMatch(/^HTTP\/1.1 201 /)
        expect(begun.heard()).toContain('"title":"Begun before the end"')
        expect(await blog.ended).toEqual({ code: 0, signal: null })
      },
    )

    it('ends at once when it is asked again', async () => {
      blog = await startBlog({})
      const begun = await dial(blog.url)
      begun.socket.write(`${post.join('\r\n')}\r\n`)
      await fetch(`${blog.url}/health`)
      blog.child.kill('SIGTERM')
      await until('nobody is let in', () => isRefused(blog!.url))
      blog.child.kill('SIGTERM')
      expect(await blog.ended).toEqual({ code: 143, signal: null })
    })
  })

describe('a server that drains', { timeout: 120_000 }, () => {
  it('does not wait for ever for a client that never ends its request', async () => {
    await using database = openSqliteAsync()
    await migrateBlog(database)
    const server = await serve(createApp({ database, secret }), 0)
    const stuck = await dial(server.url)
    stuck.socket.write(`${post.join('\r\n')}\r\n`)
    await fetch(`${server.url}/health`)
    await server.drain(100)
    await until('the connection is broken off', () => stuck.isClosed())
    expect(stuck.heard()).toBe('')
    expect(database.usage.holders).toEqual([])
  })

  it('tells who keeps asking on an open connection to go', async () => {
    await using database = openSqliteAsync()
    await migrateBlog(database)
    const server = await serve(createApp({ database, secret }), 0)
    const line = await dial(server.url)
    line.socket.write(`${post.join('\r\n')}\r\n`)
    await fetch(`${server.url}/health`)
    const drained = server.drain()
    line.socket.write(body + get + get)
    await drained
    await until('the connection is closed', () => line.isClosed())
    expect(line.heard().match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 422', 'HTTP/1.1 200'])
    expect(line.heard()).toContain('Connection: close')
  })
})
