import { inspect, isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import { NotLoadedError, strictLoading } from '#stage/04-relations'
import { Comment, open, Post, type Profile, sentBy, User } from './models.ts'

let db: RecordedConnection
beforeEach(() => {
  db = open()
})
afterEach(() => strictLoading(false))

describe('Task 2: load one object', () => {
  describe('the first touch', () => {
    it('reads the object that the foreign key points to', () => {
      const post = Post.get(1)
      db.forget()

      expect(post.author.greet()).toBe('Hi, Alice')
      expect(db).toHaveSent([{ statement: 'SELECT users', parameters: [1] }])
    })

    it('gives an object of the class, stored', () => {
      const { author } = Post.get(1)

      expect(author).toBeInstanceOf(User)
      expect(author.status).toBe('persisted')
    })

    it('reads the one object that points here', () => {
      const alice = User.get(1)
      db.forget()

      expect(alice.profile?.bio).toBe('Writes about databases.')
      expect(db).toHaveSent([{ statement: 'SELECT profiles', parameters: [1] }])
    })

    it('gives null when nobody points here', () => {
      expect(User.get(2).profile).toBeNull()
    })

    it('reads two relations to one table apart', () => {
      const post = Post.get(2)

      expect([post.author.name, post.editor?.name]).toEqual(['Alice', 'Bob'])
    })

    it('reads a row of the own table', () => {
      expect(Comment.get(2).parent?.body).toBe('Welcome!')
    })

    it('reads with the key 0: it is a key like any other', () => {
      db.run("INSERT INTO users (id, name, email, joined_at) VALUES (0, 'Zoe', 'z@x.com', '2026')")
      const post = new Post({ title: 'Third', content: '…', userId: 0 })

      expect(post.author?.name).toBe('Zoe')
    })

    it('works for a new object that has its foreign key', () => {
      const post = new Post({ title: 'Third', content: '…', userId: 2 })

      expect(post.author.name).toBe('Bob')
    })
  })

  describe('without a statement', () => {
    it('gives the same object again', () => {
      const post = Post.get(1)
      const { author } = post

      expect(sentBy(db, () => expect(post.author).toBe(author))).toHaveSent([])
    })

    it('remembers that there is none', () => {
      const bob = User.get(2)
      expect(bob.profile).toBeNull()

      expect(sentBy(db, () => expect(bob.profile).toBeNull())).toHaveSent([])
    })

    it('gives null when the foreign key is null', () => {
      const post = Post.get(1)

      expect(sentBy(db, () => expect(post.editor).toBeNull())).toHaveSent([])
    })

    it('gives null when a new object has no key yet', () => {
      const dan = new User({ name: 'Dan', email: 'dan@example.com' })

      expect(sentBy(db, () => expect(dan.profile).toBeNull())).toHaveSent([])
    })

    it('knows the other side: the profile of Alice belongs to Alice', () => {
      const alice = User.get(1)
      const profile = alice.profile as Profile

      expect(sentBy(db, () => expect(profile.user).toBe(alice))).toHaveSent([])
    })
  })

  describe('when the foreign key changes', () => {
    it('forgets the object and reads the other one', () => {
      const post = Post.get(1)
      expect(post.author.name).toBe('Alice')
      db.forget()

      post.userId = 2

      expect(post.author.name).toBe('Bob')
      expect(db).toHaveSent([{ statement: 'SELECT users', parameters: [2] }])
    })

    it('gives null when it is null now', () => {
      const post = Post.get(2)
      expect(post.editor?.name).toBe('Bob')

      post.editorId = null

      expect(sentBy(db, () => expect(post.editor).toBeNull())).toHaveSent([])
    })

    it('reads when it was null before', () => {
      const post = Post.get(1)
      expect(post.editor).toBeNull()

      post.editorId = 3

      expect(post.editor?.name).toBe('Carol')
    })

    it('reads again after reload', () => {
      const post = Post.get(1)
      expect(post.author.name).toBe('Alice')
      db.run("UPDATE users SET name = 'Alicia' WHERE id = 1")

      post.reload()

      expect(post.author.name).toBe('Alicia')
    })
  })

  describe('looking at a record', () => {
    it('loads nothing: not JSON, not console.log, not a comparison', () => {
      const post = Post.get(1)
      const other = Post.get(1)

      const sent = sentBy(db, () => {
        expect(JSON.parse(JSON.stringify(post))).not.toHaveProperty('author')
        expect(inspect(post)).not.toContain('author')
        expect(isDeepStrictEqual(post, other)).toBe(true)
        expect({ ...post }).toEqual({ ...other })
      })

      expect(sent).toHaveSent([])
      expect(post.author.name).toBe('Alice')
    })

    it('shows no loaded object either, so that no circle closes', () => {
      const alice = User.get(1)
      const profile = alice.profile as Profile

      expect(profile.user).toBe(alice)
      expect(JSON.parse(JSON.stringify(profile))).not.toHaveProperty('user')
    })
  })

  describe('strict loading', () => {
    it('refuses to read, and says which `with` is missing', () => {
      strictLoading(true)
      const post = Post.get(1)
      db.forget()

      const error = raised(() => post.author)

      expect(error).toBeInstanceOf(NotLoadedError)
      expect(String(error)).toContain('Post#1.author is not loaded')
      expect(String(error)).toContain('with({ author: true })')
      expect(db).toHaveSent([])
    })

    it('of one query meets the records of this query only', () => {
      const [strict] = Post.query().strict().limit(1).all()
      const [free] = Post.query().limit(1).all()

      expect(raised(() => strict?.author)).toBeInstanceOf(NotLoadedError)
      expect(free?.author.name).toBe('Alice')
    })

    it('does not mind what needs no statement', () => {
      strictLoading(true)
      const post = Post.get(1)

      expect(post.editor).toBeNull()
    })
  })
})
