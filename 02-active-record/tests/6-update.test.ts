import { beforeEach, describe, expect, it } from 'vitest'
import { UniqueViolation } from '#shared/driver/errors'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  InvalidValueError,
  LostRowError,
  RecordStatusError,
  UndefinedValueError,
} from '#stage/02-active-record'
import { Order, open, PostTag, Sample, User } from './models.ts'

let db: RecordedConnection

beforeEach(() => {
  db = open()
})

/** A record that was just loaded, and a recording that is empty. */
function loaded<T>(record: T | undefined): T {
  db.forget()
  return record as T
}

describe('Task 6: update only what changed', () => {
  it('stores, finds, changes and stores again', () => {
    const user = new User({ name: 'Bob', email: 'bob@example.org' })
    user.save()

    const foundUser = User.find(user.id) as User
    expect(foundUser.name).toBe('Bob')

    foundUser.name = 'Robert'
    foundUser.save()
    expect(db).toHaveSent(['INSERT users', 'SELECT users', 'UPDATE users SET name'])
    expect(db.values('SELECT id, name FROM users WHERE id > 3')).toEqual([[4, 'Robert']])
  })

  describe('what is sent', () => {
    it('is the column that changed, and the key', () => {
      const bob = loaded(User.find(2))

      bob.name = 'Robert'
      bob.save()

      expect(db).toHaveSent([{ statement: 'UPDATE users SET name', parameters: ['Robert', 2] }])
    })

    it('is one statement for several columns', () => {
      const bob = loaded(User.find(2))

      bob.name = 'Robert'
      bob.age = null
      bob.save()

      expect(db).toHaveSent(['UPDATE users SET name, age'])
      expect(db.get('SELECT name, age, email FROM users WHERE id = 2')).toEqual({
        name: 'Robert',
        age: null,
        email: 'bob@example.com',
      })
    })

    it('is nothing when nothing has changed', () => {
      const bob = loaded(User.find(2))

      bob.save()

      expect(db).toHaveSentCount(0)
    })

    it('is nothing when a property has the value it had', () => {
      const sample = loaded(
        Sample.create({ takenAt: new Date(0), settings: { theme: 'a' }, photo: Uint8Array.of(1) }),
      )

      sample.takenAt = new Date(0)
      sample.settings = { theme: 'a' }
      sample.photo = Uint8Array.of(1)
      sample.save()

      expect(db).toHaveSentCount(0)
    })

    it('is nothing the second time', () => {
      const bob = loaded(User.find(2))

      bob.name = 'Robert'
      bob.save()
      bob.save()

      expect(db).toHaveSentCount(1)
    })

    it('is only the change since the insert', () => {
      const user = loaded(User.create({ name: 'Dave', email: 'dave@example.com' }))

      user.age = 40
      user.save()

      expect(db).toHaveSent([{ statement: 'UPDATE users SET age', parameters: [40, 4] }])
    })

    it('leaves the row of nobody else touched', () => {
      const bob = loaded(User.find(2))

      bob.age = 26
      bob.save()

      expect(db.values('SELECT age FROM users ORDER BY id')).toEqual([[30], [26], [null]])
    })

    it('keeps what another copy of the record has stored in other columns', () => {
      const [one, other] = [User.get(2), User.get(2)]

      one.name = 'Robert'
      one.save()
      other.age = 26
      other.save()

      expect(db.get('SELECT name, age FROM users WHERE id = 2')).toEqual({
        name: 'Robert',
        age: 26,
      })
    })

    it('quotes names that are words of SQL or hold quotes', () => {
      const order = loaded(Order.create({ group: 'a' }))

      order.group = 'b'
      order['say "hi"'] = 'hello'
      order.save()

      expect(db.values('SELECT * FROM "order"')).toEqual([[1, 'b', 'hello']])
    })
  })

  describe('a change is seen', () => {
    it('in a Date that is changed in place', () => {
      const alice = loaded(User.find(1))

      alice.joinedAt.setUTCFullYear(2020)
      alice.save()

      expect(db).toHaveSent([
        { statement: 'UPDATE users SET joined_at', parameters: ['2020-01-05T09:00:00.000Z', 1] },
      ])
    })

    it('in a list inside of JSON', () => {
      const sizes = [1, 2]
      const sample = loaded(Sample.create({ settings: { theme: 'dark', sizes } }))

      sizes.push(3)
      sample.save()

      expect(db).toHaveSent(['UPDATE samples SET settings'])
      expect(Sample.get(sample.id).settings).toEqual({ theme: 'dark', sizes: [1, 2, 3] })
    })

    it('in bytes that are changed in place', () => {
      const photo = Buffer.from([1, 2])
      const sample = loaded(Sample.create({ photo }))

      photo[1] = 9
      sample.save()

      expect(db).toHaveSent([
        { statement: 'UPDATE samples SET photo', parameters: [Uint8Array.of(1, 9), sample.id] },
      ])
    })

    it('in the last digit of a bigint', () => {
      const sample = loaded(Sample.create({ views: 9_007_199_254_740_992n }))

      sample.views = 9_007_199_254_740_993n
      sample.save()

      expect(db).toHaveSent(['UPDATE samples SET views'])
      expect(Sample.get(sample.id).views).toBe(9_007_199_254_740_993n)
    })

    it('between NULL, 0, false and the empty text', () => {
      const sample = loaded(Sample.create({ ratio: 0, flag: null }))

      sample.ratio = null
      sample.flag = false
      sample.save()

      expect(db).toHaveSent([
        { statement: 'UPDATE samples SET ratio, flag', parameters: [null, 0, sample.id] },
      ])
    })
  })

  describe('no change is seen', () => {
    it('when the database spells the same JSON in another way', () => {
      db.exec(`INSERT INTO samples (id, settings) VALUES (7, '{ "sizes": [1], "theme": "dark" }')`)
      const sample = loaded(Sample.find(7))

      sample.settings = { theme: 'dark', sizes: [1] }
      sample.save()

      expect(db).toHaveSentCount(0)
    })

    it('when the database wrote the moment itself', () => {
      db.exec('INSERT INTO samples (id, taken_at) VALUES (7, CURRENT_TIMESTAMP)')
      const sample = loaded(Sample.find(7))

      sample.save()

      expect(db).toHaveSentCount(0)
    })
  })

  describe('when it fails', () => {
    it('reports a row that is gone', () => {
      const bob = User.get(2)
      db.exec('DELETE FROM comments; DELETE FROM posts; DELETE FROM users WHERE id = 2')

      bob.name = 'Robert'
      const error = raised(() => bob.save())

      expect(error).toBeInstanceOf(LostRowError)
      expect(error).toHaveProperty('message', expect.stringContaining('UPDATE of users 2'))
    })

    it('still knows what changed, so that it can be mended and saved', () => {
      const bob = loaded(User.find(2))
      bob.name = 'Robert'
      bob.email = 'alice@example.com'
      expect(raised(() => bob.save())).toBeInstanceOf(UniqueViolation)

      bob.email = 'robert@example.com'
      bob.save()

      expect(db.get('SELECT name, email FROM users WHERE id = 2')).toEqual({
        name: 'Robert',
        email: 'robert@example.com',
      })
    })

    it('refuses undefined and what the column cannot hold, before anything is sent', () => {
      const bob = loaded(User.find(2))

      bob.name = undefined as never
      expect(raised(() => bob.save())).toBeInstanceOf(UndefinedValueError)
      bob.name = 'Bob'
      bob.joinedAt = new Date('soon')
      expect(raised(() => bob.save())).toBeInstanceOf(InvalidValueError)
      expect(db).toHaveSentCount(0)
    })
  })

  describe('the key', () => {
    it('may change: the row is found by the key that it was stored under', () => {
      db.exec('DELETE FROM comments')
      const carol = loaded(User.find(3))

      carol.id = 30
      carol.save()
      carol.name = 'Caroline'
      carol.save()

      expect(db).toHaveSent([
        { statement: 'UPDATE users SET id', parameters: [30, 3] },
        { statement: 'UPDATE users SET name', parameters: ['Caroline', 30] },
      ])
      expect(db.values('SELECT id, name FROM users WHERE id >= 3')).toEqual([[30, 'Caroline']])
    })

    it('may have two columns', () => {
      const link = loaded(PostTag.find({ postId: 2, tagId: 1 }))

      link.tagId = 3
      link.save()

      expect(db.values('SELECT * FROM posts_tags ORDER BY post_id, tag_id')).toEqual([
        [1, 1],
        [2, 2],
        [2, 3],
      ])
    })
  })

  describe('what changed', () => {
    it('is told by changes(), as it was and as it is, in the values of the database', () => {
      const alice = User.get(1)
      alice.name = 'Alicia'
      alice.joinedAt.setUTCFullYear(2020)

      expect(alice.changes()).toEqual({
        name: ['Alice', 'Alicia'],
        joinedAt: ['2026-01-05T09:00:00.000Z', '2020-01-05T09:00:00.000Z'],
      })
      alice.save()
      expect(alice.changes()).toEqual({})
    })

    it('is dropped by reload()', () => {
      const bob = User.get(2)
      bob.name = 'Robert'
      db.run('UPDATE users SET age = 26 WHERE id = 2')

      bob.reload()

      expect(bob).toMatchObject({ name: 'Bob', age: 26 })
      expect(bob.changes()).toEqual({})
    })

    it('cannot be reloaded when there is no row', () => {
      const [fresh, bob] = [new User({ name: 'Dave', email: 'dave@example.com' }), User.get(2)]
      db.exec('DELETE FROM comments; DELETE FROM posts; DELETE FROM users WHERE id = 2')

      expect(raised(() => fresh.reload())).toBeInstanceOf(RecordStatusError)
      expect(raised(() => bob.reload())).toBeInstanceOf(LostRowError)
    })
  })
})
