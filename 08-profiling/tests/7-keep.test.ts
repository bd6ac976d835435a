import { beforeEach, describe, expect, it } from 'vitest'
import type { Value } from '#shared/driver/driver'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import { type CachedStatement, exists, from, ResultCache, Session } from '#stage/08-profiling'
import { Comment, Guest, Invitation, open, Post, Profile, Tag, User } from './models.ts'
import { openRandomBlog } from './random-blog.ts'
import { randomWriter } from './random-writer.ts'

/** A cache, and a clock that goes on only when it is told to. */
function openCache({ maxRows = 10 } = {}) {
  const clock = { now: 0 }
  return { clock, cache: new ResultCache({ maxRows, now: () => clock.now }) }
}

/** A database that counts how often it is asked. */
function source(...results: Value[][][]) {
  const asked = { times: 0, read: () => results[Math.min(asked.times++, results.length - 1)]! }
  return asked
}

const statement = (
  params: readonly Value[] = [],
  { sql = 'SELECT', tables = ['users'] } = {},
): CachedStatement => ({ sql, params, tables: new Set(tables) })

describe('Task 7: keep results', () => {
  describe('the cache', () => {
    it('reads once, and gives the same rows the second time', () => {
      const { cache } = openCache()
      const database = source([[1, 'Alice']], [[2, 'Bob']])
      const first = cache.rows(statement(), 60, database.read)
      const second = cache.rows(statement(), 60, database.read)

      expect(first).toEqual([[1, 'Alice']])
      expect(second).toEqual(first)
      expect(database.times).toBe(1)
      expect(cache.figures).toEqual({ hits: 1, misses: 1, rows: 1 })
    })

    it('remembers that there are no rows', () => {
      const { cache } = openCache()
      const database = source([])
      cache.rows(statement(), 60, database.read)

      expect(cache.rows(statement(), 60, database.read)).toEqual([])
      expect(database.times).toBe(1)
    })

    it.each([
      ['numbers and texts', [1], ['1']],
      ['one text and two', ['a,b'], ['a', 'b']],
      ['null and the word', [null], ['null']],
      ['null and infinity', [null], [Number.POSITIVE_INFINITY]],
      ['bytes', [Uint8Array.of(1)], [Uint8Array.of(2)]],
      ['large numbers', [9_007_199_254_740_993n], [9_007_199_254_740_995n]],
      ['true and 1', [true], [1]],
    ])('keeps apart %s', (_, one: Value[], other: Value[]) => {
      const { cache } = openCache()
      const database = source([['one']], [['other']])
      cache.rows(statement(one), 60, database.read)

      expect(cache.rows(statement(other), 60, database.read)).toEqual([['other']])
      expect(cache.rows(statement(one), 60, database.read)).toEqual([['one']])
      expect(database.times).toBe(2)
    })

    it('keeps apart statements with the same parameters', () => {
      const { cache } = openCache()
      const database = source([['one']], [['other']])
      cache.rows(statement([1], { sql: 'SELECT a' }), 60, database.read)

      expect(cache.rows(statement([1], { sql: 'SELECT b' }), 60, database.read)).toEqual([
        ['other'],
      ])
    })

    it('forgets what is too old', () => {
      const { cache, clock } = openCache()
      const database = source([['old']], [['new']])
      cache.rows(statement(), 60, database.read)
      clock.now = 59_999
      expect(cache.rows(statement(), 60, database.read)).toEqual([['old']])
      clock.now = 60_000

      expect(cache.rows(statement(), 60, database.read)).toEqual([['new']])
      expect(cache.figures.rows).toBe(1)
    })

    it('counts the age from the question on, and not from a late answer', () => {
      const { cache, clock } = openCache()
      const database = source([['old']], [['new']])
      cache.rows(statement(), 60, () => {
        clock.now = 30_000 // the database takes its time
        return database.read()
      })
      clock.now = 60_000

      expect(cache.rows(statement(), 60, database.read)).toEqual([['new']])
    })

    it('asks each time how old rows may be', () => {
      const { cache, clock } = openCache()
      const database = source([['old']], [['new']])
      cache.rows(statement(), 3600, database.read)
      clock.now = 10_000
      expect(cache.rows(statement(), 3600, database.read)).toEqual([['old']])

      expect(cache.rows(statement(), 5, database.read)).toEqual([['new']])
    })

    it('forgets what depends on a table that was written to, though on others as well', () => {
      const { cache } = openCache()
      const both = statement([], { tables: ['users', 'posts'] })
      const database = source([['old']], [['new']])
      cache.rows(both, 60, database.read)
      cache.invalidate('posts')

      expect(cache.rows(both, 60, database.read)).toEqual([['new']])
    })

    it('keeps what depends on other tables', () => {
      const { cache } = openCache()
      const tags = statement([], { tables: ['tags'] })
      const database = source([['kept']], [['read again']])
      cache.rows(tags, 60, database.read)
      cache.invalidate('posts', 'users')

      expect(cache.rows(tags, 60, database.read)).toEqual([['kept']])
    })

    it('forgets at every write, however soon one follows another', () => {
      const { cache } = openCache()
      for (let write = 1; write <= 100; write++) {
        cache.invalidate('users')
        expect(cache.rows(statement(), 60, () => [[write]])).toEqual([[write]])
      }
    })

    it('takes what was read before a write for out of date, though it comes back after it', () => {
      const { cache } = openCache()
      const database = source([['before']], [['after']])
      cache.rows(statement(), 60, () => {
        const rows = database.read()
        cache.invalidate('users') // somebody commits while the rows are on their way
        return rows
      })

      expect(cache.rows(statement(), 60, database.read)).toEqual([['after']])
    })

    it('hands out copies: whoever changes them changes nothing for others', () => {
      const { cache } = openCache()
      const database = source([[1, Uint8Array.of(7)]])
      const first = cache.rows(statement(), 60, database.read)
      first[0]![0] = 2
      const second = cache.rows(statement(), 60, database.read)
      ;(second[0]![1] as Uint8Array)[0] = 8
      second.pop()

      expect(cache.rows(statement(), 60, database.read)).toEqual([[1, Uint8Array.of(7)]])
    })

    it('keeps nothing of a query that fails', () => {
      const { cache } = openCache()
      cache.rows(statement([1]), 60, source([]).read)
      const fail = () => {
        throw new Error('no such table')
      }
      expect(raised(() => cache.rows(statement(), 60, fail))).toEqual(new Error('no such table'))

      expect(cache.rows(statement(), 60, source([['now']]).read)).toEqual([['now']])
      expect(cache.figures.hits).toBe(0)
    })

    it('lets go of what was used longest ago when it is full', () => {
      const { cache } = openCache({ maxRows: 2 })
      const database = source([['row']])
      for (const key of [1, 2, 1, 3]) cache.rows(statement([key]), 60, database.read)
      expect(database.times).toBe(3)
      cache.rows(statement([1]), 60, database.read)
      expect(database.times).toBe(3)
      cache.rows(statement([2]), 60, database.read)

      expect(database.times).toBe(4)
      expect(cache.figures.rows).toBe(2)
    })

    it('lets a result pass that would fill it alone', () => {
      const { cache } = openCache({ maxRows: 2 })
      const large = source([[1], [2], [3]])
      cache.rows(statement([1]), 60, source([['row']]).read)
      cache.rows(statement([2]), 60, large.read)
      cache.rows(statement([2]), 60, large.read)
      expect(large.times).toBe(2)

      expect(cache.figures).toEqual({ hits: 0, misses: 3, rows: 1 })
    })
  })

  describe('sessions that share one', () => {
    let db: RecordedConnection
    let cache: ResultCache

    beforeEach(() => {
      ;({ db } = open())
      cache = new ResultCache()
    })

    const openSession = () => new Session(db, { cache })

    const users = (session = openSession()) =>
      session
        .query(User)
        .orderBy((u) => u.id)
        .cached({ seconds: 60 })

    /** How many statements a function sends. */
    function sent(work: () => unknown): number {
      db.forget()
      work()
      return db.statements.length
    }

    it('send a query once', () => {
      expect(sent(() => users().all())).toBe(1)
      expect(sent(() => users().all())).toBe(0)
    })

    it('make objects of their own', () => {
      const [one] = users().all()
      one!.name = 'Alicia'
      const [other] = users().all()

      expect(other).not.toBe(one)
      expect(other).toMatchObject({ id: 1, name: 'Alice', age: 30 })
      expect(other?.joinedAt).toEqual(one?.joinedAt)
    })

    it('go through the identity map with rows of the cache too', () => {
      users().all()
      const session = openSession()
      const alice = session.get(User, 1)
      alice.name = 'Alicia'

      expect(users(session).all()[0]).toBe(alice)
      expect(alice.name).toBe('Alicia')
    })

    it('cache what is loaded with the objects, and what is counted', () => {
      const withAll = () =>
        users()
          .with({ posts: { comments: true }, profile: true })
          .withCount({ posts: true })
          .all()
      expect(sent(withAll)).toBe(5)

      expect(sent(withAll)).toBe(0)
      const [alice] = withAll()
      expect(sent(() => expect(alice?.posts.at(0)?.comments.length).toBe(2))).toBe(0)
    })

    it('cache plain rows, counts and pages', () => {
      const ask = () => {
        users()
          .select((u) => ({ name: u.name }))
          .all()
        users().count()
        users().exists()
        users().page({ size: 2 })
      }
      expect(sent(ask)).toBe(4)
      expect(sent(ask)).toBe(0)
    })

    it('send what nobody wants to be cached', () => {
      users().all()
      const session = openSession()

      expect(
        sent(() =>
          session
            .query(User)
            .orderBy((u) => u.id)
            .all(),
        ),
      ).toBe(1)
      expect(sent(() => users(session).refresh().all())).toBe(1)
      expect(sent(() => users().all())).toBe(0)
    })

    describe('see what others commit', () => {
      it('by another session', () => {
        users().all()
        const session = openSession()
        session.get(User, 1).name = 'Alicia'
        session.commit()

        expect(users().all()[0]?.name).toBe('Alicia')
      })

      it('in the function of a transaction', () => {
        users().all()
        openSession().transaction((session) => {
          session.get(User, 1).name = 'Alicia'
        })

        expect(users().all()[0]?.name).toBe('Alicia')
      })

      it('through a table that only a subquery reads', () => {
        const commented = () =>
          openSession()
            .query(Post)
            .where((p) => exists(from(Comment).where((c) => c.postId.eq(p.id))))
            .cached({ seconds: 60 })
            .all().length
        expect(commented()).toBe(2)
        const session = openSession()
        session.add(new Comment({ body: 'First!', postId: 3 }))
        session.commit()

        expect(commented()).toBe(3)
      })

      it('in a junction', () => {
        const tags = () =>
          openSession()
            .query(Post)
            .where((p) => p.id.eq(3))
            .with({ tags: true })
            .cached({ seconds: 60 })
            .all()[0]?.tags.length
        expect(tags()).toBe(0)
        const session = openSession()
        session.get(Post, 3).tags.add(session.get(Tag, 1))
        session.commit()

        expect(tags()).toBe(1)
      })

      it('through what the database deletes by itself', () => {
        const comments = () => openSession().query(Comment).cached({ seconds: 60 }).count()
        expect(comments()).toBe(3)
        const session = openSession()
        session.delete(session.get(Post, 2))
        session.commit()

        expect(comments()).toBe(2)
      })
    })

    it('see keys that the database has changed by itself', () => {
      db.run(`INSERT INTO guests (name) VALUES ('Ann')`)
      db.run(`INSERT INTO invitations (guest_name) VALUES ('Ann')`)
      const names = () =>
        openSession()
          .query(Invitation)
          .cached({ seconds: 60 })
          .all()
          .map(({ guestName }) => guestName)
      expect(names()).toEqual(['Ann'])
      const session = openSession()
      session.get(Guest, 1).name = 'Anna'
      session.commit()

      expect(names()).toEqual(['Anna'])
    })

    it('keep the results of tables that nobody has written to', () => {
      users().all()
      const session = openSession()
      session.add(new Tag({ name: 'new' }))
      session.commit()

      expect(sent(() => users().all())).toBe(0)
    })

    describe('and transactions', () => {
      it('see nothing of what is not committed yet', () => {
        users().all()
        const session = openSession()
        session.get(User, 1).name = 'Alicia'
        session.flush()
        session.rollback()

        expect(sent(() => users().all())).toBe(0)
        expect(users().all()[0]?.name).toBe('Alice')
      })

      it('do not use the cache while they are open: they have a world of their own', () => {
        users().all()
        const session = openSession()
        session.get(User, 1).name = 'Alicia'
        session.flush()
        const names = users(session)
          .select((u) => ({ name: u.name }))
          .all()

        expect(names[0]).toEqual({ name: 'Alicia' })
        session.rollback()
        expect(users().all()[0]?.name).toBe('Alice')
      })

      it('leave nothing behind that another session has read on the same connection', () => {
        const session = openSession()
        session.get(User, 1).name = 'Alicia'
        session.flush()
        users().all()
        session.rollback()
        expect(users().all()[0]?.name).toBe('Alice')
      })

      it('count for what a savepoint has kept, and not for what it took back', () => {
        const profiles = () => openSession().query(Profile).cached({ seconds: 60 }).all()
        users().all()
        profiles()
        const session = openSession()
        session.transaction(() => {
          session.get(User, 1).name = 'Alicia'
          session.flush()
          raised(() =>
            session.transaction(() => {
              session.get(Profile, 1).bio = 'New'
              session.flush()
              throw new Error('no')
            }),
          )
        })

        expect(users().all()[0]?.name).toBe('Alicia')
        expect(sent(profiles)).toBe(0)
      })
    })

    it('hear of what is written by others when they are told', () => {
      users().all()
      db.run('UPDATE users SET name = ? WHERE id = 1', ['Alicia'])
      expect(users().all()[0]?.name).toBe('Alice')
      cache.invalidate('users')

      expect(users().all()[0]?.name).toBe('Alicia')
    })

    it.each([1, 2, 3])(
      'never show anything else than the database, in random program %i',
      (seed) => {
        const blog = openRandomBlog(seed)
        const shared = new ResultCache({ maxRows: 200 })
        const write = randomWriter(new Session(blog.db, { cache: shared }), blog.random)
        for (let step = 0; step < 12; step++) {
          write()
          const fresh = readAll(new Session(blog.db))

          expect(readAll(new Session(blog.db, { cache: shared }), { seconds: 60 })).toEqual(fresh)
          expect(readAll(new Session(blog.db, { cache: shared }), { seconds: 60 })).toEqual(fresh)
        }
        expect(shared.figures.hits).toBeGreaterThan(20)
      },
    )
  })
})

/** Much of what can be read, cached or not. */
function readAll(session: Session, caching?: { seconds: number }): unknown {
  const comments = session.query(Comment).with({ author: true, post: { tags: true } })
  const users = session
    .query(User)
    .with({ profile: true, latestPost: true })
    .withCount({ posts: true })
  return [
    (caching ? comments.cached(caching) : comments)
      .all()
      .map(({ body, author, post }) => [body, author?.name, post.title, post.tags.length]),
    (caching ? users.cached(caching) : users)
      .all()
      .map(({ name, profile, latestPost, posts }) => [
        name,
        profile?.bio,
        latestPost?.title,
        posts.count(),
      ]),
  ]
}
