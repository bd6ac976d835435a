import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  DetachedError,
  DuplicateObjectError,
  IdentityChangeError,
  LostRowError,
  ObjectStateError,
  OtherSessionError,
  Session,
  SessionClosedError,
} from '#stage/05-identity-map'
import { loaded, open, Post, Tag, User } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

const dan = () => new User({ name: 'Dan', email: 'dan@example.com' })

describe('Task 5: come and go', () => {
  it('names where an object stands', () => {
    const user = dan()
    const states = [session.stateOf(user)]
    session.save(user)
    states.push(session.stateOf(user))
    session.expunge(user)
    states.push(session.stateOf(user))
    session.save(user)
    session.delete(user)
    states.push(session.stateOf(user))

    expect(states).toEqual(['transient', 'persistent', 'detached', 'deleted'])
  })

  describe('save', () => {
    it('inserts a new object, which is in the map from then on', () => {
      const user = dan()
      session.save(user)
      expect(db).toHaveSent(['INSERT users'])
      db.forget()

      expect(user.id).toBe(4)
      expect(session.find(User, 4)).toBe(user)
      expect(db).toHaveSentCount(0)
    })

    it('updates what has changed, and nothing else', () => {
      const bob = loaded(db, session.get(User, 2))
      bob.name = 'Robert'
      session.save(bob)
      session.save(bob)

      expect(db).toHaveSent([{ statement: 'UPDATE users SET name', parameters: ['Robert', 2] }])
    })

    it('refuses another key', () => {
      const bob = session.get(User, 2)
      bob.id = 7

      expect(raised(() => session.save(bob))).toBeInstanceOf(IdentityChangeError)
    })

    it('says when the row is gone', () => {
      const tag = session.get(Tag, 3)
      db.run('DELETE FROM tags WHERE id = 3')
      tag.name = 'ts'

      expect(raised(() => session.save(tag))).toBeInstanceOf(LostRowError)
    })

    it('refuses what was deleted', () => {
      const tag = session.get(Tag, 3)
      session.delete(tag)

      expect(raised(() => session.save(tag))).toBeInstanceOf(ObjectStateError)
    })
  })

  describe('delete', () => {
    it('ends the row, and the map forgets it', () => {
      const tag = loaded(db, session.get(Tag, 3))
      session.delete(tag)

      expect(db).toHaveSent([{ statement: 'DELETE tags', parameters: [3] }])
      expect(session.find(Tag, 3)).toBeUndefined()
      expect(tag.name).toBe('typescript')
    })

    it('takes the object out of the collections that show it', () => {
      const post = session.get(Post, 3)
      const tag = session.get(Tag, 2)
      tag.posts.add(post)
      session.save(tag)
      expect(post.tags.length).toBe(1)
      session.delete(post)

      expect(tag.posts.includes(post)).toBe(false)
    })

    it('refuses an object that is not stored: new, or deleted already', () => {
      const tag = session.get(Tag, 3)
      session.delete(tag)

      expect(raised(() => session.delete(tag))).toBeInstanceOf(ObjectStateError)
      expect(raised(() => session.delete(dan()))).toBeInstanceOf(ObjectStateError)
    })
  })

  describe('expunge', () => {
    it('lets one object go: the next find makes another one', () => {
      const alice = session.get(User, 1)
      session.expunge(alice)

      expect(session.contains(alice)).toBe(false)
      expect(session.get(User, 1)).not.toBe(alice)
    })

    it('goes by the row, and not by a key that was changed since', () => {
      const alice = session.get(User, 1)
      alice.id = 7
      session.expunge(alice)

      expect(session.get(User, 1)).not.toBe(alice)
    })

    it('can be taken back by save, with what has changed meanwhile', () => {
      const alice = session.get(User, 1)
      session.expunge(alice)
      alice.name = 'Alicia'
      loaded(db, alice)
      session.save(alice)

      expect(db).toHaveSent(['UPDATE users SET name'])
      expect(session.get(User, 1)).toBe(alice)
    })

    it('can be taken back by its row only, and not by a key that was changed since', () => {
      const [alice, bob] = [session.get(User, 1), session.get(User, 2)]
      session.expunge(alice)
      alice.id = 2

      expect(raised(() => session.save(alice))).toBeInstanceOf(IdentityChangeError)
      expect(session.get(User, 2)).toBe(bob)
    })

    it('cannot be taken back when the session has another object for the row', () => {
      const alice = session.get(User, 1)
      session.expunge(alice)
      const other = session.get(User, 1)
      const error = raised(() => session.save(alice))

      expect(error).toBeInstanceOf(DuplicateObjectError)
      expect((error as Error).message).toContain('User#1')
      expect(session.stateOf(alice)).toBe('detached')
      expect(session.get(User, 1)).toBe(other)
    })
  })

  it('does not share an object between two sessions', () => {
    const alice = session.get(User, 1)
    const error = raised(() => new Session(db).save(alice))

    expect(error).toBeInstanceOf(OtherSessionError)
    expect((error as Error).message).toContain('User#1')
  })

  it('forgets everything on clear', () => {
    const users = session.query(User).all()
    session.clear()

    for (const user of users) expect(session.stateOf(user)).toBe('detached')
    expect(session.get(User, 1)).not.toBe(users[0])
  })

  describe('refresh', () => {
    it('reads the row again, over what was changed', () => {
      const bob = session.get(User, 2)
      bob.age = 99
      db.run("UPDATE users SET name = 'Bobby' WHERE id = 2")
      loaded(db, bob)
      session.refresh(bob)

      expect([bob.name, bob.age]).toEqual(['Bobby', 25])
      expect(session.changes(bob)).toEqual({})
      expect(db).toHaveSentCount(1)
    })

    it('reads relations again at the next touch', () => {
      const alice = session.get(User, 1)
      expect(alice.posts.length).toBe(2)
      db.run('UPDATE posts SET user_id = 1')
      session.refresh(alice)
      expect(session.get(Post, 3).userId).toBe(1)

      expect(alice.posts.length).toBe(3)
    })

    it('says when the row is gone', () => {
      const tag = session.get(Tag, 3)
      db.run('DELETE FROM tags WHERE id = 3')
      const error = raised(() => session.refresh(tag))

      expect(error).toBeInstanceOf(LostRowError)
      expect((error as Error).message).toContain('SELECT of Tag#3')
    })
  })

  describe('expire', () => {
    it('sends nothing, and reads the row at the next touch, once', () => {
      const bob = session.get(User, 2)
      db.run("UPDATE users SET name = 'Bobby', age = 26 WHERE id = 2")
      loaded(db, bob)
      session.expire(bob)
      expect(db).toHaveSentCount(0)

      expect([bob.name, bob.age]).toEqual(['Bobby', 26])
      expect(db).toHaveSentCount(1)
    })

    it('forgets what was changed, and knows what is changed afterwards', () => {
      const bob = session.get(User, 2)
      bob.name = 'Robert'
      session.expire(bob)
      bob.age = 30

      expect(session.changes(bob)).toEqual({ age: [25, 30] })
    })

    it('is over when a query has read the row', () => {
      const bob = session.get(User, 2)
      session.expire()
      db.run("UPDATE users SET name = 'Bobby' WHERE id = 2")
      session.query(User).all()
      db.forget()

      expect(bob.name).toBe('Bobby')
      expect(Object.keys(bob)).toContain('name')
      expect(db).toHaveSentCount(0)
    })

    it('of a detached object is an error at the next touch', () => {
      const bob = session.get(User, 2)
      session.expire(bob)
      session.clear()

      expect(raised(() => bob.name)).toBeInstanceOf(DetachedError)
    })
  })

  describe('a closed session', () => {
    it('does nothing any more, and says why', () => {
      const alice = session.get(User, 1)
      session.close()
      session.close()
      for (const use of [
        () => session.find(User, 1),
        () => session.query(User).all(),
        () => session.query(User).count(),
        () => session.save(alice),
        () => session.refresh(alice),
      ])
        expect(raised(use)).toBeInstanceOf(SessionClosedError)
      expect(session.stateOf(alice)).toBe('detached')
    })

    it('closes itself at the end of a block', () => {
      const closing = new Session(db)
      closing[Symbol.dispose]()

      expect(raised(() => closing.find(User, 1))).toBeInstanceOf(SessionClosedError)
    })
  })
})
