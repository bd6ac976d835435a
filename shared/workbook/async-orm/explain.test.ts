import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AsyncSession } from '#stage/09-async'
import { databases } from '../../../09-async/tests/databases.ts'
import { Comment, Note, Post, Tag, User } from '../../../09-async/tests/models.ts'
import type { RecordedDatabase } from '../../driver/async-recorder.ts'

// What `explain` says is what a flush sends, on both databases: PostgreSQL takes many rows at once.

describe.each(databases)('explain on $name', ({ name, open }) => {
  let db: RecordedDatabase
  let session: AsyncSession
  beforeEach(async () => {
    db = await open()
    session = new AsyncSession(db)
  }, 120_000)
  afterEach(async () => {
    await session?.close()
    await db?.close()
  })

  /** The statements of the lower part, without their parameters. */
  const explained = () =>
    session
      .explain()
      .split('\n\n')[1]!
      .split('\n')
      .map((line) => line.trim().split('   -- ')[0])

  const expectToSend = async () => {
    const expected = explained()
    db.forget()
    await session.flush()
    expect(db.statements.map(({ sql }) => sql)).toEqual(expected)
    return expected
  }

  const post = (title: string) => new Post({ title, userId: 1 })

  it('tells the statements of a first flush', async () => {
    session.add(post('One'), post('Two'), new Tag({ name: 'new' }), post('Three'))
    const user = await session.get(User, 1)
    user.name = 'Alicia'
    session.delete(await session.get(Comment, 2))

    const sent = await expectToSend()
    expect(sent.filter((sql) => sql?.startsWith('INSERT INTO posts'))).toHaveLength(
      name === 'SQLite' ? 3 : 1,
    )
  })

  it('tells a later one, in a savepoint', async () => {
    session.add(post('One'))
    await session.flush()
    session.add(post('Two'), post('Three'))

    const sent = await expectToSend()
    expect([sent[0], sent.at(-1)]).toEqual(['SAVEPOINT level_1', 'RELEASE level_1'])
  })

  it('tells rows that point to rows of the same flush', async () => {
    const [alice, bob] = [
      new User({ name: 'A', email: 'a@x.org' }),
      new User({ name: 'B', email: 'b@x.org' }),
    ]
    session.add(
      new Post({ title: 'One', author: alice }),
      new Post({ title: 'Two', author: bob, editor: alice }),
      new Post({ title: 'Three', author: bob }),
    )
    expect(session.explain()).toContain('<key of new User>')
    await expectToSend()
  })

  it('tells rows in which the database fills in more than the key', async () => {
    session.add(new Note({ text: 'one' }), new Note({ text: 'two' }))
    await expectToSend()
  })

  it('tells how a transaction of another isolation begins', async () => {
    await using careful = new AsyncSession(db, { isolation: 'serializable' })
    careful.add(new Tag({ name: 'careful' }))
    expect(careful.explain()).toContain(
      name === 'SQLite' ? '  BEGIN IMMEDIATE\n' : '  BEGIN ISOLATION LEVEL SERIALIZABLE\n',
    )
  })

  it('shows the keys that are to come, and all values', async () => {
    session.add(new Tag({ name: 'red' }), new Tag({ name: 'blue' }))
    const text = session.explain()
    if (name === 'SQLite') expect(text).toContain("VALUES (?)   -- 'red'")
    else {
      expect(text).toMatch(/FROM generate_series\(1, \$3::integer\) {3}-- 'tags', 'id', 2\n/)
      expect(text).toMatch(/-- <key of new Tag>, 'red', <key of new Tag>, 'blue'$/)
    }
  })

  it('says that there is nothing to send', () => {
    expect(session.explain()).toBe('Nothing has changed: a flush sends nothing.')
  })
})
