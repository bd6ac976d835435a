import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import { UniqueViolation } from '#shared/driver/errors'
import { AsyncSession, withSession } from '#stage/09-async'
import { databases, onPostgres } from './databases.ts'
import { instead } from './instead.ts'
import { Comment, Job, Note, Post, PostTag, User } from './models.ts'
import { refused } from './refused.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const inserts = (db: RecordedDatabase) =>
  db.statements.filter(({ sql }) => sql.startsWith('INSERT')).length

/** PostgreSQL promises no order for what RETURNING gives. Here it is the other way round. */
const turnedRound = (database: AsyncDatabase): AsyncDatabase =>
  instead(database, {
    async connect(options) {
      const connection = await database.connect(options)
      return instead(connection, {
        async values(sql, parameters) {
          const rows = await connection.values(sql, parameters)
          return sql.includes('RETURNING') ? rows.toReversed() : rows
        },
      })
    },
  })

describe('Task 6: many rows at once', () => {
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

    it('gives each object the key of its own row', async () => {
      const jobs = numbers(500).map((i) => new Job({ name: `job ${i}` }))
      session.add(...jobs)
      await session.commit()

      await withSession(db, async (other) => {
        const stored = await other.query(Job).all()
        const names = new Map(stored.map(({ id, name }) => [id, name]))
        expect(jobs.map(({ id }) => names.get(id))).toEqual(jobs.map(({ name }) => name))
      })
    })

    it('gives each object what the database has filled in for its own row', async () => {
      const notes = numbers(50).map((i) => new Note({ text: `note ${i}` }))
      session.add(...notes)
      await session.commit()

      await withSession(db, async (other) => {
        const stored = await other.query(Note).all()
        const marks = new Map(stored.map(({ id, mark }) => [id, mark]))
        expect(notes.map(({ id }) => marks.get(id))).toEqual(notes.map(({ mark }) => mark))
      })
    })

    it('hands new keys on to the rows that point to them', async () => {
      const dora = new User({ name: 'Dora', email: 'dora@example.com' })
      const posts = numbers(3).map((i) => new Post({ title: `${i}`, author: dora }))
      session.add(...posts)
      await session.commit()

      expect(posts.map(({ userId }) => userId)).toEqual([dora.id, dora.id, dora.id])
    })

    it('stores a chain of rows of one table, each pointing to the one before', async () => {
      const post = await session.get(Post, 1)
      const first = new Comment({ body: '1', post })
      const second = new Comment({ body: '2', post, parent: first })
      const third = new Comment({ body: '3', post, parent: second })
      session.add(third, second, first)
      await session.commit()

      expect([second.parentId, third.parentId]).toEqual([first.id, second.id])
    })

    it('keeps what some rows bring along, and fills in what others lack', async () => {
      const notes = [{}, { mark: 5000 }, { id: 900 }, {}].map(
        (values) => new Note({ text: 'note', ...values }),
      )
      session.add(...notes)
      await session.commit()
      const stored = await db.values('SELECT id, mark FROM notes')

      expect(new Map(stored.map(([id, mark]) => [id, mark]))).toEqual(
        new Map(notes.map(({ id, mark }) => [id, mark])),
      )
      expect([notes[1]!.mark, notes[2]!.id]).toEqual([5000, 900])
    })

    it('stores rows with keys of the program', async () => {
      session.add(...[1, 2, 3].map((tagId) => new PostTag({ postId: 3, tagId })))
      await session.commit()

      expect(await session.query(PostTag).count()).toBe(6)
    })

    it('takes all of them back when one is refused', async () => {
      const users = ['d@example.com', 'alice@example.com', 'e@example.com'].map(
        (email) => new User({ name: 'New', email }),
      )
      session.add(...users)

      expect(await refused(session.commit())).toBeInstanceOf(UniqueViolation)
      expect(users.map(({ id }) => id)).toEqual([undefined, undefined, undefined])
      expect(await session.query(User).count()).toBe(3)
    })
  })

  describe('on PostgreSQL', () => {
    let db: RecordedDatabase
    let session: AsyncSession
    beforeEach(async () => {
      db = await onPostgres.open()
      session = new AsyncSession(db)
    }, 60_000)
    afterEach(async () => {
      await session?.close()
      await db?.close()
    }, 10_000)

    it('finds the rows by their keys, in whichever order they come back', async () => {
      await using session = new AsyncSession(turnedRound(db))
      const notes = numbers(50).map((i) => new Note({ text: `note ${i}` }))
      session.add(...notes)
      await session.commit()
      const stored = await db.values('SELECT id, mark FROM notes')

      const marks = new Map(stored.map(([id, mark]) => [id, mark]))
      expect(notes.map(({ id }) => marks.get(id))).toEqual(notes.map(({ mark }) => mark))
    })

    it('needs four statements for a thousand rows', async () => {
      session.add(...numbers(1000).map((i) => new Job({ name: `job ${i}` })))
      await session.commit()

      expect(db).toHaveSent(['BEGIN', 'SELECT', 'INSERT jobs', 'COMMIT'])
    })

    it('waits only for keys of its own statement', async () => {
      const dora = new User({ name: 'Dora', email: 'dora@example.com' })
      session.add(...numbers(3).map((i) => new Post({ title: `${i}`, author: dora })))
      await session.commit()

      expect(db).toHaveSent(['BEGIN', 'INSERT users', 'SELECT', 'INSERT posts', 'COMMIT'])
    })

    it('sends no more parameters than a statement may have', async () => {
      // Seven columns: 70,000 parameters.
      session.add(...numbers(10_000).map((i) => new Post({ title: `${i}`, userId: 1 })))
      await session.commit()

      expect(inserts(db)).toBe(2)
      expect(await session.query(Post).count()).toBe(10_003)
    }, 60_000)

    it('sends one row by itself as before', async () => {
      session.add(new Job({ name: 'one' }))
      await session.commit()

      expect(db).toHaveSent(['BEGIN', 'INSERT jobs', 'COMMIT'])
    })

    it('goes row by row where there is no sequence', async () => {
      await using connection = await db.connect()
      await connection.exec(
        "CREATE SEQUENCE loose; DROP TABLE jobs; CREATE TABLE jobs (id INTEGER PRIMARY KEY DEFAULT nextval('loose'), name TEXT, worker TEXT)",
      )
      const jobs = numbers(3).map((i) => new Job({ name: `${i}` }))
      session.add(...jobs)
      await session.commit()
      const ids = jobs.map(({ id }) => id)
      await connection.exec(
        'DROP TABLE jobs; DROP SEQUENCE loose; CREATE TABLE jobs (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL, worker TEXT)',
      )

      expect(ids).toEqual([1, 2, 3])
    })
  })
})
