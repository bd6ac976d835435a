import { describeValues, normalize, type Sent } from './expected.ts'
import { summarize } from './summary.ts'
import { statementsOf, tokenize } from './tokens.ts'

/** What the recorder keeps of a statement, as far as the matchers need it. */
export interface Recorded {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** The statements of a recording; a script counts as the statements in it. */
export function sentOf(recording: readonly Recorded[]): Sent[] {
  return recording.flatMap(({ sql, parameters }) =>
    statementsOf(sql).map((tokens) => ({
      sql: normalize(sql.slice(tokens[0]?.start, tokens.at(-1)?.end)),
      parameters,
      summary: summarize(tokens),
    })),
  )
}

/** Equal statements on one line each, with how often they were sent: `SELECT … WHERE "user_id" = ? ×10 ← N+1`. */
export function describeGroups(sent: readonly Sent[]): string[] {
  return [...groupBySql(sent).values()].map(describeGroup)
}

export function describeSent(sent: Sent): string {
  const values = sent.parameters.length ? `  ${describeValues(sent.parameters)}` : ''
  return shorten(sent.sql) + values
}

/** Three or more SELECTs that differ in nothing but their parameters: a query per row of another query. */
export function isNPlusOne(group: readonly Sent[]): boolean {
  const different = new Set(group.map((one) => describeValues(one.parameters))).size
  return group[0]?.summary.verb === 'SELECT' && group.length >= 3 && different > 1
}

function groupBySql(sent: readonly Sent[]): Map<string, Sent[]> {
  const groups = new Map<string, Sent[]>()
  for (const one of sent) groups.set(one.sql, [...(groups.get(one.sql) ?? []), one])
  return groups
}

function describeGroup(group: readonly Sent[]): string {
  const one = group[0] as Sent
  if (group.length === 1) return describeSent(one)
  return `${shorten(one.sql)} ×${group.length}${isNPlusOne(group) ? ' ← N+1' : ''}`
}

/** Long select lists say little: `SELECT "id", "title" FROM "posts"` becomes `SELECT … FROM "posts"`. */
function shorten(sql: string, limit = 100): string {
  const brief = sql.length > 50 ? withoutSelectList(sql) : sql
  return brief.length > limit ? `${brief.slice(0, limit - 1)}…` : brief
}

function withoutSelectList(sql: string): string {
  const tokens = tokenize(sql)
  const from = tokens.find((token) => token.depth === 0 && /^from$/i.test(token.text))
  const isSelect = /^select$/i.test(tokens[0]?.text ?? '')
  return isSelect && from ? `SELECT … ${sql.slice(from.start)}` : sql
}
