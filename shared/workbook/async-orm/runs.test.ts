import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AsyncSession, LostRowError } from '#stage/09-async'
import { databases, onSqlite } from '../../../09-async/tests/databases.ts'
import { Job, Note, Post, User } from '../../../09-async/tests/models.ts'
import { refused } from '../../../09-async/tests/refused.ts'
import type { RecordedDatabase } from '../../driver/async-recorder.ts'
import { ForeignKeyViolation, UniqueViolation } from '../../driver/errors.ts'

// Changes that are the same statement go to the driver in one call. Everything else is as if each went by itself.

describe.each(databases)('many changes of one kind, on $name', ({ open }) => {
  let db: RecordedDatabase
  let session: AsyncSession
  beforeEach(async () => {
    db = await open()
    session = new AsyncSession(db)
  }, 60_000)
  afterEach(async () => {
    await session?.close()
    await db?.close()
  })

  const users = () =>
    session
      .query(User)
      .orderBy((u) => u.id)
      .all()
  const sent = () => db.statements.map(({ sql, parameters }) => [sql.split(' ')[0], ...parameters])

  it('are a statement each, in their order', async () => {
    for (const user of await users()) user.name = `New ${user.name}`
    db.forget()
    await session.commit()

    expect(sent()).toEqual([
      ['BEGIN'],
      ['UPDATE', 'New Alice', 1],
      ['UPDATE', 'New Bob', 2],
      ['UPDATE', 'New Carol', 3],
      ['COMMIT'],
    ])
    expect(db.statements[2]?.callSite).toContain('runs.test.ts')
  })

  it('need not have changed the same columns', async () => {
    const [alice, bob, carol] = await users()
    Object.assign(alice!, { name: 'A' })
    Object.assign(bob!, { age: 7 })
    Object.assign(carol!, { name: 'C', age: null })
    await session.commit()

    expect(await db.values('SELECT name, age FROM users ORDER BY id')).toEqual([
      ['A', 30],
      ['Bob', 7],
      ['C', null],
    ])
  })

  it('may be more than are sent at once', async () => {
    session.add(...Array.from({ length: 2500 }, (_, i) => new Job({ name: `job ${i}` })))
    await session.flush()
    const jobs = await session.query(Job).all()
    for (const job of jobs) job.worker = `worker ${job.id}`
    await session.commit()

    const right = "SELECT COUNT(*) FROM jobs WHERE worker = 'worker ' || id"
    expect(await db.values(right)).toEqual([[2500]])
  })

  it('say which row was lost, and take the others back', async () => {
    const loaded = await users()
    await db.run('DELETE FROM posts')
    await db.run('DELETE FROM profiles')
    await db.run('DELETE FROM comments')
    await db.run('DELETE FROM users WHERE id = 2')
    for (const user of loaded) user.name = 'X'

    const error = await refused(session.commit())
    expect(error).toBeInstanceOf(LostRowError)
    expect(String(error)).toContain('2 of 3 changes')
    expect(String(error)).toMatch(/▶ +2 +persistent +User#2 +update/)
    const stored = db.values('SELECT name FROM users ORDER BY id')
    expect(await stored).toEqual([['Alice'], ['Carol']])
    expect(loaded.map((user) => session.isDirty(user))).toEqual([true, true, true])
  })

  it('say which row was refused', async () => {
    for (const [i, user] of (await users()).entries()) user.email = i === 1 ? 'x' : 'y'
    const error = await refused(session.commit())

    expect(error).toBeInstanceOf(UniqueViolation)
    expect(String(error)).toContain('3 of 3 changes')
    expect(String(error)).toMatch(/▶ +3 +persistent +User#3 +update/)
  })

  it('know their keys, and what the database has filled in', async () => {
    const notes = [1, 2, 3].map((i) => new Note({ text: `note ${i}`, ...(i === 2 && { mark: 5 }) }))
    const jobs = [1, 2, 3].map((i) => new Job({ name: `job ${i}` }))
    session.add(...notes, ...jobs)
    await session.commit()

    expect(jobs.map(({ id }) => id)).toEqual([1, 2, 3])
    expect(notes.map(({ mark }) => typeof mark)).toEqual(['number', 'number', 'number'])
    expect(notes[1]!.mark).toBe(5)
  })
})

it('say on SQLite which new row was refused: there each has its own statement', async () => {
  await using db = await onSqlite.open()
  await using session = new AsyncSession(db)
  const posts = [1, 2, 3, 4].map((i) => new Post({ title: `${i}`, userId: i === 3 ? 99 : 1 }))
  session.add(...posts)
  const error = await refused(session.commit())

  expect(error).toBeInstanceOf(ForeignKeyViolation)
  expect(String(error)).toMatch(/▶ +3 +pending/)
  expect(posts.map(({ id }) => id)).toEqual([undefined, undefined, undefined, undefined])
})
