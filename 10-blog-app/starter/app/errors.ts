import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { ZodError } from 'zod'
import {
  BusyError,
  CheckViolation,
  ConnectionLostError,
  DatabaseError,
  DeadlockError,
  ForeignKeyViolation,
  NotNullViolation,
  PoolClosedError,
  PoolTimeoutError,
  SerializationFailure,
  TimeoutError,
  UniqueViolation,
} from '#shared/driver/errors'
import { todo } from '#shared/todo'
import { LostRowError, NotFoundError } from '../session/errors.ts'

/** What is wrong, by field; `body` holds whole sentences, for those who show them as they are. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>

/** What a client is told when a request fails. */
export interface Answer {
  readonly status: ContentfulStatusCode
  readonly errors: FieldErrors
}

/** A request that the blog itself refuses. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: ContentfulStatusCode
  readonly errors: FieldErrors

  constructor(status: ContentfulStatusCode, errors: FieldErrors) {
    super(Object.values(errors).flat().join('; '))
    this.status = status
    this.errors = errors
  }
}

export const notFound = (what: string) => new HttpError(404, { body: [`there is no such ${what}`] })

/**
 * What a client is told of an error: what it can do something about, and never the SQL, the parameters or the stack.
 *
 * | the error | status |
 * | --- | --- |
 * | a value that the schema at the door refuses | 422 |
 * | unique, foreign key, check, not null | 422, with the field |
 * | no such row | 404 |
 * | somebody else has changed the row | 409 |
 * | no connection, no server, out of time | 503 |
 * | anything else: a mistake of ours | 500 |
 */
export function answerFor(error: unknown): Answer {
  // TODO(3): what the blog refuses says itself how: an HttpError, a ZodError (`fieldsOf`), an HTTPException of Hono.
  // Then rows, then the database; and what nobody knows is `ours`.
  return todo('Task 3: errors that speak HTTP')
}

const ours: Answer = { status: 500, errors: { body: ['something went wrong on our side'] } }

function answerForRow(error: unknown): Answer | undefined {
  // TODO(3): no such row; a row that somebody has changed or deleted; the four constraints, each with its `field`, which `lastPart` and
  // `keyColumn` find: 'is already taken', 'must have a value', 'points to something that is not there'. undefined when it is about no row.
  return todo('Task 3: errors that speak HTTP')
}

/** The database cannot answer now, and may a moment later. */
const passing = [
  BusyError,
  ConnectionLostError,
  DeadlockError,
  PoolClosedError,
  PoolTimeoutError,
  SerializationFailure,
  TimeoutError,
]

function answerForDatabase(error: unknown): Answer | undefined {
  // TODO(3): 503 for whatever is `passing`, and for a connection that could not be made at all: its SQL is '(connect)'.
  return todo('Task 3: errors that speak HTTP')
}

const sentence = (status: ContentfulStatusCode, text: string): Answer => ({
  status,
  errors: { body: [text] },
})

const field = (name: string, text: string): Answer => ({
  status: 422,
  errors: name === 'body' ? { body: [text] } : { body: [`${name} ${text}`], [name]: [text] },
})

/** `users.email` → `email` */
const lastPart = (column = 'body'): string => column.split('.').at(-1)!

/** PostgreSQL says it in words: `Key (user_id)=(99) is not present in table "users".` SQLite does not say. */
const keyColumn = ({ cause }: ForeignKeyViolation): string =>
  String((cause as { detail?: string } | undefined)?.detail ?? '').match(/^Key \((\w+)\)=/)?.[1] ??
  'body'

/** The innermost property that was wrong: `user.email` → `email`. */
function fieldsOf({ issues }: ZodError): FieldErrors {
  const errors: Record<string, string[]> = { body: [] }
  for (const { path, message } of issues) {
    const name = String(path.findLast((part) => typeof part === 'string') ?? 'body')
    errors.body!.push(name === 'body' ? message : `${name}: ${message}`)
    if (name !== 'body') errors[name] = [...(errors[name] ?? []), message]
  }
  return errors
}
