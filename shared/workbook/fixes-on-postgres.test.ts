import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAll, ResultCache, Session } from '#stage/08-profiling'
import {
  Comment,
  Desk,
  Employee,
  Manager,
  Person,
  Post,
  Profile,
  User,
} from '../../08-profiling/tests/models.ts'
import { blogRows } from '../blog/seed.ts'
import type { Connection } from '../driver/driver.ts'
import { type PostgresServer, startPostgres } from '../driver/embedded-postgres.ts'
import { openPostgresSync } from '../driver/postgres-sync.ts'
import { type RecordedConnection, record } from '../driver/recorder.ts'

// Stage 08 is measured on SQLite. Its fixes are tried here on a real PostgreSQL, where NULLs stand elsewhere and moments are finer.

let server: PostgresServer
let connection: Connection
let db: RecordedConnection

beforeAll(async () => {
  server = await startPostgres()
  connection = openPostgresSync(server.url)
}, 120_000)

afterAll(async () => {
  connection?.exec('DROP SCHEMA IF EXISTS fixes CASCADE')
  connection?.close()
  await server?.stop()
})

beforeEach(() => {
  connection.exec(
    'DROP SCHEMA IF EXISTS fixes CASCADE; CREATE SCHEMA fixes; SET search_path TO fixes',
  )
  createAll(connection)
  for (const [table, rows] of Object.entries(blogRows)) {
    for (const row of rows)
      connection.run(
        `INSERT INTO ${table} VALUES (${row.map((_, i) => `$${i + 1}`).join(', ')})`,
        row,
      )
    if (table === 'posts_tags') continue
    connection.run(
      `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT MAX(id) FROM ${table}))`,
    )
  }
  db = record(connection)
})

describe('stage 08 on PostgreSQL', () => {
  it('loads for all peers', () => {
    const users = new Session(db, { lazy: 'peers' })
      .query(User)
      .orderBy((u) => u.id)
      .all()
    const lines = users.map(({ posts, profile }) => [
      posts.length,
      profile?.id,
      posts.map(({ tags, comments, editor }) => [tags.length, comments.count(), editor?.name]),
    ])

    expect(lines).toEqual([
      [
        2,
        1,
        [
          [1, 2, undefined],
          [2, 1, 'Bob'],
        ],
      ],
      [1, undefined, [[0, 0, 'Alice']]],
      [0, undefined, []],
    ])
    // The editors are users, who are there already.
    expect(db).toHaveSentCount(5)
  })

  it('joins the one related object', () => {
    const comments = new Session(db)
      .query(Comment)
      .joined({ post: { author: { profile: true }, editor: true }, parent: true })
      .orderBy((c) => c.id)
      .limit(3)
      .all()
    const lines = comments.map(({ post, parent }) => [
      post.author.profile?.website,
      post.editor?.name,
      parent?.body,
    ])

    expect(lines).toEqual([
      ['https://alice.example.com', undefined, undefined],
      ['https://alice.example.com', undefined, 'Welcome!'],
      ['https://alice.example.com', 'Bob', undefined],
    ])
    expect(db).toHaveSentCount(1)
  })

  it('joins objects of classes that inherit', () => {
    const session = new Session(db)
    const boss = new Manager({ name: 'Mary', level: 3 })
    const eve = new Employee({ name: 'Eve', boss })
    session.add(
      new Desk({ person: boss, employee: eve }),
      new Desk({ person: new Person({ name: 'Paul' }) }),
    )
    session.commit()
    db.forget()
    const desks = new Session(db)
      .query(Desk)
      .joined({ person: true, employee: { boss: true } })
      .orderBy((d) => d.id)
      .all()

    expect(desks.map(({ person }) => person?.constructor)).toEqual([Manager, Person])
    expect(desks[0]?.employee?.boss).toBe(desks[0]?.person)
    expect(desks[1]?.employee).toBeNull()
    expect(db).toHaveSentCount(1)
  })

  it('reads the latest of several in one statement', () => {
    const users = new Session(db)
      .query(User)
      .with({ latestPost: true })
      .orderBy((u) => u.id)
      .all()

    expect(users.map(({ latestPost }) => latestPost?.title)).toEqual([
      'My Second Post',
      'Notes on Joins',
      undefined,
    ])
    expect(db).toHaveSentCount(2)
  })

  it('keeps results until a change of their tables is committed', () => {
    const cache = new ResultCache()
    const names = () =>
      new Session(db, { cache })
        .query(User)
        .with({ posts: true })
        .cached({ seconds: 60 })
        .orderBy((u) => u.id)
        .all()
        .map(({ name, posts }) => [name, posts.length])
    names()
    expect(db).toHaveSentCount(2)
    expect(names()).toEqual([
      ['Alice', 2],
      ['Bob', 1],
      ['Carol', 0],
    ])
    expect(db).toHaveSentCount(2)

    const session = new Session(db, { cache })
    session.delete(session.get(Profile, 1))
    session.add(new Post({ title: 'New', userId: 3 }))
    session.commit()
    db.forget()
    expect(names().at(-1)).toEqual(['Carol', 1])
    expect(db).toHaveSent(['SELECT posts'])
  })

  describe('pages by keyset', () => {
    beforeEach(() => {
      const session = new Session(connection)
      for (let i = 0; i < 24; i++) {
        const age = [null, 20, 20, 40][i % 4] ?? null
        session.add(new User({ name: `n${i % 3}`, email: `${i}@example.com`, age }))
      }
      session.commit()
    })

    const users = () => new Session(db).query(User)

    it.each([
      ['age', () => users().orderBy((u) => u.age)],
      ['age DESC', () => users().orderBy((u) => u.age.desc())],
      ['age NULLS FIRST', () => users().orderBy((u) => u.age.asc().nullsFirst())],
      ['age DESC NULLS LAST', () => users().orderBy((u) => u.age.desc().nullsLast())],
      ['name DESC, age', () => users().orderBy((u) => [u.name.desc(), u.age])],
      ['joined_at DESC', () => users().orderBy((u) => u.joinedAt.desc())],
    ])('give every row once in both directions, in the order %s', (_, query) => {
      const all = query()
        .orderBy((u) => u.id)
        .all()
        .map(({ id }) => id)
      let page = query().page({ size: 5 })
      const there = [...page.items]
      while (page.next) {
        page = query().page({ size: 5, after: page.next })
        there.push(...page.items)
      }
      const back = [...page.items]
      while (page.previous) {
        page = query().page({ size: 5, before: page.previous })
        back.unshift(...page.items)
      }

      expect(there.map(({ id }) => id)).toEqual(all)
      expect(back.map(({ id }) => id)).toEqual(all)
    })

    it('lose no microseconds, which a Date cannot hold', () => {
      connection.run(
        `UPDATE posts SET created_at = timestamptz '2026-05-01 08:00:00.123000Z' + id * interval '1 microsecond'`,
      )
      const posts = () => new Session(db).query(Post).orderBy((p) => p.createdAt.desc())
      const titles = [posts().page({ size: 1 })]
      for (let next = titles[0]!.next; next; next = titles.at(-1)!.next)
        titles.push(posts().page({ size: 1, after: next }))

      expect(titles.flatMap(({ items }) => items.map(({ id }) => id))).toEqual([3, 2, 1])
    })
  })
})
