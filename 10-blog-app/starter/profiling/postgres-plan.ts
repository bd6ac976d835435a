import type { Figures, PlanStep } from './explain-plan.ts'

// Reads the plans of PostgreSQL. Nothing here knows a connection.

/** One step, as `EXPLAIN (FORMAT JSON)` writes it. What is missing does not apply, or was not counted. */
interface PostgresNode {
  readonly 'Node Type': string
  readonly 'Join Type'?: string
  readonly 'Relation Name'?: string
  readonly Alias?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Hash Cond'?: string
  readonly 'Merge Cond'?: string
  readonly 'Join Filter'?: string
  readonly Filter?: string
  readonly 'Sort Key'?: readonly string[]
  readonly 'Total Cost': number
  readonly 'Plan Rows': number
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Actual Total Time'?: number
  readonly 'Shared Hit Blocks'?: number
  readonly 'Shared Read Blocks'?: number
  readonly Plans?: readonly PostgresNode[]
}

/**
 * Makes the tree of a plan of PostgreSQL: the same that `readPlan` makes of one of SQLite.
 *
 * @param json what `EXPLAIN (FORMAT JSON)` gives, with `ANALYZE, BUFFERS` or without
 *
 * @example
 * readPostgresPlan('[{"Plan": {"Node Type": "Seq Scan", "Relation Name": "posts", …}}]')
 * // [{ kind: 'scan', source: 'posts', figures: { cost: 38, expectedRows: 20, rows: 20, pages: 18, … }, … }]
 *
 * @see https://www.postgresql.org/docs/current/sql-explain.html
 */
export function readPostgresPlan(json: string): PlanStep[] {
  const [explained] = JSON.parse(json) as [{ readonly Plan: PostgresNode }]
  return [stepOf(explained.Plan)]
}

function stepOf(node: PostgresNode): PlanStep {
  const figures = figuresOf(node)
  return {
    detail: [wordsOf(node), ...shown(figures)].join(' · '),
    kind: kindOf(node),
    source: node.Alias ?? node['Relation Name'],
    index: node['Index Name'],
    isAutomatic: false,
    figures,
    steps: (node.Plans ?? []).map(stepOf),
  }
}

/** An index that is read from end to end, for its order, finds nothing: it has no condition. */
function kindOf(node: PostgresNode): PlanStep['kind'] {
  const type = node['Node Type']
  if (type === 'Seq Scan') return 'scan'
  if (/^Index( Only)? Scan$/.test(type)) return node['Index Cond'] ? 'search' : 'scan'
  if (/^(Bitmap (Heap|Index)|Tid( Range)?) Scan$/.test(type)) return 'search'
  return /Sort$/.test(type) ? 'sort' : 'other'
}

/** PostgreSQL counts for one round; inside of a loop a step is run many times. */
function figuresOf(node: PostgresNode): Figures {
  const rounds = node['Actual Loops'] ?? 1
  const inAll = (count: number | undefined) => (count === undefined ? undefined : count * rounds)
  const pages = (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0)
  return {
    cost: node['Total Cost'],
    expectedRows: node['Plan Rows'] * rounds,
    rows: inAll(node['Actual Rows']),
    milliseconds: inAll(node['Actual Total Time']),
    pages: node['Shared Hit Blocks'] === undefined ? undefined : pages,
  }
}

/** `Hash Left Join (posts.user_id = users.id)`, `Index Scan using ix_posts_user_id on posts p (user_id = 1)` */
function wordsOf(node: PostgresNode): string {
  const join = node['Join Type']
  const type =
    join && join !== 'Inner'
      ? node['Node Type'].replace(/ ?(Join|Loop)$/, ` ${join} $1`)
      : node['Node Type']
  const index = node['Index Name'] && `using ${node['Index Name']}`
  const condition = conditionOf(node)
  return [type, index, tableOf(node), condition].filter(Boolean).join(' ')
}

function tableOf({ Alias: alias, 'Relation Name': table }: PostgresNode): string | undefined {
  if (!table) return alias && `on ${alias}`
  return alias && alias !== table ? `on ${table} ${alias}` : `on ${table}`
}

function conditionOf(node: PostgresNode): string | undefined {
  const condition =
    node['Index Cond'] ??
    node['Hash Cond'] ??
    node['Merge Cond'] ??
    node['Join Filter'] ??
    node.Filter
  return condition ?? (node['Sort Key'] && `by ${node['Sort Key'].join(', ')}`)
}

function shown({ expectedRows, rows, pages, milliseconds, cost }: Figures): string[] {
  if (rows === undefined) return [`${count(expectedRows, 'row')} expected`, `cost ${cost}`]
  const found = `${count(rows, 'row')} (${expectedRows.toLocaleString('en')} expected)`
  const took = milliseconds === undefined ? [] : [`${milliseconds.toFixed(2)} ms`]
  return [found, ...(pages === undefined ? [] : [count(pages, 'page')]), ...took]
}

const count = (n: number, what: string) =>
  `${Math.round(n).toLocaleString('en')} ${what}${Math.round(n) === 1 ? '' : 's'}`
