import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AsyncSession,
  ConcurrentUseError,
  DetachedError,
  diff,
  IdentityChangeError,
  InvalidValueError,
  inspect,
  MissingWhereError,
  OtherSessionError,
  runStatements,
  StaleObjectError,
  statements,
  sum,
  update,
} from '#stage/10-blog-app'
import { type RecordedDatabase, recordAsync } from '../../driver/async-recorder.ts'
import { type Ground, postgresGround, sqliteGround } from './databases.ts'
import { models } from './own-models.ts'

// Traps that need the words of this ORM: what a session allows, what is sent, and a schema that changes under rows.

const { authors: Author, posts: Post, accounts: Account, documents: Document } = models

// Some have thousands of rows, and the machine may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const grounds = [
  { database: 'SQLite', openGround: sqliteGround },
  { database: 'PostgreSQL', openGround: postgresGround },
] as const

describe.each(grounds)('the finished ORM, on $database', ({ openGround }) => {
  let ground: Ground
  let db: RecordedDatabase
  let session: AsyncSession

  beforeAll(async () => {
    ground = await openGround()
  })
  afterAll(() => ground?.close())
  beforeEach(async () => {
    await ground.empty()
    await ground.sql(
      `INSERT INTO authors (id, name, email) VALUES (1, 'Ann', 'a@x'), (2, 'Bo', 'b@x')`,
    )
    await ground.sql(`INSERT INTO posts (id, title, author_id) VALUES (1, 'x', 1), (2, 'y', NULL)`)
    db = recordAsync(ground.open())
    session = new AsyncSession(db)
  })
  afterEach(async () => {
    await session?.close()
    await db?.close()
  })

  const sent = () => db.statements.map(({ sql }) => sql.split(' ')[0])

  describe('what a session allows', () => {
    it('one thing at a time: the second of two at once is refused, and the first is done', async () => {
      const [first, second] = await Promise.allSettled([
        session.find(Author, 1 as never),
        session.find(Author, 2 as never),
      ])
      expect(first).toMatchObject({ status: 'fulfilled', value: { name: 'Ann' } })
      expect(second).toMatchObject({ status: 'rejected', reason: expect.any(ConcurrentUseError) })
    })

    it('no key of another type: the text "1" is not the number 1', async () => {
      await expect(session.find(Author, '1' as never)).rejects.toThrow(InvalidValueError)
    })

    it('no other key for an object that has one', async () => {
      const ann: any = await session.get(Author, 1 as never)
      ann.id = 7
      await expect(session.commit()).rejects.toThrow(IdentityChangeError)
      ann.id = 1
    })

    it('no object of another session', async () => {
      const ann: any = await session.get(Author, 1 as never)
      await using other = new AsyncSession(db)
      expect(() => other.add(ann)).toThrow(OtherSessionError)
    })

    it('no deleted object to be found, before the flush and after it', async () => {
      const bo: any = await session.get(Author, 2 as never)
      session.delete(bo)
      const before = await session.find(Author, 2 as never)
      await session.flush()
      expect([before, await session.find(Author, 2 as never)]).toEqual([undefined, undefined])
    })

    it('no relation of an object that it has let go', async () => {
      const post: any = await session.get(Post, 1 as never)
      session.expunge(post)
      await expect(Promise.resolve(post.author)).rejects.toThrow(DetachedError)
    })

    it('no delete of what somebody else has changed, where there is a version', async () => {
      await ground.sql(`INSERT INTO documents (id, title, version) VALUES (1, 'x', 1)`)
      const document: any = await session.get(Document, 1 as never)
      await ground.sql('UPDATE documents SET version = 2')
      session.delete(document)
      await expect(session.commit()).rejects.toThrow(StaleObjectError)
    })

    it('no UPDATE of every row by accident', () => {
      expect(() => update(Author).set({ nickname: 'x' }).compile(db.dialect)).toThrow(
        MissingWhereError,
      )
    })
  })

  describe('what is sent', () => {
    it('nothing for a commit when nothing has changed', async () => {
      const ann: any = await session.get(Author, 1 as never)
      ann.name = String(ann.name)
      db.forget()
      await session.commit()
      expect(sent()).toEqual([])
    })

    it('nothing for an object that was added and deleted', async () => {
      const author = new Author({ name: 'Cy' })
      session.add(author)
      session.delete(author)
      await session.commit()
      expect(sent()).toEqual([])
    })

    it('nothing for a foreign key that is NULL', async () => {
      const post: any = await session.get(Post, 2 as never)
      db.forget()
      expect(await post.author).toBeNull()
      expect(sent()).toEqual([])
    })

    it('nothing for JSON of objects that lead to each other', async () => {
      const ann: any = await session.get(Author, 1 as never, { with: { posts: true } as never })
      db.forget()
      expect(JSON.parse(JSON.stringify(ann))).toMatchObject({ name: 'Ann' })
      expect(sent()).toEqual([])
    })

    it('one ROLLBACK for a unit that fails, and the new objects have no key again', async () => {
      const cy = new Author({ name: 'Cy', email: 'a@x' })
      session.add(cy)
      await expect(session.commit()).rejects.toThrow('Another row has the same')
      expect([cy.id, session.stateOf(cy), sent().at(-1)]).toEqual([
        undefined,
        'pending',
        'ROLLBACK',
      ])
    })

    it('one parameter for a list of 70,000 keys, more than either database takes', async () => {
      const keys = Array.from({ length: 70_000 }, (_, i) => i + 1)
      const found: any[] = await session
        .query(Author)
        .where((a: any) => a.id.in(keys))
        .all()
      expect(found.map(({ name }) => name).sort()).toEqual(['Ann', 'Bo'])
      expect(db.statements.at(-1)?.parameters).toHaveLength(1)
    })

    it('a list of 70,000 keys of 64 bits, of which no digit is lost', async () => {
      await ground.sql(`INSERT INTO accounts VALUES (9007199254740993, 'there')`)
      const keys = Array.from({ length: 70_000 }, (_, i) => 9_007_199_254_740_993n + BigInt(i))
      const among = (list: readonly bigint[]) =>
        session
          .query(Account)
          .where((a: any) => a.id.in(list))
          .count()
      expect([await among(keys), await among(keys.map((key) => key + 1n))]).toEqual([1, 0])
    })
  })

  it('adds up as numbers, though PostgreSQL sends text', async () => {
    const rows = await session
      .query(Author)
      .select((a: any) => ({ total: sum(a.id) }))
      .all()
    expect(rows).toEqual([{ total: 3 }])
  })

  it('changes a table under the rows of others, and loses none by ON DELETE CASCADE', async () => {
    await using connection = await db.connect()
    await connection.exec(`
      CREATE TABLE racks (id INTEGER PRIMARY KEY, label TEXT NOT NULL);
      CREATE TABLE boxes (id INTEGER PRIMARY KEY, rack_id INTEGER REFERENCES racks (id) ON DELETE CASCADE);
      INSERT INTO racks VALUES (1, 'x'); INSERT INTO boxes VALUES (1, 1), (2, 1);`)
    try {
      const before = await inspect(connection)
      const after = structuredClone(before) as any
      const racks = after.tables.find(({ name }: any) => name === 'racks')
      racks.columns.find(({ name }: any) => name === 'label').isNullable = true

      await runStatements(connection, statements(diff(before, after), before, db.dialect))

      expect(diff(await inspect(connection), after)).toEqual([])
      expect(await connection.values('SELECT id FROM boxes ORDER BY id')).toEqual([[1], [2]])
    } finally {
      await connection.exec('DROP TABLE boxes; DROP TABLE racks;')
    }
  })
})

describe('why SQLite needs care for that', () => {
  it('a table that is rebuilt while foreign keys are followed takes the rows of others along', async () => {
    const ground = await sqliteGround()
    await using db = ground.open()
    await using connection = await db.connect()
    await connection.exec(`
      CREATE TABLE racks (id INTEGER PRIMARY KEY, label TEXT NOT NULL);
      CREATE TABLE boxes (id INTEGER PRIMARY KEY, rack_id INTEGER REFERENCES racks (id) ON DELETE CASCADE);
      INSERT INTO racks VALUES (1, 'x'); INSERT INTO boxes VALUES (1, 1);
      BEGIN;
      PRAGMA foreign_keys = OFF; -- too late: it says nothing, and does nothing
      CREATE TABLE racks_new (id INTEGER PRIMARY KEY, label TEXT);
      INSERT INTO racks_new SELECT id, label FROM racks;
      DROP TABLE racks;
      ALTER TABLE racks_new RENAME TO racks;
      COMMIT;`)

    expect(await connection.values('SELECT id FROM boxes')).toEqual([])
    await connection.release()
    await db.close()
    await ground.close()
  })
})
