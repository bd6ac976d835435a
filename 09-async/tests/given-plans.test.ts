import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import {
  explainPlan,
  explainWith,
  fullScansOf,
  type PlanStep,
  proposeIndexes,
  showPlan,
} from '#stage/09-async'
import { databases, onPostgres } from './databases.ts'

// The plans of stage 08, from both databases. The tables are large enough for PostgreSQL to want an index: a small one it reads
// from end to end, and is right.

const authors = 500
const each = 20

async function openLarge(open: () => Promise<RecordedDatabase>): Promise<RecordedDatabase> {
  const db = await open()
  await using connection = await db.connect()
  await connection.exec(rowsOn(db.dialect.name))
  db.forget()
  return db
}

/** Users 1001, 1002, …, each with so many posts. */
const rowsOn = (dialect: 'sqlite' | 'postgres') => `
  ${numbers(dialect, authors)}
  INSERT INTO users (id, name, email, joined_at)${override(dialect)}
    SELECT 1000 + n, 'Author ' || n, 'author' || n || '@example.com', '2026-01-01' FROM numbers;
  ${numbers(dialect, authors * each)}
  INSERT INTO posts (id, title, content, published, created_at, user_id)${override(dialect)}
    SELECT 1000 + n, 'Post ' || n, 'A text of some length, as posts have', n > 0, '2026-01-01', 1001 + n % ${authors} FROM numbers;
  ANALYZE users; ANALYZE posts;
  DROP TABLE numbers;`

const override = (dialect: string) => (dialect === 'postgres' ? ' OVERRIDING SYSTEM VALUE' : '')

const numbers = (dialect: string, count: number) =>
  dialect === 'postgres'
    ? `DROP TABLE IF EXISTS numbers; CREATE TABLE numbers AS SELECT n FROM generate_series(1, ${count}) AS n;`
    : `DROP TABLE IF EXISTS numbers; CREATE TABLE numbers AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${count}) SELECT n FROM s;`

describe.each(databases)('Given: plans on $name', ({ name, open }) => {
  let db: RecordedDatabase
  beforeAll(async () => {
    db = await openLarge(open)
  }, 60_000)
  afterAll(() => db?.close())

  const mark = (n: number) => db.dialect.placeholder(n)
  const question = (sql: string, ...parameters: (string | number)[]) => ({ sql, parameters })
  const byAuthor = () =>
    question(`SELECT id, title FROM posts WHERE user_id = ${mark(1)} ORDER BY id`, 1007)
  const byKey = () => question(`SELECT id, title FROM posts WHERE id = ${mark(1)}`, 1010)
  const index = 'CREATE INDEX ix_posts_user_id ON posts (user_id)'
  const indexes = async () =>
    (
      await db.values(
        name === 'SQLite'
          ? "SELECT name FROM sqlite_schema WHERE name LIKE 'ix!_%' ESCAPE '!'"
          : "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix!_%' ESCAPE '!'",
      )
    ).flat()

  it('show the tables that are read from end to end', async () => {
    const scans = fullScansOf(await explainPlan(db, byAuthor()))
    expect(scans.map(({ source }) => source)).toEqual(['posts'])
    expect(fullScansOf(await explainPlan(db, byKey()))).toEqual([])
  })

  it('show which index is searched, and where rows are sorted', async () => {
    const steps = flat(
      await explainPlan(db, question('SELECT id FROM posts ORDER BY title, content')),
    )
    expect(steps.map(({ kind }) => kind)).toContain('sort')

    const plan = await explainPlan(
      db,
      question(`SELECT id FROM users WHERE email = ${mark(1)}`, 'x'),
    )
    expect(plan).toMatchObject([{ kind: 'search', source: 'users' }])
    expect(plan[0]?.index).toBeDefined()
  })

  it('are read by the same picture', async () => {
    const picture = showPlan(await explainPlan(db, byAuthor()))
    const scan = name === 'SQLite' ? 'SCAN posts' : 'Seq Scan on posts (user_id = 1007)'
    const line = picture.split('\n').find((line) => line.includes(scan))
    expect(line).toMatch(/← reads the whole table$/)
  })

  it('are asked for with an index that is not there, and the index does not stay', async () => {
    const plan = await explainWith(db, index, byAuthor())
    expect(flat(plan).map((step) => step.index)).toContain('ix_posts_user_id')
    expect(fullScansOf(plan)).toEqual([])
    expect(await indexes()).toEqual([])
  })

  it('leave no index and no open transaction behind when the question is wrong', async () => {
    await expect(explainWith(db, index, question('SELECT nothing FROM posts'))).rejects.toThrow(
      /nothing/,
    )
    expect(await indexes()).toEqual([])
    expect(db.usage.holders).toEqual([])
    expect(await db.values('SELECT count(*) FROM users')).toEqual([[authors + 3]])
  })

  it('propose an index, which was tried and does not stay', async () => {
    const [proposal, ...more] = await proposeIndexes(db, byAuthor())
    expect(more).toEqual([])
    expect(proposal?.sql).toMatch(
      /^CREATE INDEX ix_posts_user_id(_id)? ON posts \(user_id(, id)?\)$/,
    )
    expect(fullScansOf(proposal!.before)).toHaveLength(1)
    expect(fullScansOf(proposal!.after)).toEqual([])
    expect(await indexes()).toEqual([])
  })

  it('propose an index of two columns for a condition and an order', async () => {
    const newest = question(
      `SELECT id, title FROM posts WHERE user_id = ${mark(1)} ORDER BY created_at DESC LIMIT 1`,
      1007,
    )
    const proposals = await proposeIndexes(db, newest)
    expect(proposals.map(({ sql }) => sql)).toEqual([
      'CREATE INDEX ix_posts_user_id_created_at ON posts (user_id, created_at)',
    ])
  })

  it('propose nothing for what is found by its key, or cannot be found by an index', async () => {
    expect(await proposeIndexes(db, byKey())).toEqual([])
    expect(
      await proposeIndexes(db, question('SELECT count(*) FROM posts WHERE length(content) > 3')),
    ).toEqual([])
  })

  it('do not run what writes', async () => {
    const before = await db.values('SELECT max(id), count(*) FROM posts')
    const change = question(`DELETE FROM posts WHERE user_id = ${mark(1)}`, 1007)
    expect(fullScansOf(await explainPlan(db, change))[0]?.source).toBe('posts')
    await explainPlan(db, question(`INSERT INTO tags (name) VALUES (${mark(1)})`, 'explained'))
    expect(await db.values('SELECT max(id), count(*) FROM posts')).toEqual(before)
    expect(await db.values("SELECT id FROM tags WHERE name = 'explained'")).toEqual([])
  })

  it('of a join have a tree of steps', async () => {
    const plan = await explainPlan(
      db,
      question(
        `SELECT posts.title FROM posts JOIN users ON users.id = posts.user_id WHERE users.name = ${mark(1)}`,
        'Author 7',
      ),
    )
    const sources = flat(plan).flatMap(({ source }) => source ?? [])
    expect(new Set(sources)).toEqual(new Set(['users', 'posts']))
  })
})

const flat = (plan: readonly PlanStep[]): PlanStep[] =>
  plan.flatMap((step) => [step, ...flat(step.steps)])

describe('Given: figures of PostgreSQL', () => {
  let db: RecordedDatabase
  beforeAll(async () => {
    db = await openLarge(onPostgres.open)
  }, 60_000)
  afterAll(() => db?.close())

  it('say what was expected, and what was counted', async () => {
    const [scan] = await explainPlan(db, {
      sql: 'SELECT id, title FROM posts WHERE user_id = $1',
      parameters: [1007],
    })
    const { figures } = scan!
    expect(scan?.detail).toMatch(
      /^Seq Scan on posts \(user_id = 1007\) · 20 rows \(\d+ expected\) · \d+ pages · [\d.]+ ms$/,
    )
    expect(figures?.rows).toBe(each)
    expect(figures?.expectedRows).toBeGreaterThan(each / 4)
    expect(figures?.pages).toBeGreaterThan(10)
    expect(figures?.cost).toBeGreaterThan(10)
  })

  it('count all rounds of a loop', async () => {
    const plan = await explainPlan(db, {
      sql: 'SELECT n, (SELECT name FROM users WHERE id = 1000 + n) FROM generate_series(1, 30) AS n',
      parameters: [],
    })
    const inner = flat(plan).find(({ source }) => source === 'users')
    expect(inner?.figures?.rows).toBe(30)
  })

  it('show that the planner was wrong', async () => {
    const [limit] = await explainPlan(db, {
      sql: "SELECT id FROM posts WHERE user_id = 1007 AND title LIKE '%7%' AND title LIKE '%zzz%'",
      parameters: [],
    })
    expect(limit?.figures?.rows).toBe(0)
    expect(limit?.figures?.expectedRows).toBeGreaterThan(0)
  })

  it('are of what would happen, where the statement writes', async () => {
    const [write] = await explainPlan(db, {
      sql: "UPDATE posts SET title = 'x' WHERE user_id = $1",
      parameters: [1007],
    })
    expect(write?.detail).toMatch(/^ModifyTable on posts · \d+ rows expected · cost [\d.]+$/)
    expect(write?.figures?.rows).toBeUndefined()
  })

  it('are not taken from a SELECT that writes on its way', async () => {
    await using connection = await db.connect()
    await connection.exec('CREATE SEQUENCE IF NOT EXISTS asked')
    const [[before]] = (await db.values('SELECT last_value FROM asked')) as [[unknown]]
    const plan = await explainPlan(db, { sql: "SELECT nextval('asked')", parameters: [] })
    const locked = await explainPlan(db, { sql: 'SELECT id FROM users FOR UPDATE', parameters: [] })
    const emptied = await explainPlan(db, {
      sql: 'WITH gone AS (DELETE FROM tags RETURNING id) SELECT count(*) FROM gone',
      parameters: [],
    })

    for (const [step] of [plan, locked, emptied]) expect(step?.figures?.rows).toBeUndefined()
    expect(await db.values('SELECT last_value FROM asked')).toEqual([[before]])
    expect(await db.values('SELECT count(*) > 0 FROM tags')).toEqual([[true]])
  })

  it('give up a lock that others hold before long', async () => {
    await using other = await db.connect()
    await other.run('BEGIN')
    await other.run('LOCK TABLE posts IN ROW EXCLUSIVE MODE')
    await expect(
      explainWith(db, 'CREATE INDEX ix_posts_user_id ON posts (user_id)', {
        sql: 'SELECT 1',
        parameters: [],
      }),
    ).rejects.toThrow(/lock/)
    await other.run('ROLLBACK')
    expect(db.usage.holders).toHaveLength(1)
  })

  it('want no index for a table that fits on a page', async () => {
    const question = { sql: 'SELECT id FROM profiles WHERE website = $1', parameters: ['x'] }
    expect(await proposeIndexes(db, question)).toEqual([])
  })
})
