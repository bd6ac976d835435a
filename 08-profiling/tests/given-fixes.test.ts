import { beforeEach, describe, expect, it } from 'vitest'
import { createBlog } from '#shared/blog/blog'
import type { RecordedConnection } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  CursorError,
  type Page,
  PageOrderError,
  padded,
  RelationError,
  ResultCache,
  Session,
  sql,
  UncachedError,
} from '#stage/08-profiling'
import { Comment, Employee, Guest, open, Person, Post, PostTag, User } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

describe('Given: lists of keys that share a statement', () => {
  it.each([
    [[], []],
    [[7], [7]],
    [
      [1, 2],
      [1, 2],
    ],
    [
      [1, 2, 3],
      [1, 2, 3, 3],
    ],
    [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5, 5, 5, 5],
    ],
  ])('fills %j up to %j', (keys, filled) => {
    expect(padded(keys, 100)).toEqual(filled)
  })

  it('fills up to the parameters that the database takes, and not beyond', () => {
    const keys = Array.from({ length: 70 }, (_, i) => i)

    expect(padded(keys, 100)).toHaveLength(100)
    expect(new Set(padded(keys, 100))).toEqual(new Set(keys))
  })

  it('prepares one statement for lists of 5 to 8 keys', () => {
    const connection = openSqlite()
    createBlog(connection)
    for (let i = 4; i <= 8; i++)
      connection.run(
        `INSERT INTO users (name, email, joined_at) VALUES ('x', '${i}', '2026-01-01')`,
      )
    const load = (count: number) =>
      new Session(connection).query(User).limit(count).with({ posts: true }).all()
    load(5)
    const before = connection.prepared
    for (const count of [6, 7, 8]) load(count)

    expect(connection.prepared).toBe(before)
  })
})

describe('Given: peers are counted together', () => {
  it('sends one statement for all, and remembers what it gave', () => {
    const users = new Session(db, { lazy: 'peers' })
      .query(User)
      .orderBy((u) => u.id)
      .all()
    db.forget()

    expect(users.map(({ posts }) => posts.count())).toEqual([2, 1, 0])
    expect(db).toHaveSentCount(1)
    users[2]!.posts.add(new Post({ title: 'New', userId: 3 }))
    expect(users.map(({ posts }) => posts.count())).toEqual([2, 1, 0])
    expect(db).toHaveSentCount(2)
  })
})

describe('Given: the latest of several', () => {
  const latest = (users: readonly User[]) => users.map(({ latestPost }) => latestPost?.title)

  const users = () => session.query(User).orderBy((u) => u.id)

  it('comes in one statement for all owners', () => {
    const found = users().with({ latestPost: true }).all()

    expect(db).toHaveSent(['SELECT users', 'SELECT'])
    expect(db.statements[1]?.rows).toBe(2)
    expect(latest(found)).toEqual(['My Second Post', 'Notes on Joins', undefined])
    expect(db).toHaveSentCount(2)
  })

  it('is the object that the collection holds too, and knows its author', () => {
    const [alice] = users().with({ latestPost: true, posts: true }).all()

    expect(alice?.posts.includes(alice.latestPost!)).toBe(true)
    expect(alice?.latestPost?.author).toBe(alice)
  })

  it('is the one with the greatest key, of equals', () => {
    db.run(`UPDATE posts SET created_at = '2026-04-01T08:00:00.000Z'`)

    expect(latest(users().all())).toEqual(['My Second Post', 'Notes on Joins', undefined])
  })

  it('goes on to what belongs to it', () => {
    const [alice] = users()
      .with({ latestPost: { comments: true } })
      .all()
    db.forget()

    expect(alice?.latestPost?.comments.length).toBe(1)
    expect(db).toHaveSentCount(0)
  })

  it('is read again when it is deleted', () => {
    const [alice] = users().all()
    session.delete(alice!.latestPost!)
    session.commit()

    expect(alice?.latestPost?.title).toBe('My First Post')
  })

  it('leaves the two sides of the relation itself alone', () => {
    const [alice] = users().all()
    const post = session.get(Post, 3)
    post.author = alice!

    expect(alice?.posts.includes(post)).toBe(true)
    expect(alice?.posts.length).toBe(3)
  })

  it('is only read', () => {
    const [alice] = users().all()
    const error = raised(() => {
      alice!.latestPost = session.get(Post, 3)
    })

    expect(error).toBeInstanceOf(RelationError)
    expect(raised(() => session.query(User).whereHas('latestPost'))).toBeInstanceOf(RelationError)
  })

  it('can be asked for with a query, several of each', () => {
    const [alice, bob] = users()
      .with({ posts: (posts) => posts.orderBy((p) => p.createdAt.desc()).limit(1) })
      .all()

    expect(alice?.posts.map(({ title }) => title)).toEqual(['My Second Post'])
    expect(bob?.posts.map(({ title }) => title)).toEqual(['Notes on Joins'])
  })
})

describe('Given: what cannot be joined', () => {
  it('is a collection', () => {
    const error = raised(() =>
      session
        .query(User)
        // @ts-expect-error a collection
        .joined({ posts: true })
        .all(),
    )

    expect(error).toBeInstanceOf(RelationError)
    expect((error as Error).message).toContain('with({ posts: true })')
  })

  it('is a relation that may have several rows', () => {
    const error = raised(() => session.query(Guest).joined({ key: true }).all())

    expect(error).toBeInstanceOf(RelationError)
    expect((error as Error).message).toContain('guest_keys.guest_id is not unique')
  })

  it('is a relation that does not exist', () => {
    const error = raised(() =>
      session
        .query(Post)
        // @ts-expect-error a slip of the pen
        .joined({ autor: true })
        .all(),
    )

    expect((error as Error).message).toContain('Did you mean "author"?')
  })
})

describe('Given: what cannot be cached', () => {
  const cached = (options?: { tables?: readonly string[] }) =>
    new Session(db, { cache: new ResultCache() }).query(User).cached({ seconds: 60, ...options })

  it('is a query of a session without a cache', () => {
    const error = raised(() => session.query(User).cached({ seconds: 60 }).all())

    expect(error).toBeInstanceOf(UncachedError)
    expect((error as Error).message).toContain('new Session(connection, { cache })')
  })

  it('is SQL of which nobody knows what it reads', () => {
    const query = cached().where(
      sql<boolean>`EXISTS (SELECT 1 FROM posts WHERE user_id = users.id)`,
    )

    expect(raised(() => query.all())).toBeInstanceOf(UncachedError)
    expect(db).toHaveSentCount(0)
  })
})

describe('Given: pages by keyset', () => {
  interface Pages<T> {
    page(request: {
      size: number
      after?: string | undefined
      before?: string | undefined
    }): Page<T>
  }

  /** All pages from the first to the last. */
  function forwards<T>(query: Pages<T>, size: number): (readonly T[])[] {
    const pages = [query.page({ size })]
    for (let next = pages[0]!.next; next; next = pages.at(-1)!.next)
      pages.push(query.page({ size, after: next }))
    return pages.map(({ items }) => items)
  }

  /** All pages from the last to the first, in the order of the list. */
  function backwards<T>(query: Pages<T>, size: number): (readonly T[])[] {
    let last = query.page({ size })
    while (last.next) last = query.page({ size, after: last.next })
    const pages = [last]
    for (let one = last.previous; one; one = pages[0]!.previous)
      pages.unshift(query.page({ size, before: one }))
    return pages.map(({ items }) => items)
  }

  const names = (pages: readonly (readonly User[])[]) =>
    pages.map((users) => users.map(({ name }) => name).join(' '))

  const byAge = () => session.query(User).orderBy((u) => u.age.desc())

  it('follow the keys where no order is asked for', () => {
    expect(names(forwards(session.query(User), 2))).toEqual(['Alice Bob', 'Carol'])
    expect(names(forwards(session.query(User), 3))).toEqual(['Alice Bob Carol'])
  })

  it('say whether there are others before and behind', () => {
    const first = byAge().page({ size: 1 })
    const second = byAge().page({ size: 1, after: first.next })
    const third = byAge().page({ size: 1, after: second.next })

    expect([first, second, third].map(({ next }) => next !== undefined)).toEqual([
      true,
      true,
      false,
    ])
    expect([first, second, third].map(({ previous }) => previous !== undefined)).toEqual([
      false,
      true,
      true,
    ])
    const back = byAge().page({ size: 2, before: third.previous })
    expect(names([back.items])).toEqual(['Alice Bob'])
    expect(back.previous).toBeUndefined()
    expect(names([byAge().page({ size: 2, after: back.next }).items])).toEqual(['Carol'])
  })

  it('send one statement each, which reads one row more than the page has', () => {
    const { next } = byAge().page({ size: 1 })
    byAge().page({ size: 1, after: next })

    expect(db.statements.map(({ rows }) => rows)).toEqual([2, 2])
    expect(db.statements.map(({ sql }) => sql).join()).not.toContain('OFFSET')
  })

  describe('with equal values, several columns and NULL', () => {
    beforeEach(() => {
      for (let i = 0; i < 12; i++) {
        const age = [null, 20, 20, 40][i % 4] ?? null
        session.add(new User({ name: `n${i % 3}`, email: `${i}@example.com`, age }))
      }
      session.commit()
    })

    const orders = [
      ['name', () => session.query(User).orderBy((u) => u.name)],
      ['age', () => session.query(User).orderBy((u) => u.age)],
      ['age DESC', () => session.query(User).orderBy((u) => u.age.desc())],
      ['age NULLS LAST', () => session.query(User).orderBy((u) => u.age.asc().nullsLast())],
      ['age DESC NULLS FIRST', () => session.query(User).orderBy((u) => u.age.desc().nullsFirst())],
      ['name DESC, age', () => session.query(User).orderBy((u) => [u.name.desc(), u.age])],
      [
        'age, name DESC, id DESC',
        () => session.query(User).orderBy((u) => [u.age, u.name.desc(), u.id.desc()]),
      ],
      [
        'name, with a condition',
        () =>
          session
            .query(User)
            .where((u) => u.age.gt(20).or(u.age.isNull()))
            .orderBy((u) => u.name),
      ],
    ] as const

    it.each(orders)('give every row once, in the order %s', (_, query) => {
      const all = query()
        .orderBy((u) => u.id)
        .all()
      for (const size of [1, 5, 100]) {
        expect(forwards(query(), size).flat()).toEqual(all)
        expect(backwards(query(), size).flat()).toEqual(all)
      }
    })
  })

  it('pass over nothing, and show nothing twice, when rows come and go between them', () => {
    const posts = () => session.query(Post).orderBy((p) => p.createdAt.desc())
    const first = posts().page({ size: 2 })
    session.add(new Post({ title: 'New', userId: 1 }))
    session.delete(first.items[1]!)
    session.commit()
    const second = posts().page({ size: 2, after: first.next })

    expect(second.items.map(({ title }) => title)).toEqual(['My First Post'])
  })

  it('begin behind the row as it is stored, not as the program has changed it', () => {
    const first = byAge().page({ size: 1 })
    first.items[0]!.age = 1
    const again = byAge().page({ size: 1 })

    expect(again.next).toBe(first.next)
  })

  it('know keys of several columns, and classes that inherit', () => {
    const pairs = forwards(session.query(PostTag), 2).map((page) =>
      page.map(({ postId, tagId }) => `${postId}${tagId}`),
    )
    session.add(new Employee({ name: 'Eve' }), new Person({ name: 'Paul' }))
    session.add(new Employee({ name: 'Adam' }))
    session.commit()
    const people = forwards(
      session.query(Person).orderBy((p) => p.name),
      2,
    )

    expect(pairs).toEqual([['11', '21'], ['22']])
    expect(people.map((page) => page.map(({ name }) => name))).toEqual([['Adam', 'Eve'], ['Paul']])
  })

  it('load what belongs to their objects, and to no others', () => {
    const { items } = session.query(User).with({ posts: true }).page({ size: 1 })

    expect(db.statements[1]?.parameters).toEqual([1])
    expect(items[0]?.posts.length).toBe(2)
  })

  it('are empty where nothing is', () => {
    const none = session.query(User).where((u) => u.id.gt(99))

    expect(none.page({ size: 5 })).toEqual({ items: [], next: undefined, previous: undefined })
  })

  describe('refuse', () => {
    it.each([
      ['something else', 'x'],
      ['nothing at all', ''],
      ['a number in its place', 7 as never],
    ])('a cursor that is %s', (_, cursor) => {
      expect(raised(() => byAge().page({ size: 1, after: cursor }))).toBeInstanceOf(CursorError)
    })

    it('a cursor that was cut', () => {
      const cursor = byAge().page({ size: 1 }).next!
      const cut = raised(() => byAge().page({ size: 1, after: cursor.slice(0, -4) }))

      expect(cut).toBeInstanceOf(CursorError)
    })

    it('a cursor of another order', () => {
      const cursor = byAge().page({ size: 1 }).next
      const byName = session.query(User).orderBy((u) => u.name)

      expect(raised(() => byName.page({ size: 1, after: cursor }))).toBeInstanceOf(CursorError)
    })

    it('a cursor whose values have other types', () => {
      const cursor = byAge().page({ size: 1 }).next!
      const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
      for (const wrong of ['1; DROP TABLE users', { a: 1 }, [], true]) {
        const forged = Buffer.from(JSON.stringify([parts[0], wrong, 1])).toString('base64url')
        expect(raised(() => byAge().page({ size: 1, after: forged }))).toBeInstanceOf(CursorError)
      }
    })

    it('an order by something computed', () => {
      const computed = session.query(User).orderBy((u) => u.age.plus(1))

      expect(raised(() => computed.page({ size: 1 }))).toBeInstanceOf(PageOrderError)
    })

    it('sizes that are none, two directions, and a limit', () => {
      for (const size of [0, -1, 1.5, Number.NaN])
        expect(raised(() => byAge().page({ size }))).toBeInstanceOf(RangeError)
      expect(raised(() => byAge().page({ size: 1, after: 'x', before: 'x' }))).toBeInstanceOf(
        RangeError,
      )
      expect(raised(() => byAge().limit(5).page({ size: 1 }))).toBeInstanceOf(RangeError)
    })
  })

  it('use an index: what stands before the page is not read', () => {
    session.add(new Comment({ body: 'a', postId: 1 }))
    session.commit()
    db.run('CREATE INDEX posts_by_time ON posts (created_at, id)')
    db.forget()
    const posts = session.query(Post).orderBy((p) => p.createdAt)
    posts.page({ size: 1, after: posts.page({ size: 1 }).next })
    const { sql: text, parameters } = db.statements.at(-1)!
    const plan = db.all(`EXPLAIN QUERY PLAN ${text}`, parameters).map(({ detail }) => detail)

    expect(plan).toEqual(['SEARCH posts USING INDEX posts_by_time (created_at>?)'])
  })
})
