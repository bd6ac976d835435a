import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  IdentityChangeError,
  InvalidValueError,
  type Session,
  UndefinedValueError,
} from '#stage/06-unit-of-work'
import { Draft, loaded, open, Person, Post, PostTag, Tag, User } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
  db.run('INSERT INTO drafts (title, due_at, settings, photo, version) VALUES (?, ?, ?, ?, ?)', [
    'Old',
    '2026-01-01T00:00:00.000Z',
    '{"theme": "dark", "sizes": [1]}',
    Uint8Array.of(1, 2),
    3,
  ])
})

describe('Task 1: find out what has changed', () => {
  it('names the column that differs from the snapshot, with both values', () => {
    const bob = loaded(db, session.get(User, 2))

    bob.name = 'Robert'

    expect(session.changes(bob)).toEqual({ name: ['Bob', 'Robert'] })
    expect(db).toHaveSentCount(0)
  })

  it('names every column that differs, and no other', () => {
    const bob = session.get(User, 2)

    bob.age = null
    bob.accountType = 'premium'

    expect(session.changes(bob)).toEqual({ age: [25, null], accountType: ['free', 'premium'] })
  })

  it('finds nothing in an object as it was loaded', () => {
    for (const draft of session.query(Draft).all()) expect(session.isDirty(draft)).toBe(false)
    for (const post of session.query(Post).all()) expect(session.changes(post)).toEqual({})
  })

  it('compares what the database would get', () => {
    const post = session.get(Post, 1)

    post.published = false

    expect(session.changes(post)).toEqual({ published: [1, 0] })
  })

  it('finds nothing when a value was changed and changed back', () => {
    const bob = session.get(User, 2)

    bob.name = 'Robert'
    bob.name = 'Bob'

    expect(session.isDirty(bob)).toBe(false)
  })

  it('takes no notice of a version that was set by hand: the session counts it', () => {
    const draft = session.get(Draft, 1)

    draft.version = 99

    expect(session.isDirty(draft)).toBe(false)
  })

  it('knows that a foreign key will change whose value does not exist yet', () => {
    const post = session.get(Post, 1)

    post.author = new User({ name: 'Dan', email: 'dan@example.com' })

    expect(session.isDirty(post)).toBe(true)
    expect(session.changes(post)).toEqual({})
  })

  it('counts a foreign key that was set by hand more than an object whose key is still to come', () => {
    const post = session.get(Post, 1)

    post.author = new User({ name: 'Dan', email: 'dan@example.com' })
    post.userId = 3

    expect(session.changes(post)).toEqual({ userId: [1, 3] })
  })

  it('lists the objects that have changed', () => {
    const [, bob] = session.query(User).all()

    bob!.name = 'Robert'

    expect(session.dirty).toEqual([bob])
  })

  describe('inside a value', () => {
    it('sees a Date that was set', () => {
      const draft = session.get(Draft, 1)

      draft.dueAt!.setUTCFullYear(2030)

      expect(session.changes(draft)).toEqual({
        dueAt: ['2026-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z'],
      })
    })

    it('sees JSON that was changed deep inside', () => {
      const draft = session.get(Draft, 1)

      draft.settings!.sizes!.push(2)

      expect(Object.keys(session.changes(draft))).toEqual(['settings'])
    })

    it('sees a byte', () => {
      const draft = session.get(Draft, 1)

      draft.photo![0] = 9

      expect(Object.keys(session.changes(draft))).toEqual(['photo'])
    })

    it('sees no change in a new Date of the same moment, or in JSON with its keys in another order', () => {
      const draft = session.get(Draft, 1)

      draft.dueAt = new Date('2026-01-01T00:00:00.000Z')
      draft.settings = { sizes: [1], theme: 'dark' }
      draft.photo = Uint8Array.of(1, 2)

      expect(session.changes(draft)).toEqual({})
    })
  })

  describe('what is refused', () => {
    it('is another key', () => {
      const bob = session.get(User, 2)

      bob.id = 7
      const error = raised(() => session.changes(bob))

      expect(error).toBeInstanceOf(IdentityChangeError)
      expect((error as Error).message).toContain('The id of User#2 was changed to 7')
    })

    it('is another key, wherever it stands among the columns', () => {
      const tag = session.get(Tag, 1)

      tag.name = 'SQL'
      expect(session.changes(tag)).toEqual({ name: ['sql', 'SQL'] })

      tag.id = 7
      expect(raised(() => session.changes(tag))).toBeInstanceOf(IdentityChangeError)
    })

    it('is another part of a key of two columns', () => {
      const pair = session.get(PostTag, { postId: 2, tagId: 1 })

      pair.tagId = 3

      expect(raised(() => session.changes(pair))).toBeInstanceOf(IdentityChangeError)
    })

    it('is another class', () => {
      db.run("INSERT INTO people (type, name) VALUES ('person', 'Pat')")
      const pat = session.get(Person, 1)

      pat.type = 'manager'

      expect(raised(() => session.isDirty(pat))).toBeInstanceOf(IdentityChangeError)
    })

    it('is a value that the column does not take', () => {
      const bob = session.get(User, 2)

      Reflect.set(bob, 'age', 'old')

      expect(raised(() => session.changes(bob))).toBeInstanceOf(InvalidValueError)
    })

    it('is undefined, which is no value', () => {
      const bob = session.get(User, 2)

      Reflect.set(bob, 'name', undefined)

      expect(raised(() => session.changes(bob))).toBeInstanceOf(UndefinedValueError)
    })
  })
})
