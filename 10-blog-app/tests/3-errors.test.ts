import { HTTPException } from 'hono/http-exception'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  BusyError,
  CheckViolation,
  ConnectionLostError,
  DatabaseError,
  DeadlockError,
  ForeignKeyViolation,
  NotNullViolation,
  PoolTimeoutError,
  SerializationFailure,
  TimeoutError,
  UniqueViolation,
} from '#shared/driver/errors'
import {
  type AsyncSession,
  answerFor,
  HttpError,
  blog as models,
  NotFoundError,
  StaleObjectError,
  withSession,
} from '#stage/10-blog-app'
import { type Client, openBlog } from './client.ts'
import { refused } from './refused.ts'

const { Article, Post, User } = models

let blog: Client
const openBefore = () =>
  beforeEach(async () => {
    blog = await openBlog(undefined, { sample: true })
  })

/** The error that some work in a session ends with, and what a client is told of it. */
async function told(work: (session: AsyncSession) => Promise<unknown>) {
  const error = await refused(() => withSession(blog.database, work))
  return { error, ...answerFor(error) }
}

const failure = { sql: 'INSERT INTO users …', parameters: ['secret'], cause: undefined }

describe('Task 3: errors that speak HTTP', () => {
  describe('what the blog itself refuses', () => {
    it('is told as it was said', () => {
      const errors = { body: ['only the author may do that'] }
      expect(answerFor(new HttpError(403, errors))).toEqual({ status: 403, errors })
    })

    it('by the schema at the door: 422, with each field', () => {
      const schema = z.object({
        user: z.object({ email: z.email('is no address'), bio: z.string() }),
      })
      const { error } = schema.safeParse({ user: { email: 'nowhere', bio: 'I write' } })
      expect(answerFor(error)).toEqual({
        status: 422,
        errors: { body: ['email: is no address'], email: ['is no address'] },
      })
    })

    it('by Hono, such as JSON that is none: with its status', () => {
      const error = new HTTPException(400, { message: 'Malformed JSON in request body' })
      expect(answerFor(error)).toEqual({
        status: 400,
        errors: { body: ['Malformed JSON in request body'] },
      })
      expect(answerFor(new HTTPException(415, { message: 'no JSON' })).status).toBe(415)
    })
  })

  describe('what the database refuses', () => {
    openBefore()

    it('a unique value that somebody has: 422, with the field', async () => {
      const { error, status, errors } = await told(async (session) => {
        session.add(new User({ username: 'Carol', email: 'bob@example.com', password: 'x' }))
        await session.flush()
      })
      expect(error).toBeInstanceOf(UniqueViolation)
      expect(status).toBe(422)
      expect(errors).toEqual({ body: ['email is already taken'], email: ['is already taken'] })
    })

    it('NULL where there must be a value: 422, with the field', async () => {
      const { error, status, errors } = await told(({ connection }) =>
        connection.run('INSERT INTO posts (title, user_id) VALUES (NULL, 1)'),
      )
      expect(error).toBeInstanceOf(NotNullViolation)
      expect(status).toBe(422)
      expect(errors).toEqual({ body: ['title must have a value'], title: ['must have a value'] })
    })

    it('a row that points to nobody: 422; SQLite does not say which field', async () => {
      const { error, status, errors } = await told(async (session) => {
        session.add(new Post({ title: 'Lost', userId: 99 }))
        await session.flush()
      })
      expect(error).toBeInstanceOf(ForeignKeyViolation)
      expect([status, errors]).toEqual([422, { body: ['points to something that is not there'] }])
    })

    it('a row that points to nobody: PostgreSQL says which field', () => {
      const cause = { detail: 'Key (user_id)=(99) is not present in table "users".' }
      expect(answerFor(new ForeignKeyViolation({ ...failure, cause }))).toEqual({
        status: 422,
        errors: {
          body: ['user_id points to something that is not there'],
          user_id: ['points to something that is not there'],
        },
      })
    })

    it('a value that a CHECK refuses: 422', () => {
      expect(answerFor(new CheckViolation(failure)).status).toBe(422)
    })
  })

  describe('rows that are not what they were', () => {
    openBefore()

    it('no such row: 404', async () => {
      const { error, status, errors } = await told((session) => session.get(Article, 99))
      expect(error).toBeInstanceOf(NotFoundError)
      expect(status).toBe(404)
      expect(errors.body?.join()).not.toContain((error as Error).message)
    })

    it('a row that somebody else has changed: 409', async () => {
      const { error, status, errors } = await told(async (session) => {
        const article = await session.get(Article, 1)
        await session.connection.run('UPDATE articles SET version = version + 1 WHERE id = 1')
        article.body = 'changed'
        await session.flush()
      })
      expect(error).toBeInstanceOf(StaleObjectError)
      expect(status).toBe(409)
      expect(errors.body?.join()).not.toContain((error as Error).message)
    })

    it('a row that somebody else has deleted: 409', async () => {
      const { status } = await told(async (session) => {
        const user = await session.get(User, 2)
        await session.connection.run('DELETE FROM users WHERE id = 2')
        user.bio = 'changed'
        await session.flush()
      })
      expect(status).toBe(409)
    })
  })

  describe('a database that cannot answer now: 503', () => {
    const usage = { size: 1, holders: [], waiting: 1 }
    const passing: [string, () => Error][] = [
      ['a connection that was lost', () => new ConnectionLostError(failure)],
      ['no connection in time', () => new PoolTimeoutError(50, usage as never)],
      ['no answer in time', () => new TimeoutError(failure)],
      ['a conflict, once more', () => new SerializationFailure(failure)],
      ['a deadlock, once more', () => new DeadlockError(failure)],
      ['a lock, once more', () => new BusyError(failure)],
      [
        'no server there',
        () =>
          new DatabaseError('There is no server.', 'Start it.', { ...failure, sql: '(connect)' }),
      ],
    ]
    it.each(passing)('%s', (_, error) => {
      expect(answerFor(error()).status).toBe(503)
    })
  })

  describe('a mistake of ours: 500', () => {
    const ours: [string, unknown][] = [
      ['SQL that is wrong', new DatabaseError('no such table: secret', 'Create it.', failure)],
      ['code that is wrong', new TypeError('secret is not a function')],
      ['something thrown that is no error', 'secret'],
      ['nothing', undefined],
    ]
    it.each(ours)('%s, and nothing of it is told', (_, error) => {
      expect(answerFor(error)).toEqual({
        status: 500,
        errors: { body: ['something went wrong on our side'] },
      })
    })
  })

  it('tells nobody what was sent, or where', async () => {
    const errors = [
      new UniqueViolation(failure, ['users.email']),
      new NotNullViolation(failure, 'users.email'),
      new ForeignKeyViolation(failure),
      new CheckViolation(failure),
      new TimeoutError(failure),
      new ConnectionLostError(failure),
    ]
    const said = JSON.stringify(errors.map(answerFor))
    expect(said).not.toMatch(/secret|INSERT|users|\.ts/)
  })

  describe('and so clients hear what is wrong', () => {
    openBefore()

    it('a post of nobody, a post and a user that are not there', async () => {
      const lost = await blog.ask('POST', '/posts/', { body: { title: 'Lost', user_id: 99 } })
      expect([lost.status, lost.json.errors.user_id]).toEqual([422, ['there is no such user']])
      expect((await blog.ask('GET', '/posts/')).json).toHaveLength(2)
      expect((await blog.ask('GET', '/posts/99')).status).toBe(404)
      expect((await blog.ask('GET', '/users/99')).status).toBe(404)
    })

    it('a name that is taken, at the door of the API', async () => {
      const user = { username: 'Alice', email: 'other@example.com', password: 'long enough' }
      const { status, json } = await blog.ask('POST', '/api/users', { body: { user } })
      expect([status, json.errors.username]).toEqual([422, ['is already taken']])
    })

    it('a browser gets a page', async () => {
      const page = await blog.ask('GET', '/authors/nobody', { headers: { accept: 'text/html' } })
      expect([page.status, page.headers.get('content-type')]).toEqual([
        404,
        expect.stringMatching(/^text.html/),
      ])
    })

    it('a database that is closed: try again in a second', async () => {
      await blog.database.close()
      const { status, headers } = await blog.ask('GET', '/posts/')
      expect([status, headers.get('retry-after')]).toEqual([503, '1'])
    })
  })
})
