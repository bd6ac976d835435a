import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import { type Session, Session as SessionClass } from '#stage/05-identity-map'
import { loaded, open, PostTag, Star, User } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

describe('Task 2: one row, one object', () => {
  it('gives the same objects for the same rows, query after query', () => {
    const first = session.query(User).all()
    const second = session.query(User).all()

    expect(first.map((user) => user.name)).toEqual(['Alice', 'Bob', 'Carol'])
    for (const [i, user] of second.entries()) expect(user).toBe(first[i])
  })

  it('still sends a query: which rows fit, only the database knows', () => {
    session.query(User).all()
    db.forget()
    const [bob] = session
      .query(User)
      .where((u) => u.name.eq('Bob'))
      .all()

    expect(bob).toBe(session.query(User).all()[1])
    expect(db).toHaveSentCount(2)
  })

  it('gives objects of the class, with its methods', () => {
    const alice = session.query(User).first()

    expect(alice).toBeInstanceOf(User)
    expect(alice?.greet()).toBe('Hi, Alice')
    expect(alice?.joinedAt).toEqual(new Date('2026-01-05T09:00:00.000Z'))
  })

  it('knows a key of two columns', () => {
    const [one] = session
      .query(PostTag)
      .where((p) => p.postId.eq(2))
      .all()
    const same = session
      .query(PostTag)
      .all()
      .find((pair) => pair.postId === 2 && pair.tagId === 1)

    expect(same).toBe(one)
  })

  it('knows a key of 64 bits', () => {
    db.exec("INSERT INTO stars VALUES (9007199254740992, 'A'), (9007199254740993, 'B')")
    const [a, b] = session.query(Star).all()

    expect([a?.name, b?.name]).toEqual(['A', 'B'])
    expect(
      session
        .query(Star)
        .where((s) => s.name.eq('B'))
        .first(),
    ).toBe(b)
  })

  describe('a row that is read again', () => {
    it('does not overwrite what the program has changed', () => {
      const bob = session
        .query(User)
        .where((u) => u.name.eq('Bob'))
        .first()!
      bob.name = 'Robert'
      session.query(User).all()

      expect(bob.name).toBe('Robert')
      expect(session.changes(bob)).toEqual({ name: ['Bob', 'Robert'] })
    })

    it('does not change an object, even if somebody else has changed the row', () => {
      const bob = session
        .query(User)
        .where((u) => u.id.eq(2))
        .first()!
      db.run("UPDATE users SET name = 'Bobby' WHERE id = 2")
      const [found] = session
        .query(User)
        .where((u) => u.name.eq('Bobby'))
        .all()

      expect(found).toBe(bob)
      expect(bob.name).toBe('Bob')
    })

    it('overwrites it when the query asks for fresh values', () => {
      const bob = session
        .query(User)
        .where((u) => u.id.eq(2))
        .first()!
      bob.age = 99
      db.run("UPDATE users SET name = 'Bobby' WHERE id = 2")
      session.query(User).refresh().all()

      expect([bob.name, bob.age]).toEqual(['Bobby', 25])
      expect(session.changes(bob)).toEqual({})
    })

    it('overwrites an object that has expired', () => {
      const [, bob] = session.query(User).all()
      session.expire(bob)
      db.run("UPDATE users SET name = 'Bobby' WHERE id = 2")
      session.query(User).all()

      expect(loaded(db, bob)?.name).toBe('Bobby')
      expect(db).toHaveSentCount(0)
    })
  })

  it('is one session’s own: another one has other objects', () => {
    const other = new SessionClass(db)
    const [one] = session.query(User).all()
    const [two] = other.query(User).all()

    expect(two).not.toBe(one)
    expect(two).toEqual(one)
  })

  it('leaves plain rows alone', () => {
    const [alice] = session.query(User).all()
    const names = session.query(User).select((u) => ({ name: u.name }))

    expect(names.all()[0]).toEqual({ name: 'Alice' })
    expect(names.all()[0]).not.toBe(names.all()[0])
    expect(session.query(User).first()).toBe(alice)
  })

  it('comes in batches, whose size has to be a number of rows', () => {
    const sizes = [...session.query(User).inBatches(2)].map((users) => users.length)
    const errors = [0, -1].map((size) => raised(() => session.query(User).inBatches(size).next()))

    expect(sizes).toEqual([2, 1])
    for (const error of errors) expect(error).toBeInstanceOf(RangeError)
  })

  it('does not grow with the queries', () => {
    for (let i = 0; i < 3; i++) session.query(User).all()
    loaded(db, session)
    session.query(User).inBatches(2).next()

    expect(db).toHaveSentCount(1)
  })
})
