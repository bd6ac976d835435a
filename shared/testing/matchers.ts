import { align, type Pair } from './align.ts'
import { describeExpected, type ExpectedStatement, fits, type Sent } from './expected.ts'
import { describeGroups, describeSent, type Recorded, sentOf } from './statements.ts'

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * Passes when exactly these statements were sent since the connection was opened or `forget()` was called, in this order.
     *
     * @example
     * expect(db).toHaveSent(['BEGIN', { statement: 'UPDATE users SET name', parameters: ['Robert', 2] }, 'COMMIT'])
     */
    toHaveSent(expected: readonly ExpectedStatement[]): void
    /**
     * Passes when so many statements were sent, whatever they are.
     *
     * @example
     * expect(db).toHaveSentCount(2)
     */
    toHaveSentCount(expected: number): void
  }
}

interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

export const matchers = {
  toHaveSent(received: unknown, expected: readonly ExpectedStatement[]): Verdict {
    const sent = sentOf(recordingOf(received, 'toHaveSent'))
    const pairs = align(expected, sent, fits)
    const pass = pairs.every(({ matches }) => matches)
    return { pass, message: () => (pass ? unwanted(sent) : difference(expected, sent, pairs)) }
  },

  toHaveSentCount(received: unknown, expected: number): Verdict {
    const sent = sentOf(recordingOf(received, 'toHaveSentCount'))
    const pass = sent.length === expected
    return { pass, message: () => (pass ? unwanted(sent) : countDifference(expected, sent)) }
  },
}

function recordingOf(received: unknown, matcher: string): readonly Recorded[] {
  const statements = (received as { statements?: unknown } | null | undefined)?.statements
  if (Array.isArray(statements)) return statements
  throw new TypeError(
    `${matcher} needs a connection that remembers what was sent: openBlog() or record(connection).`,
  )
}

/** `expected 2 queries, saw 11: SELECT … WHERE "user_id" = ? ×10 ← N+1`, then all that were sent. */
function countDifference(expected: number, sent: readonly Sent[]): string {
  const groups = describeGroups(sent)
  const head = `expected ${count(expected, 'query', 'queries')}, saw ${sent.length}`
  return [[head, ...groups.filter(isLoud)].join(': '), '', 'Sent:', ...numbered(groups)].join('\n')
}

/** The statements sent beside those expected; `=` where they agree. */
function difference(
  expected: readonly ExpectedStatement[],
  sent: readonly Sent[],
  pairs: readonly Pair<ExpectedStatement, Sent>[],
): string {
  const others = expected.length === sent.length ? 'others' : sent.length
  const head = `expected ${count(expected.length, 'statement', 'statements')}, saw ${others}`
  const rows = mergeRepeats(pairs.map(toRow))
  const width = Math.max(...rows.map((row) => row.expected.length), 'expected'.length)
  const lines = rows.map((row) => `  ${row.mark} ${row.expected.padEnd(width)}   ${row.sent}`)
  return [
    [head, ...describeGroups(sent).filter(isLoud)].join(': '),
    '',
    `    ${'expected'.padEnd(width)}   sent`,
    ...lines.map((line) => line.trimEnd()),
  ].join('\n')
}

interface Line {
  readonly mark: '=' | '≠'
  readonly expected: string
  readonly sent: string
  readonly sql?: string | undefined
  readonly times: number
}

function toRow({ expected, sent, matches }: Pair<ExpectedStatement, Sent>): Line {
  return {
    mark: matches ? '=' : '≠',
    expected: expected === undefined ? '(nothing)' : describeExpected(expected),
    sent: sent === undefined ? '(nothing)' : describeSent(sent),
    sql: expected === undefined ? sent?.sql : undefined,
    times: 1,
  }
}

/** Ten equal statements that nobody expected are one line. */
function mergeRepeats(rows: readonly Line[]): Line[] {
  const merged: Line[] = []
  for (const row of rows) {
    const last = merged.at(-1)
    if (last && row.sql !== undefined && last.sql === row.sql)
      merged[merged.length - 1] = { ...last, times: last.times + 1 }
    else merged.push(row)
  }
  return merged.map((row) =>
    row.times === 1 ? row : { ...row, sent: `${row.sent}  and ${row.times - 1} more like it` },
  )
}

function unwanted(sent: readonly Sent[]): string {
  return ['expected other statements than these:', ...numbered(describeGroups(sent))].join('\n')
}

const isLoud = (line: string) => line.endsWith('← N+1')

const count = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${n} ${many}`)

const numbered = (lines: readonly string[]) =>
  lines.length ? lines.map((line) => `  ${line}`) : ['  (nothing)']
