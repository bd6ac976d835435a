import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  deleteFrom,
  insertInto,
  Model,
  type ResultQuery,
  registry,
  sql,
  t,
  update,
} from '#stage/03-query-builder'
import { createTable } from '../../03-query-builder/solution/mapping/ddl.ts'
import { compile } from '../../03-query-builder/solution/query/compile.ts'
import type { StatementNode } from '../../03-query-builder/solution/query/nodes.ts'
import { readRow } from '../../03-query-builder/solution/query/read-row.ts'
import { Comment, Post, Tag, User } from '../../03-query-builder/tests/models.ts'
import { cases } from '../../03-query-builder/tests/queries.ts'
import { blogRows } from '../blog/seed.ts'
import { postgres } from '../driver/dialect.ts'
import type { Value } from '../driver/driver.ts'
import { type PostgresServer, startPostgres } from '../driver/embedded-postgres.ts'

// The stages up to 08 run on SQLite. What they write for PostgreSQL is tried here, on a real one.

class Sample extends Model('samples', {
  id: t.bigint().primaryKey(),
  whole: t.bigint(),
  real: t.real(),
  flag: t.boolean().default(true),
  at: t.timestamp(),
  data: t.json<unknown>().default({ a: [1, "O'Malley"] }),
  size: t.enum('small', 'large').default('small'),
  bytes: t.blob().default(Uint8Array.of(0, 39, 92, 255)),
  order: t.text().named('order'),
}) {}

let server: PostgresServer
let client: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  client = new pg.Client({ connectionString: server.url, types: { getTypeParser: parserOf } })
  await client.connect()
  await client.query('CREATE SCHEMA stages; SET search_path TO stages')
  for (const table of registry.tables) await client.query(createTable(table, postgres))
  for (const [table, rows] of Object.entries(blogRows).filter(([name]) => name in models)) {
    for (const row of rows) await client.query(insertOf(table, row), [...row])
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT MAX(id) FROM ${table}))`,
    )
  }
}, 120_000)

afterAll(async () => {
  await client?.query('DROP SCHEMA stages CASCADE')
  await client?.end()
  await server?.stop()
})

beforeEach(() => client.query('BEGIN'))
afterEach(() => client.query('ROLLBACK'))

const models = { users: User, posts: Post, comments: Comment, tags: Tag }

const insertOf = (table: string, row: readonly unknown[]) =>
  `INSERT INTO ${table} VALUES (${row.map((_, i) => `$${i + 1}`).join(', ')})`

/** Whole numbers, fractions, booleans and bytes as JavaScript has them; int8 and all the rest as the text that came. */
function parserOf(oid: number): (text: string) => unknown {
  if ([21, 23, 700, 701].includes(oid)) return Number
  if (oid === 16) return (text) => text === 't'
  if (oid === 17) return (text) => Buffer.from(text.slice(2), 'hex')
  return (text) => text
}

async function fetchAll<Result>(query: ResultQuery<Result>): Promise<Result[]> {
  const node = query.node as StatementNode
  const { sql: text, params } = compile(node, postgres)
  const outputs = 'outputs' in node ? node.outputs : 'returning' in node ? node.returning : []
  const { rows } = await client.query<Value[]>({ text, values: [...params], rowMode: 'array' })
  return rows.map((row) => readRow(outputs, row) as Result)
}

describe('stage 03 on PostgreSQL', () => {
  it.each(cases)('$name', async ({ query, rows }) => {
    expect(await fetchAll(query())).toEqual(rows)
  })

  it('writes and reads every type, defaults of the database included', async () => {
    const at = new Date('2026-01-05T09:00:00.123Z')
    const sample = { whole: 9_007_199_254_740_993n, real: 0.1, at, order: 'a"b' }

    const [row] = await fetchAll(
      insertInto(Sample)
        .values(sample)
        .returning((s) => ({ ...s })),
    )

    expect(row).toEqual({
      ...sample,
      id: 1n,
      flag: true,
      data: { a: [1, "O'Malley"] },
      size: 'small',
      bytes: Uint8Array.of(0, 39, 92, 255),
    })
  })

  it('gives the defaults of the declaration to rows that others write', async () => {
    await client.query(
      `INSERT INTO samples (whole, "real", at, "order") VALUES (1, 1, '2026-01-05', '')`,
    )

    const { rows } = await client.query('SELECT flag, data, size, bytes FROM samples')

    expect(rows).toEqual([
      {
        flag: true,
        data: '{"a": [1, "O\'Malley"]}',
        size: 'small',
        bytes: Buffer.of(0, 39, 92, 255),
      },
    ])
  })

  it('inserts or updates', async () => {
    const upsert = (name: string) =>
      insertInto(User)
        .values({ name, email: 'dave@example.com' })
        .onConflict((u) => u.email)
        .doUpdate((excluded) => ({ name: excluded.name }))
        .returning((u) => ({ id: u.id, name: u.name }))

    expect(await fetchAll(upsert('Dave'))).toEqual([{ id: 4, name: 'Dave' }])
    expect(await fetchAll(upsert('David'))).toEqual([{ id: 4, name: 'David' }])
  })

  it('updates by a computation, and deletes', async () => {
    const older = update(User)
      .set((u) => ({ age: u.age.plus(1) }))
      .where((u) => u.name.eq('Alice'))
      .returning((u) => ({ age: u.age }))
    const gone = deleteFrom(Comment)
      .where((c) => c.parentId.isNotNull())
      .returning((c) => ({ id: c.id }))

    expect(await fetchAll(older)).toEqual([{ age: 31 }])
    expect(await fetchAll(gone)).toEqual([{ id: 2 }])
  })

  it('takes values in the sql template', async () => {
    const { sql: text, params } = compile(
      sql`SELECT name FROM users WHERE age > ${26} AND name <> ${"O'Malley"}`.node as never,
      postgres,
    )

    expect((await client.query(text, [...params])).rows).toEqual([{ name: 'Alice' }])
  })
})
