import type { Statement } from '#shared/driver/recorder'
import { fingerprint } from './fingerprint.ts'

/** Statements of one shape that one line of the program asked for. */
export interface StatementGroup {
  readonly fingerprint: string
  readonly callSite: string | undefined
  /** In the order in which they were sent; never empty. */
  readonly statements: readonly Statement[]
}

/**
 * Puts the statements together that have the same fingerprint and the same call site, in the order of the first of each.
 *
 * The call site counts: two places that ask the same are two things to mend.
 *
 * @example
 * groupStatements(db.statements)
 * // [{ fingerprint: 'SELECT … FROM users', callSite: 'authors.ts:9', statements: [1 of them] },
 * //  { fingerprint: 'SELECT … FROM posts WHERE user_id = ?', callSite: 'authors.ts:12', statements: [100 of them] }]
 */
export function groupStatements(statements: readonly Statement[]): StatementGroup[] {
  const shapeOf = remembered(fingerprint)
  const groups = new Map<string, StatementGroup & { statements: Statement[] }>()
  for (const statement of statements) {
    const { sql, callSite } = statement
    const shape = shapeOf(sql)
    const key = `${shape}\n${callSite}`
    const group = groups.get(key)
    if (group) group.statements.push(statement)
    else groups.set(key, { fingerprint: shape, callSite, statements: [statement] })
  }
  return [...groups.values()]
}

/** The thousand statements of an N+1 have one text, which is read once. */
function remembered(give: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const result = known.get(text) ?? give(text)
    known.set(text, result)
    return result
  }
}

/** Milliseconds that the statements took together. */
export const timeOf = (statements: readonly Statement[]): number =>
  statements.reduce((sum, { milliseconds }) => sum + milliseconds, 0)

/** Rows that came back, or were changed, together. */
export const rowsOf = (statements: readonly Statement[]): number =>
  statements.reduce((sum, { rows }) => sum + rows, 0)

/** When the first of the statements was sent and the last one answered, in milliseconds of `performance.now()`. */
export function spanOf(statements: readonly Statement[]): { start: number; end: number } {
  let [start, end] = [statements[0]?.startedAt ?? 0, 0]
  for (const { startedAt, milliseconds } of statements) {
    start = Math.min(start, startedAt)
    end = Math.max(end, startedAt + milliseconds)
  }
  return { start, end: Math.max(start, end) }
}

/** What was asked, values included: two statements with the same question get the same answer, unless something was written between. */
export const questionOf = ({ sql, parameters }: Statement): string =>
  JSON.stringify([sql, ...parameters.map(spelled)])

const spelled = (value: unknown) =>
  typeof value === 'bigint' || value instanceof Uint8Array ? `${typeof value} ${value}` : value

/** How many different questions the statements are. */
export const differentIn = (statements: readonly Statement[]): number =>
  new Set(statements.map(questionOf)).size
