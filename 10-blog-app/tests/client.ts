import type { AsyncDatabase } from '#shared/driver/async-driver'
import { type RecordedDatabase, recordAsync } from '#shared/driver/async-recorder'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { TodoError } from '#shared/todo'
import {
  type AppOptions,
  addSampleData,
  answerFor,
  createApp,
  createPasswords,
  createTokens,
  migrateBlog,
} from '#stage/10-blog-app'

export const secret = 'a secret for tests, and for tests alone'
export const tokens = createTokens(secret)

/** Cheap ones, so that a test can register whom it likes. */
export const passwords = createPasswords({ N: 2 ** 10, r: 8, p: 1 })

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body, when it is JSON. */
  readonly json: any
}

export interface Ask {
  readonly token?: string | undefined
  readonly headers?: Record<string, string>
  readonly body?: unknown
  /** The body as it stands, in place of JSON. */
  readonly raw?: string
}

/** A blog in memory, and somebody who asks it things. */
export interface Client {
  readonly database: RecordedDatabase
  ask(method: string, path: string, ask?: Ask): Promise<Answer>
  /** Registers a user, and gives the token. */
  register(username: string): Promise<string>
  /** Writes an article, and gives it. */
  write(token: string, article?: object): Promise<any>
  /** How many statements an answer takes, BEGIN and COMMIT among them. */
  statementsOf(method: string, path: string, ask?: Ask): Promise<number>
}

export async function openBlog(
  database: AsyncDatabase = openSqliteAsync(),
  { sample = false } = {},
): Promise<Client> {
  const recorded = recordAsync(database)
  await migrateBlog(recorded)
  if (sample) await addSampleData(recorded, passwords)
  return clientOf(recorded)
}

export function clientOf(database: RecordedDatabase, more: Partial<AppOptions> = {}): Client {
  let failure: unknown
  const app = createApp({
    database,
    secret,
    passwords,
    onError: (error) => {
      failure = error
    },
    ...more,
  })
  const ask: Client['ask'] = async (method, path, { token, headers, body, raw } = {}) => {
    const response = await app.request(path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Token ${token}` }),
        'content-type': 'application/json',
        ...headers,
      },
      ...(raw !== undefined ? { body: raw } : body !== undefined && { body: JSON.stringify(body) }),
    })
    if (response.status === 501) throwGap(failure)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const { status } = response
    return { status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
  }
  return {
    database,
    ask,
    async register(username) {
      const user = { username, email: `${username}@example.com`, password: 'long enough' }
      const { json } = await ask('POST', '/api/users', { body: { user } })
      return json.user.token
    },
    async write(token, article = {}) {
      const values = { title: 'Hello', description: 'A greeting', body: 'Hello, world', ...article }
      const { json } = await ask('POST', '/api/articles', { token, body: { article: values } })
      return json.article
    },
    async statementsOf(...given) {
      database.forget()
      await ask(...given)
      return database.statements.length
    },
  }
}

/** The blog answers 501 where a task is not written yet. A test stops at the gap itself, so that the report names its line. */
function throwGap(failure: unknown): never {
  if (!(failure instanceof TodoError)) answerFor(failure)
  throw failure
}
