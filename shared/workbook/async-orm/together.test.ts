import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AsyncSession, NotLoadedError, ResultCache, withSession } from '#stage/09-async'
import { databases } from '../../../09-async/tests/databases.ts'
import { Account, Post, Tag, User } from '../../../09-async/tests/models.ts'
import { refused } from '../../../09-async/tests/refused.ts'
import type { RecordedDatabase } from '../../driver/async-recorder.ts'
import { UniqueViolation } from '../../driver/errors.ts'

// Many sessions at once, on both databases: what stage 08 has brought, where others come in between.

describe.each(databases)('together, on $name', ({ open }) => {
  let db: RecordedDatabase
  beforeEach(async () => {
    db = await open({ max: 5 })
  }, 120_000)
  afterEach(() => db?.close())

  describe('relations that are loaded for all peers', () => {
    /** A task that stops after each step, so that others come in between. */
    const titles = (times: number) =>
      withSession(
        db,
        async (session) => {
          const users = await session
            .query(User)
            .orderBy((u) => u.id)
            .all()
          const found: string[][] = []
          for (const user of users) {
            await wait(times % 3)
            found.push((await user.posts).map(({ title }) => title))
          }
          return { users, found }
        },
        { lazy: 'peers' },
      )

    it('are one statement for each session, and its own objects', async () => {
      const tasks = await Promise.all([1, 2, 3, 4, 5, 6].map(titles))

      expect(db.statements).toHaveLength(2 * tasks.length)
      expect(new Set(tasks.map(({ found }) => JSON.stringify(found)))).toHaveLength(1)
      expect(tasks[0]!.found.map((list) => list.length)).toEqual([2, 1, 0])
      expect(new Set(tasks.flatMap(({ users }) => users))).toHaveLength(3 * tasks.length)
    })

    it('are one statement for the counts too, and for the one object of each', async () => {
      await using session = new AsyncSession(db, { lazy: 'peers' })
      const posts = await session.query(Post).all()
      db.forget()
      const authors = new Set<User>()
      for (const post of posts) {
        authors.add(await post.author)
        await post.comments.count()
      }
      expect(authors.size).toBe(2)
      expect(db.statements).toHaveLength(2)
    })

    it('are not taken from a peer that was changed meanwhile', async () => {
      await using session = new AsyncSession(db, { lazy: 'peers' })
      const [alice, bob] = await session
        .query(User)
        .orderBy((u) => u.id)
        .all()
      const [post] = await alice!.posts
      bob!.posts.add(post!)
      expect((await alice!.posts).includes(post!)).toBe(false)
      expect((await bob!.posts).includes(post!)).toBe(true)
    })
  })

  describe('the cache of results', () => {
    const cache = () => new ResultCache({ maxRows: 100 })
    const names = async (cache: ResultCache) =>
      withSession(
        db,
        async (session) =>
          (
            await session
              .query(User)
              .orderBy((u) => u.id)
              .cached({ seconds: 60 })
              .all()
          ).map(({ name }) => name),
        { cache },
      )

    it('serves all sessions, each with objects of its own', async () => {
      const one = cache()
      expect(await names(one)).toEqual(['Alice', 'Bob', 'Carol'])
      db.forget()
      const all = await Promise.all(Array.from({ length: 10 }, () => names(one)))
      expect(new Set(all.map(String))).toEqual(new Set(['Alice,Bob,Carol']))
      expect(db.statements).toEqual([])
    })

    it('never gives what was there before a commit to who asks after it', async () => {
      const one = cache()
      const rename = (name: string) =>
        withSession(
          db,
          async (session) => {
            const user = await session.get(User, 1)
            user.name = name
            await session.commit()
          },
          { cache: one },
        )
      for (let round = 1; round <= 15; round++) {
        const readers = Array.from({ length: 4 }, () => names(one))
        await rename(`round ${round}`)
        expect((await names(one))[0]).toBe(`round ${round}`)
        await Promise.all(readers)
        expect((await names(one))[0]).toBe(`round ${round}`)
      }
      expect(one.figures.hits).toBeGreaterThan(0)
    })

    it('keeps nothing of a transaction that is taken back, and shows it to nobody', async () => {
      const one = cache()
      await names(one)
      await withSession(
        db,
        async (session) => {
          const user = await session.get(User, 1)
          user.name = 'never there'
          await session.flush()
          const inside = await session.query(User).cached({ seconds: 60 }).all()
          expect(inside.map(({ name }) => name)).toContain('never there')
          await session.rollback()
        },
        { cache: one },
      )
      db.forget()
      expect(await names(one)).toEqual(['Alice', 'Bob', 'Carol'])
      expect(db.statements).toEqual([])
    })
  })

  describe('pages', () => {
    const walk = async (session: AsyncSession, direction: 'after' | 'before', start?: string) => {
      const pages: number[][] = []
      let cursor = start
      for (;;) {
        const page = await session
          .query(Post)
          .orderBy((p) => p.editorId.desc())
          .page({ size: 2, ...(cursor && { [direction]: cursor }) })
        pages.push(page.items.map(({ id }) => id))
        const next = direction === 'after' ? page.next : page.previous
        if (!next) return { pages, last: page }
        cursor = next
      }
    }
    const write = (count: number) =>
      withSession(db, async (session) => {
        for (let i = 0; i < count; i++)
          session.add(
            new Post({ title: `more ${i}`, userId: 1, editorId: i % 3 === 0 ? null : 1 + (i % 2) }),
          )
        await session.commit()
      })

    it('lead through everything once, there and back, also where values are equal or NULL', async () => {
      await write(9)
      await using session = new AsyncSession(db)
      const all = (await session.query(Post).all()).map(({ id }) => id)
      const there = await walk(session, 'after')
      expect(there.pages.flat().toSorted((a, b) => a - b)).toEqual(all.toSorted((a, b) => a - b))

      const back = await walk(session, 'before', there.last.previous)
      expect([...back.pages.reverse(), there.pages.at(-1)]).toEqual(there.pages)
    })

    it('show nothing twice when others write between them', async () => {
      await write(6)
      await using session = new AsyncSession(db)
      const newest = session.query(Post).orderBy((p) => p.id.desc())
      const first = await newest.page({ size: 3 })
      await write(4)
      await db.run('DELETE FROM posts WHERE id = 5')
      const second = await newest.page({ size: 3, after: first.next })

      const ids = [...first.items, ...second.items].map(({ id }) => id)
      expect(ids).toEqual([9, 8, 7, 6, 4, 3])
      expect(second.previous).toBeDefined()
    })

    it('of many sessions at once are the same', async () => {
      await write(9)
      const walks = await Promise.all(
        Array.from({ length: 5 }, () => withSession(db, (session) => walk(session, 'after'))),
      )
      expect(new Set(walks.map(({ pages }) => JSON.stringify(pages)))).toHaveLength(1)
    })

    it('cost one statement, with what is loaded besides', async () => {
      await using session = new AsyncSession(db)
      db.forget()
      const { items } = await session
        .query(Post)
        .orderBy((p) => p.createdAt.desc())
        .with({ author: true })
        .page({ size: 2 })
      expect(items.map(({ author }) => author.name)).toHaveLength(2)
      expect(db.statements).toHaveLength(2)
    })
  })

  describe('savepoints', () => {
    const twin = () => new User({ name: 'Twin', email: 'alice@example.com' })
    const tag = (name: string) => new Tag({ name })
    const tags = async () =>
      (await db.values("SELECT name FROM tags WHERE name LIKE 't-%' ORDER BY name")).flat()

    it('let a transaction go on after an error, as often as there is one', async () => {
      await withSession(db, (session) =>
        session.transaction(async () => {
          for (let i = 1; i <= 3; i++) {
            const error = await refused(
              session.transaction(async () => {
                session.add(tag(`t-lost-${i}`), twin())
              }),
            )
            expect(error).toBeInstanceOf(UniqueViolation)
            session.add(tag(`t-kept-${i}`))
          }
        }),
      )
      expect(await tags()).toEqual(['t-kept-1', 't-kept-2', 't-kept-3'])
    })

    it('take back a statement of the program, and the error of it', async () => {
      await withSession(db, (session) =>
        session.transaction(async () => {
          session.add(tag('t-before'))
          await session.flush()
          await refused(
            session.transaction(() => session.connection.run('INSERT INTO nowhere VALUES (1)')),
          )
          session.add(tag('t-after'))
        }),
      )
      expect(await tags()).toEqual(['t-after', 't-before'])
    })

    it('take memory back with them, to any depth', async () => {
      await using session = new AsyncSession(db)
      const account = await session.get(Account, 1)
      await session.transaction(async () => {
        account.cents = 1
        await refused(
          session.transaction(async () => {
            account.cents = 2
            await session.flush()
            await session.transaction(async () => {
              account.cents = 3
            })
            expect(account.cents).toBe(3)
            throw new Error('back')
          }),
        )
        expect(account.cents).toBe(1)
      })
      expect(await db.values('SELECT cents FROM accounts WHERE id = 1')).toEqual([[1]])
    })

    it('save a session whose flush has failed: it flushes again when the mistake is mended', async () => {
      await using session = new AsyncSession(db)
      session.add(tag('t-first'))
      await session.flush()
      const user = twin()
      session.add(user)
      expect(await refused(session.flush())).toBeInstanceOf(UniqueViolation)
      user.email = 'twin@example.com'
      await session.commit()
      expect(await tags()).toEqual(['t-first'])
      expect(
        await session
          .query(User)
          .where((u) => u.name.eq('Twin'))
          .count(),
      ).toBe(1)
    })
  })

  describe('what was loaded before', () => {
    const message = /Post#1\.author is not loaded\. .*before a rollback, a refresh or an expire/

    it.each([
      ['a rollback', (session: AsyncSession) => session.rollback()],
      ['a refresh', (session: AsyncSession, post: Post) => session.refresh(post)],
    ])('%s is to be awaited again, though its type has not heard of it', async (_, forget) => {
      await using session = new AsyncSession(db)
      const post = await session.get(Post, 1, { with: { author: true, comments: true } })
      expect(post.author.name).toBe('Alice')
      post.title = 'changed'
      await session.flush()
      await forget(session, post)

      const name = (): string => post.author.name
      expect(name).toThrow(NotLoadedError)
      expect(name).toThrow(message)
      expect((await post.author).name).toBe('Alice')
      expect((await post.comments).length).toBeGreaterThan(0)
      expect(name()).toBe('Alice')
    })

    it('a commit stays', async () => {
      await using session = new AsyncSession(db)
      const post = await session.get(Post, 1, { with: { author: true } })
      post.title = 'changed'
      await session.commit()
      expect(post.author.name).toBe('Alice')
    })
  })
})
