import { setImmediate as wait } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import { raised } from '#shared/testing/raised'
import { AsyncSession, DetachedError, NotLoadedError } from '#stage/09-async'
import { databases } from './databases.ts'
import { Post, User } from './models.ts'
import { outcomes, refused } from './refused.ts'

describe('Task 3: await a relation', () => {
  describe.each(databases.map(({ name, open }) => [name, open] as const))('on %s', (_, open) => {
    let db: RecordedDatabase
    let session: AsyncSession
    beforeEach(async () => {
      db = await open()
      session = new AsyncSession(db)
    }, 60_000)
    afterEach(async () => {
      await session?.close()
      await db?.close()
    }, 10_000)

    it('reads the relation when it is awaited, and once', async () => {
      const alice = await session.get(User, 1)
      db.forget()
      const posts = await alice.posts

      expect(posts.map(({ title }) => title).toSorted()).toEqual([
        'My First Post',
        'My Second Post',
      ])
      expect(await alice.posts).toBe(posts)
      expect(db).toHaveSent(['SELECT posts'])
    })

    it('sends nothing before it is awaited', async () => {
      const alice = await session.get(User, 1)
      db.forget()
      const posts = alice.posts
      await wait()

      expect(db).toHaveSentCount(0)
      expect(await posts).toHaveLength(2)
    })

    it('reads one object, and takes it from the session when it is there', async () => {
      const post = await session.get(Post, 1)
      const alice = await session.get(User, 1)
      db.forget()

      expect(await post.author).toBe(alice)
      expect(db).toHaveSentCount(0)
    })

    it('gives null where there is no key, without a statement', async () => {
      const post = await session.get(Post, 1)
      db.forget()

      expect(await post.editor).toBeNull()
      expect(db).toHaveSentCount(0)
    })

    it('is there without await when it was asked for', async () => {
      const [post] = await session
        .query(Post)
        .where((p) => p.id.eq(1))
        .with({ author: { posts: true } })
        .all()

      expect(post!.author.name).toBe('Alice')
      expect(post!.author.posts.length).toBe(2)
    })

    it('is there without await when it was joined', async () => {
      const [post] = await session
        .query(Post)
        .where((p) => p.id.eq(1))
        .joined({ author: true })
        .all()

      expect(post!.author.name).toBe('Alice')
      expect(db).toHaveSent(['SELECT posts'])
    })

    it('does not compile without await, and names the cure when it runs all the same', async () => {
      const post = await session.get(Post, 1)
      const alice = await session.get(User, 1)
      session.expunge(alice)
      const errors = [
        // @ts-expect-error the author is not loaded
        raised(() => post.author.name),
        // @ts-expect-error the comments are not loaded
        raised(() => post.comments.length),
        raised(() => {
          // @ts-expect-error the comments are not loaded
          for (const comment of post.comments) comment.body
        }),
        raised(() => {
          // @ts-expect-error the author is not loaded
          post.author.name = 'Alicia'
        }),
        // A text may be made of anything, so this one compiles.
        raised(() => `by ${post.author}`),
      ]

      for (const error of errors) expect(error).toBeInstanceOf(NotLoadedError)
      expect((errors[0] as Error).message).toMatch(/Post#1\.author.*Await it/)
    })

    it('refuses two relations at once: the session does one thing at a time', async () => {
      const [alice, bob] = await session
        .query(User)
        .orderBy((u) => u.id)
        .limit(2)
        .all()

      expect(await outcomes([alice!.posts, bob!.posts])).toEqual(['fulfilled', 'rejected'])
    })

    it('takes an object in without being loaded', async () => {
      const alice = await session.get(User, 1)
      db.forget()
      alice.posts.add(new Post({ title: 'New' }))
      expect(db).toHaveSentCount(0)
      await session.commit()

      expect(await alice.posts).toHaveLength(3)
    })

    it('fails for the one who awaits, and for nobody else', async () => {
      const alice = await session.get(User, 1)
      const posts = alice.posts
      session.expunge(alice)

      expect(await refused(posts)).toBeInstanceOf(DetachedError)
    })

    it('leaves objects as they are when an async function returns them', async () => {
      const find = async () => session.get(User, 1)
      const alice = await find()
      db.forget()

      expect('then' in alice).toBe(false)
      expect(alice).toBeInstanceOf(User)
      expect(db).toHaveSentCount(0)
    })

    it('is shown without being loaded', async () => {
      const alice = await session.get(User, 1)
      db.forget()

      expect(inspect(alice.posts)).toContain('[not loaded: posts]')
      expect(JSON.stringify(alice.posts)).toBeUndefined()
      expect(db).toHaveSentCount(0)
    })

    it('loads for all objects of a result, in a session that is told so', async () => {
      await using batching = new AsyncSession(db, { lazy: 'peers' })
      const users = await batching.query(User).all()
      db.forget()
      for (const user of users) await user.posts

      expect(db).toHaveSent(['SELECT posts'])
    })

    it('costs a statement for each object of a loop otherwise', async () => {
      const users = await session.query(User).all()
      db.forget()
      for (const user of users) await user.posts

      expect(db).toHaveSentCount(3)
    })
  })
})
