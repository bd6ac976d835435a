import {
  CheckViolation,
  ConnectionLostError,
  DatabaseError,
  DataError,
  DeadlockError,
  type Failure,
  ForeignKeyViolation,
  NotNullViolation,
  SerializationFailure,
  TimeoutError,
  UniqueViolation,
} from './errors.ts'

/** What PostgreSQL, or `pg`, says about an error. */
interface Report {
  readonly code?: string
  readonly message?: string
  readonly table?: string
  readonly column?: string
  readonly detail?: string
}

/**
 * Gives an error of PostgreSQL, or of the connection to it, the name that both databases share.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function translatePostgres(failure: Failure): DatabaseError {
  const report = failure.cause as Report
  const known = errors[report.code ?? '']
  if (known) return known(failure, report)
  if (report.code?.startsWith('22')) return new DataError(failure)
  if (isLost(report)) return new ConnectionLostError(failure)
  return new DatabaseError(
    'The database refused the statement.',
    'Read what it said: a table or column that is not there, or a slip in the SQL, is the usual reason.',
    failure,
  )
}

const errors: Record<string, (failure: Failure, report: Report) => DatabaseError> = {
  '23502': (failure, { table, column }) =>
    new NotNullViolation(failure, column && `${table}.${column}`),
  '23503': (failure) => new ForeignKeyViolation(failure),
  '23505': (failure, report) => new UniqueViolation(failure, columnsOf(report)),
  '23514': (failure) => new CheckViolation(failure),
  '40001': (failure) => new SerializationFailure(failure),
  '40P01': (failure) => new DeadlockError(failure),
  '55P03': (failure) => new TimeoutError(failure),
  '57014': (failure) => new TimeoutError(failure),
}

/** `Key (user_id, slug)=(1, hello) already exists.` */
function columnsOf({ table, detail }: Report): string[] {
  const names = detail?.match(/^Key \((.*?)\)=/)?.[1]
  return names ? names.split(', ').map((name) => `${table}.${name}`) : []
}

/** Class 08 is about connections, 57P01 to 57P03 about a server that stops; the others come from the socket and from `pg`. */
const isLost = ({ code = '', message = '' }: Report): boolean =>
  /^08|^57P0[1-3]|^E(CONNRESET|CONNREFUSED|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)$/.test(code) ||
  /Connection terminated|not queryable|connection error|Connection ended/i.test(message)
