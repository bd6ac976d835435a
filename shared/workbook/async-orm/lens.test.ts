import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  AsyncSession,
  expectQueries,
  Lens,
  QueryCountError,
  withSession,
  withToolbar,
} from '#stage/09-async'
import { databases } from '../../../09-async/tests/databases.ts'
import { Comment, Post, Profile, Tag, User } from '../../../09-async/tests/models.ts'
import { type RecordedDatabase, recordAsync } from '../../driver/async-recorder.ts'

// The lens of stage 08 on the asynchronous ORM. It needs the whole of stage 09, so it belongs to no task.

const models = [User, Profile, Post, Comment, Tag]

describe.each(databases)('the lens on $name', ({ name, open }) => {
  let db: RecordedDatabase
  beforeEach(async () => {
    db = await open({ max: 4 })
  }, 120_000)
  afterEach(() => db?.close())

  /** The posts of each author are asked for in a loop. */
  async function slowPage(session: AsyncSession) {
    const titles: string[] = []
    for (const user of await session
      .query(User)
      .orderBy((u) => u.id)
      .all())
      for (const post of await user.posts) titles.push(post.title)
    return titles
  }

  async function quickPage(session: AsyncSession) {
    const users = await session.query(User).with({ posts: true }).all()
    return users.flatMap((user) => user.posts.map(({ title }) => title))
  }

  const look = async <T>(page: (session: AsyncSession) => Promise<T>) => {
    const lens = new Lens(db, { models })
    await withSession(lens.database, page, { usage: lens.usage })
    return lens
  }

  it('counts the round trips of an N+1, and names the relation, the line and the cure', async () => {
    const { report } = await look(slowPage)
    const [nPlusOne, ...others] = report.nPlusOnes

    expect(report.statements).toHaveLength(4)
    expect(others).toEqual([])
    expect(nPlusOne?.statements).toHaveLength(3)
    expect(nPlusOne?.relations[0]?.relation.property).toBe('posts')
    expect(nPlusOne?.callSite).toMatch(/^slowPage \(.*lens\.test\.ts:\d+:\d+\)$/)
    expect(nPlusOne?.fix).toBe('session.query(User).with({ posts: true })')
  })

  it('finds nothing to say about the cure', async () => {
    const { report } = await look(quickPage)
    expect(report.statements).toHaveLength(2)
    expect(report.nPlusOnes).toEqual([])
    expect(report.unusedLoads).toEqual([])
  })

  it('finds what was loaded in vain', async () => {
    const { report } = await look(async (session) => {
      const users = await session.query(User).with({ posts: true, profile: true }).all()
      return users.map((user) => user.profile)
    })
    expect(report.unusedLoads.map(({ relation }) => relation.property)).toEqual(['posts'])
  })

  it('counts as read what was awaited, and what was not loaded at all as nothing', async () => {
    const { report } = await look(async (session) => {
      const [user] = await session.query(User).with({ posts: true }).all()
      for (const post of await user!.posts) post.title
      await user!.profile
    })
    expect(report.unusedLoads).toEqual([])
  })

  it('looks at one request only, while others run', async () => {
    const [slow, quick] = await Promise.all([look(slowPage), look(quickPage)])
    expect(slow.report.statements).toHaveLength(4)
    expect(quick.report.statements).toHaveLength(2)
    expect(quick.report.nPlusOnes).toEqual([])
  })

  it('shows the statements with their plans, and what it asks is no part of the page', async () => {
    const lens = await look(slowPage)
    const page = withToolbar('<body>Hello</body>', await lens.toolbar())

    expect(page).toContain('N+1 User.posts')
    expect(page).toContain('4 statements')
    expect(page).toContain(name === 'SQLite' ? 'SCAN posts' : 'Seq Scan on posts (user_id = 1)')
    expect(page).toContain('reads the whole table')
    expect(lens.report.statements).toHaveLength(4)
    expect(db.usage.holders).toEqual([])
  })

  it('shows a page without plans when the database gives none', async () => {
    const lens = await look(quickPage)
    await db.run('ALTER TABLE posts RENAME TO articles')
    try {
      expect(String(await lens.toolbar())).toContain('2 statements')
    } finally {
      await db.run('ALTER TABLE articles RENAME TO posts')
    }
  })

  it('shows a failed statement, and the transaction around it', async () => {
    const lens = new Lens(db, { models })
    const writes = withSession(lens.database, async (session) => {
      session.add(new User({ name: 'Alice', email: 'alice@example.com' }))
      await session.commit()
    })
    await expect(writes).rejects.toThrow('email')

    const { statements } = lens.report
    expect(statements.map(({ sql }) => sql.split(' ')[0])).toEqual(['BEGIN', 'INSERT', 'ROLLBACK'])
    expect(String(await lens.toolbar())).toContain('failed')
    expect(
      new Set(statements.map(({ callSite }) => callSite?.replace(/:\d+:\d+\)?$/, ''))),
    ).toHaveLength(1)
  })

  describe('expectQueries', () => {
    it('gives what the function gives, when the count is right', async () => {
      await using session = new AsyncSession(db)
      expect(await expectQueries(db, 2, () => quickPage(session))).toHaveLength(3)
      expect(await expectQueries(db, 0, () => 'nothing')).toBe('nothing')
    })

    it('waits for a relation as well, which is no promise', async () => {
      await using session = new AsyncSession(db)
      const user = await session.get(User, 1)
      expect(await expectQueries(db, 1, () => user.posts)).toHaveLength(2)
    })

    it('says which lines sent what, when it is not', async () => {
      await using session = new AsyncSession(db)
      const error = await expectQueries(db, 2, () => slowPage(session)).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(error).toBeInstanceOf(QueryCountError)
      expect((error as QueryCountError).message).toMatch(
        /^2 statements expected, and 4 sent\.[\s\S]*3 × SELECT … FROM posts WHERE user_id = \?\n +slowPage \(.*lens\.test\.ts/,
      )
    })

    it('counts what the recorder does not remember, too', async () => {
      const few = recordAsync(db, { keep: 1 })
      await expectQueries(few, 4, () => withSession(few, slowPage))
      const error = await expectQueries(few, 1, () => withSession(few, quickPage)).catch(
        (error) => error,
      )
      expect(error.message).toMatch(/^1 statement expected, and 2 sent\./)
      expect(error.statements).toHaveLength(1)
    })

    it('lets the error of the function through', async () => {
      await expect(
        expectQueries(db, 0, async () => {
          throw new Error('its own')
        }),
      ).rejects.toThrow('its own')
    })
  })

  /** Each asks in another way. The line is that of the program, whatever lies between. */
  describe('the line that asked', () => {
    const ways: Record<string, (session: AsyncSession) => Promise<unknown>> = {
      'for an object': async (session) => await session.find(User, 1),
      'for a list': async (session) => await session.query(User).all(),
      'for a count': async (session) => await session.query(User).count(),
      'for a page': async (session) => await session.query(User).page({ size: 2 }),
      'for columns': async (session) =>
        await session
          .query(User)
          .select((u) => ({ name: u.name }))
          .all(),
      'for a relation of many': async (session) => {
        const user = await session.get(User, 1)
        await user.posts
      },
      'for a relation of one': async (session) => {
        const post = await session.get(Post, 1)
        await post.author
      },
      'for a count of a relation': async (session) => {
        const user = await session.get(User, 1)
        await user.posts.count()
      },
      'and hands the promise on': (session) => session.query(User).all(),
      'and hands the promise on in an async function': async (session) => session.query(User).all(),
      'for relations by name': async (session) => {
        const users = await session.query(User).all()
        await session.load(users, { posts: { comments: true } })
      },
      'for a list and what belongs to it': async (session) => {
        await session
          .query(Post)
          .with({ author: { profile: true }, tags: true, comments: { author: true } })
          .withCount({ comments: true })
          .all()
      },
      'for one, with what belongs to it': async (session) => {
        await session.query(Post).with({ author: true, tags: true }).first()
      },
      'for an object, with what belongs to it': async (session) => {
        await session.get(Post, 1, { with: { author: true, tags: true } })
      },
      'for a page with what belongs to it': async (session) => {
        await session.query(Post).with({ author: true, tags: true }).page({ size: 2 })
      },
      'to read an object again': async (session) => {
        const user = await session.get(User, 1)
        await session.refresh(user)
      },
      'to lock': async (session) => {
        await session.query(User).with({ posts: true }).forUpdate().all()
      },
      'to delete with what goes along': async (session) => {
        const [first, second] = await session.query(Post).all()
        session.delete(first!)
        session.delete(second!)
        await session.commit()
      },
      'in batches': async (session) => {
        for await (const users of session.query(User).inBatches(2)) users.length
      },
      'to write': async (session) => {
        session.add(new Tag({ name: 'new' }), new Tag({ name: 'newer' }))
        await session.commit()
      },
      'to write at the end of a function': async (session) => {
        await session.transaction(async () => {
          const user = await session.get(User, 1)
          user.name = 'Alicia'
        })
      },
    }

    it.each(Object.entries(ways))('%s', async (_, ask) => {
      const lens = await look((session) => ask(session))
      const sites = lens.report.statements.map(({ callSite }) => callSite)
      expect(sites.length).toBeGreaterThan(0)
      for (const site of sites) expect(site).toContain('lens.test.ts')
    })
  })
})
