import { Writable } from 'node:stream'
import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Client, clientOf, openBlog } from '../../../10-blog-app/tests/client.ts'

let blog: Client
let lines: Record<string, any>[]
let written: string

beforeEach(async () => {
  const { database } = await openBlog(undefined, { sample: true })
  lines = []
  written = ''
  const logger = pino(
    new Writable({
      write(chunk, _, done) {
        written += chunk
        lines.push(JSON.parse(String(chunk)))
        done()
      },
    }),
  )
  blog = clientOf(database, { logger })
})

describe('the log', () => {
  test('has a line for each request: who, what, what came of it, in how many statements', async () => {
    const { headers } = await blog.ask('GET', '/api/articles?tag=orm')
    expect(lines).toEqual([
      expect.objectContaining({
        level: 30,
        msg: 'request',
        requestId: headers.get('x-request-id'),
        ...{ method: 'GET', path: '/api/articles', status: 200, statements: 5 },
        ms: expect.any(Number),
      }),
    ])
  })

  test('counts each statement for the request that sent it, also when many run at once', async () => {
    const paths = ['/api/tags', '/', '/posts/', '/nowhere']
    await Promise.all(Array.from({ length: 40 }, (_, i) => blog.ask('GET', paths[i % 4]!)))
    const counts = new Set(lines.map(({ path, statements }) => `${path} ${statements}`))
    expect([...counts].toSorted()).toEqual(['/ 4', '/api/tags 1', '/nowhere 0', '/posts 2'])
    expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(40)
  })

  test('takes an id from outside when it is one, and one line is one line', async () => {
    await blog.ask('GET', '/health', { headers: { 'x-request-id': 'from-the-proxy_1' } })
    await blog.ask('GET', '/health', { headers: { 'x-request-id': '","level":60,"x":"' } })
    await blog.ask('GET', '/%0a%7B%22level%22:60%7D', {})
    expect(lines.map(({ level }) => level)).toEqual([30, 30, 30])
    expect(lines[0]!.requestId).toBe('from-the-proxy_1')
    expect(lines[1]!.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(written.trim().split('\n')).toHaveLength(3)
  })

  test('says what failed and where it was asked, and nothing that people have typed', async () => {
    await blog.database.run('ALTER TABLE users RENAME TO hidden')
    const user = { username: 'eve', email: 'eve@secret.example', password: 'my secret password' }
    const { status, headers } = await blog.ask('POST', '/api/users', { body: { user } })
    expect(status).toBe(500)
    expect(lines.map(({ level, msg, status }) => [level, msg, status])).toEqual([
      [50, 'failed', undefined],
      [30, 'request', 500],
    ])
    expect(new Set(lines.map(({ requestId }) => requestId))).toEqual(
      new Set([headers.get('x-request-id')]),
    )
    expect(lines[0]!.sql).toMatch(/^INSERT INTO users/)
    expect(written).not.toMatch(/secret|scrypt/)
  })

  test('holds no password and no token', async () => {
    const user = { email: 'alice@example.com', password: 'correct horse' }
    const { json } = await blog.ask('POST', '/api/users/login', { body: { user } })
    await blog.ask('GET', `/api/user?token=${json.user.token}`, { token: json.user.token })
    expect(lines).toHaveLength(2)
    expect(written).not.toContain('correct horse')
    expect(written).not.toContain(json.user.token)
  })

  test('does not take what the client can mend for a mistake of ours', async () => {
    await blog.ask('GET', '/api/user')
    await blog.ask('POST', '/api/users', { raw: '{' })
    expect(lines.map(({ level, status }) => [level, status])).toEqual([
      [30, 401],
      [30, 400],
    ])
  })
})
