import { describe, expect, it } from 'vitest'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { TodoError } from '#shared/todo'
import { createApp, createTokens, migrateBlog } from '#stage/10-blog-app'
import { secret } from '../../../10-blog-app/tests/client.ts'

/** A blog in which reading a token is a task that waits, in a file of this name. */
async function openUnwritten(file: string) {
  const database = openSqliteAsync()
  await migrateBlog(database)
  const read = () => {
    const gap = new TodoError('Task 9: read a token')
    gap.stack = `TodoError: Task 9\n    at read (${file}:12:5)\n    at node:internal`
    throw gap
  }
  return createApp({ database, secret, tokens: { ...createTokens(secret), read } })
}

const ask = async (file: string, path: string, accept: string) =>
  (await openUnwritten(file)).request(path, { headers: { authorization: 'Token x', accept } })

describe('a blog of which a task is not written yet', () => {
  it.each([
    ['/home/me/course/10-blog-app/starter/app/tokens.ts'],
    ['file:///home/me/my%20course/10-blog-app/starter/app/tokens.ts'],
    ['C:\\course\\10-blog-app\\starter\\app\\tokens.ts'],
  ])('answers 501, with the task and the place: %s', async (file) => {
    const answer = await ask(file, '/api/user', '*/*')
    expect(answer.status).toBe(501)
    expect(await answer.json()).toEqual({
      errors: {
        body: [
          'Task 9: read a token — not written yet',
          'Write it in 10-blog-app/starter/app/tokens.ts:12',
        ],
      },
    })
  })

  it('names the task alone where the place is none of a starter', async () => {
    const answer = await ask('/elsewhere/tokens.ts', '/api/user', '*/*')
    const body = ['Task 9: read a token — not written yet']
    expect(await answer.json()).toEqual({ errors: { body } })
  })

  it('answers what does not need the task', async () => {
    const app = await openUnwritten('/x.ts')
    expect((await app.request('/posts/')).status).toBe(200)
    expect((await app.request('/health')).status).toBe(200)
  })
})
