import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AsyncSession, ConcurrentUseError, SessionBusyError, withSession } from '#stage/09-async'
import { databases } from '../../../09-async/tests/databases.ts'
import { Comment, Post, Tag, User } from '../../../09-async/tests/models.ts'
import { refused } from '../../../09-async/tests/refused.ts'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import type { RecordedDatabase } from '../../driver/async-recorder.ts'

// The program goes on while statements are on their way. What it changes meanwhile is not lost.

/** A database on a slow line: a statement arrives when the program lets it pass. */
function slowLine(database: AsyncDatabase) {
  let arrives: (() => void) | undefined
  let isSlow = (_: string) => false
  let onTheWay: (() => void) | undefined
  const pass = async (sql: string) => {
    if (!isSlow(sql)) return
    isSlow = () => false
    await new Promise<void>((resolve) => {
      arrives = resolve
      onTheWay?.()
    })
  }
  const slow = <T extends Pick<AsyncDatabase, 'run' | 'values'>>(
    sender: T,
    more: Partial<T> = {},
  ) =>
    insteadOf(sender, {
      ...more,
      run: (sql: string, ...rest: []) => pass(sql).then(() => sender.run(sql, ...rest)),
      values: (sql: string, ...rest: []) => pass(sql).then(() => sender.values(sql, ...rest)),
    })
  return {
    database: slow(database, {
      connect: async (options) => slow(await database.connect(options)),
    }),
    /** Holds up the next statement that begins like this; resolves when it is on its way. */
    holdUp: (start: string) => {
      isSlow = (sql) => sql.startsWith(start)
      return new Promise<void>((resolve) => {
        onTheWay = resolve
      })
    },
    arrive: () => arrives?.(),
  }
}

/** The same object, with other methods in the place of some. */
const insteadOf = <T extends object>(target: T, others: object): T =>
  new Proxy(target, {
    get(_, key) {
      const value = Reflect.get(key in others ? others : target, key)
      return typeof value === 'function' && !(key in others) ? value.bind(target) : value
    },
  })

describe.each(databases)('meanwhile, on $name', ({ open }) => {
  let db: RecordedDatabase
  let line: ReturnType<typeof slowLine>
  beforeEach(async () => {
    db = await open({ max: 3 })
    line = slowLine(db)
  }, 120_000)
  afterEach(() => db?.close())

  /** Flushes, does something while a statement is on its way, and commits what has come of it. */
  async function meanwhile(session: AsyncSession, start: string, change: () => unknown) {
    const isOnTheWay = line.holdUp(start)
    const flushing = session.flush()
    await isOnTheWay
    await change()
    line.arrive()
    await flushing
    const { dirty } = session
    await session.commit()
    return dirty
  }

  const nameOf = async (id: number) =>
    (await db.values(`SELECT name FROM users WHERE id = ${id}`))[0]?.[0]

  describe.each(['strong', 'weak'] as const)('in a session with %s identity', (identity) => {
    let session: AsyncSession
    beforeEach(() => {
      session = new AsyncSession(line.database, { identity })
    })
    afterEach(() => session.close())

    it('the property that is being written is changed once more', async () => {
      const user = await session.get(User, 1)
      user.name = 'sent'
      const dirty = await meanwhile(session, 'UPDATE users', () => {
        user.name = 'later'
      })
      expect(dirty).toEqual([user])
      expect(await nameOf(1)).toBe('later')
    })

    it('another property of the object is changed, and another object', async () => {
      const [alice, bob] = await session
        .query(User)
        .orderBy((u) => u.id)
        .all()
      alice!.name = 'sent'
      await meanwhile(session, 'UPDATE users', () => {
        alice!.age = 77
        bob!.name = 'later'
      })
      expect(await db.values('SELECT name, age FROM users WHERE id = 1')).toEqual([['sent', 77]])
      expect(await nameOf(2)).toBe('later')
    })

    it('the change is taken back', async () => {
      const user = await session.get(User, 1)
      user.name = 'sent'
      await meanwhile(session, 'UPDATE users', () => {
        user.name = 'Alice'
      })
      expect(await nameOf(1)).toBe('Alice')
    })

    it('a new object is changed', async () => {
      const tag = new Tag({ name: 'sent' })
      session.add(tag)
      await meanwhile(session, 'INSERT INTO tags', () => {
        tag.name = 'later'
      })
      expect(await db.values(`SELECT name FROM tags WHERE id = ${tag.id}`)).toEqual([['later']])
    })

    it('a Date is changed inside', async () => {
      const user = await session.get(User, 1)
      user.name = 'sent'
      await meanwhile(session, 'UPDATE users', () => {
        user.joinedAt.setUTCFullYear(1999)
      })
      await session.refresh(user)
      expect(user.joinedAt.getUTCFullYear()).toBe(1999)
    })

    it('a value is set that no column takes: the next flush says so', async () => {
      const user = await session.get(User, 1)
      user.name = 'sent'
      const isOnTheWay = line.holdUp('UPDATE users')
      const flushing = session.flush()
      await isOnTheWay
      ;(user as { name: unknown }).name = 7
      line.arrive()
      await flushing
      expect(String(await refused(session.commit()))).toContain('name')
      user.name = 'mended'
      await session.commit()
      expect(await nameOf(1)).toBe('mended')
    })

    it('nothing is changed: nothing more is sent', async () => {
      const user = await session.get(User, 1)
      user.name = 'sent'
      expect(await meanwhile(session, 'UPDATE users', () => {})).toEqual([])
      expect(db.statements.filter(({ sql }) => sql.startsWith('UPDATE'))).toHaveLength(1)
    })

    it('COMMIT is on its way: the change waits for the next one', async () => {
      const user = await session.get(User, 1)
      user.name = 'sent'
      const isOnTheWay = line.holdUp('COMMIT')
      const committing = session.commit()
      await isOnTheWay
      user.name = 'later'
      line.arrive()
      await committing
      expect(await nameOf(1)).toBe('sent')
      await session.commit()
      expect(await nameOf(1)).toBe('later')
    })

    it('a relation is not to be changed, and is not', async () => {
      const post = await session.get(Post, 1, { with: { author: true, tags: true } })
      const [bob, tag] = [await session.get(User, 2), await session.get(Tag, 3)]
      const tags = post.tags.toArray()
      post.title = 'sent'
      const errors: unknown[] = []
      const attempt = (change: () => void) => {
        try {
          change()
        } catch (error) {
          errors.push(error)
        }
      }
      await meanwhile(session, 'UPDATE posts', () => {
        attempt(() => Reflect.set(post, 'author', bob))
        attempt(() => post.tags.add(tag))
        attempt(() => post.tags.remove(tags[0]!))
        attempt(() => bob.posts.add(post))
        attempt(() => new User({ name: 'New', email: 'new@x.org' }).posts.add(post))
        attempt(() => new Post({ title: 'New', author: bob }))
        attempt(() => session.expunge(post))
        attempt(() => session.expire(post))
        attempt(() => session.clear())
        attempt(() => session.add(new Tag({ name: 'more' })))
        attempt(() => session.delete(post))
      })

      expect(errors).toHaveLength(11)
      for (const error of errors) expect(error).toBeInstanceOf(ConcurrentUseError)
      expect(post.author.id).toBe(1)
      expect(post.tags.toArray()).toEqual(tags)
      expect(await db.values('SELECT user_id, title FROM posts WHERE id = 1')).toEqual([
        [1, 'sent'],
      ])
    })
  })

  describe('a transaction that nobody awaits', () => {
    it('is waited for when the session is closed, and named', async () => {
      const session = new AsyncSession(line.database)
      const isOnTheWay = line.holdUp('SELECT')
      const forgotten = session.transaction(async () => {
        const user = await session.get(User, 1)
        user.name = 'written'
      })
      await isOnTheWay
      const closing = refused(session.close())
      line.arrive()
      const error = await closing
      await forgotten

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect(String(error)).toMatch(/Cannot close the session: .* finish a transaction first/)
      expect(db.usage.holders).toEqual([])
      expect(await nameOf(1)).toBe('written')
      expect(String(await refused(session.get(User, 1)))).toMatch(/closed/)
    })

    it('is waited for when its function fails, too, and keeps nothing', async () => {
      const session = new AsyncSession(line.database)
      const forgotten = refused(
        session.transaction(async () => {
          const user = await session.get(User, 1)
          user.name = 'not written'
          await session.flush()
          throw new Error('its own')
        }),
      )
      expect(await refused(session.close())).toBeInstanceOf(ConcurrentUseError)
      expect(((await forgotten) as Error).message).toBe('its own')
      expect(db.usage.holders).toEqual([])
      expect(await nameOf(1)).toBe('Alice')
    })

    it('is found at the end of withSession', async () => {
      let forgotten: Promise<void> | undefined
      const error = await refused(
        withSession(db, async (session) => {
          forgotten = session.transaction(async () => {
            await session.get(User, 1)
            await new Promise((resolve) => setTimeout(resolve, 1))
            await session.get(User, 2)
          })
        }),
      )
      await forgotten
      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect(db.usage.holders).toEqual([])
    })

    it('cannot be closed from inside, which would wait for itself', async () => {
      await using session = new AsyncSession(db)
      const error = await refused(session.transaction(() => session.close()))
      expect(error).toBeInstanceOf(SessionBusyError)
      expect(await session.query(User).count()).toBe(3)
    })

    it('of another session may be closed inside', async () => {
      await using session = new AsyncSession(db)
      if (db.usage.size === 1) return expect(db.dialect.name).toBe('sqlite')
      await session.transaction(async () => {
        await session.get(User, 1)
        await using other = new AsyncSession(db)
        await other.transaction(async () => (await other.get(Comment, 1)).body)
      })
      expect(db.usage.holders).toEqual([])
    })
  })
})
