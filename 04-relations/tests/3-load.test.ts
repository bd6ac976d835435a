import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  connect,
  hasMany,
  Model,
  NotLoadedError,
  Registry,
  strictLoading,
  t,
} from '#stage/04-relations'
import { Comment, open, Post, sentBy, Tag, User } from './models.ts'

const id = () => t.integer().primaryKey()

let db: RecordedConnection
beforeEach(() => {
  db = open()
})
afterEach(() => strictLoading(false))

describe('Task 3: load many, once', () => {
  describe('the first touch', () => {
    it('reads the posts of a user; the second sends nothing', () => {
      const user = User.get(1)
      db.forget()

      const titles: string[] = []
      for (const post of user.posts) titles.push(post.title)
      expect(titles).toEqual(['My First Post', 'My Second Post'])
      expect(db).toHaveSent([{ statement: 'SELECT posts', parameters: [1] }])

      expect(user.posts.length).toBe(2)
      expect(db).toHaveSentCount(1)
    })

    it('is not the look at the property: only what reads it loads it', () => {
      const user = User.get(1)

      const sent = sentBy(db, () => {
        const { posts } = user
        expect(posts.isLoaded).toBe(false)
      })

      expect(sent).toHaveSent([])
      expect(user.posts.length).toBe(2)
      expect(user.posts.isLoaded).toBe(true)
    })

    it('gives objects of the class, stored', () => {
      const [post] = User.get(1).posts

      expect(post).toBeInstanceOf(Post)
      expect(post?.status).toBe('persisted')
      expect(post?.shout()).toBe('MY FIRST POST')
    })

    it('finds nothing, and remembers that', () => {
      const carol = User.get(3)
      expect(carol.posts.length).toBe(0)

      expect(sentBy(db, () => expect([...carol.posts]).toEqual([]))).toHaveSent([])
    })

    it('reads through a junction', () => {
      const post = Post.get(2)
      db.forget()

      expect(post.tags.map((tag) => tag.name)).toEqual(['sql', 'orm'])
      expect(db).toHaveSent([{ statement: 'SELECT tags', parameters: [2] }])
    })

    it('finds nobody for a key that is null: two nulls are no match', () => {
      const registry = new Registry()
      class Country extends Model(
        'countries',
        { id: id(), code: t.text().nullable().unique(), cities: () => hasMany(City) },
        { registry },
      ) {}
      const code = () => t.text().nullable()
      class City extends Model(
        'cities',
        { id: id(), countryCode: code().references(() => Country.c.code) },
        { registry },
      ) {}
      registry.createAll(db)
      connect(db, registry)
      City.create({})
      const nowhere = Country.create({})
      nowhere.reload()

      const sent = sentBy(db, () => {
        expect(nowhere.cities.count()).toBe(0)
        expect(nowhere.cities.toArray()).toEqual([])
      })

      expect(sent).toHaveSent([])
    })

    it('reads the answers to a comment', () => {
      expect(Comment.get(1).answers.map((answer) => answer.body)).toEqual(['Thank you, Bob.'])
    })

    it('tells each object whose it is', () => {
      const alice = User.get(1)
      const posts = [...alice.posts]

      const sent = sentBy(db, () =>
        expect(posts.map((post) => post.author)).toEqual([alice, alice]),
      )

      expect(sent).toHaveSent([])
      expect(posts[0]?.author).toBe(alice)
    })

    it('is not needed for a new object: no row can point to it', () => {
      const dan = new User({ name: 'Dan', email: 'dan@example.com' })

      expect(sentBy(db, () => expect(dan.posts.length).toBe(0))).toHaveSent([])
    })

    it('comes again after reload', () => {
      const alice = User.get(1)
      expect(alice.posts.length).toBe(2)
      db.run('UPDATE posts SET user_id = 1 WHERE id = 3')

      alice.reload()

      expect(alice.posts.length).toBe(3)
    })
  })

  describe('a collection', () => {
    it('is the same at every look', () => {
      const alice = User.get(1)

      expect(alice.posts).toBe(alice.posts)
      expect(alice.posts.length).toBe(2)
    })

    it('reads like an array', () => {
      const { posts } = User.get(1)
      const first = posts.at(0) as Post

      expect(posts.at(-1)?.title).toBe('My Second Post')
      expect(posts.at(2)).toBeUndefined()
      expect(posts.map((post, i) => `${i} ${post.id}`)).toEqual(['0 1', '1 2'])
      expect(posts.filter((post) => post.id > 1)).toHaveLength(1)
      expect(posts.find((post) => post.id === 1)).toBe(first)
      expect([posts.some((post) => post.published), posts.every((post) => post.id > 1)]).toEqual([
        true,
        false,
      ])
      expect(posts.toArray()).toEqual([...posts])
    })

    it('gives copies: who changes the array changes no collection', () => {
      const { posts } = User.get(1)

      posts.toArray().pop()

      expect(posts.length).toBe(2)
    })

    it('is walked over as it was at the beginning of the loop', () => {
      for (const title of ['One', 'Two']) Post.create({ title, content: '…', userId: 3 })
      const { posts } = User.get(3)
      const walked: string[] = []

      for (const post of posts) {
        walked.push(post.title)
        for (const other of posts.toArray()) if (other.status !== 'deleted') other.delete()
      }

      expect(walked).toEqual(['One', 'Two'])
      expect(posts.length).toBe(0)
    })

    it('asks for rows with includes: another object of the same row counts', () => {
      const { posts } = User.get(1)

      expect(posts.includes(Post.get(1))).toBe(true)
      expect(posts.includes(Post.get(3))).toBe(false)
      expect(posts.includes(new Post({ title: 'x', content: 'x' }))).toBe(false)
    })

    it('shows what it has and loads nothing for it', () => {
      const alice = User.get(1)

      const sent = sentBy(db, () => {
        expect(inspect(alice.posts)).toContain('not loaded')
        expect(JSON.stringify({ posts: alice.posts })).toBe('{}')
        expect(JSON.stringify(alice)).not.toContain('posts')
      })

      expect(sent).toHaveSent([])
      expect(alice.posts.length).toBe(2)
      expect(JSON.parse(JSON.stringify(alice.posts))).toHaveLength(2)
      expect(inspect(alice.posts), 'loaded, it shows its objects').toContain('My First Post')
    })

    it('shows that it is empty, once that is known', () => {
      const { posts } = User.get(3)
      expect(posts.length).toBe(0)

      expect(JSON.stringify({ posts })).toBe('{"posts":[]}')
      expect(inspect(posts)).not.toContain('not loaded')
    })
  })

  describe('strict loading', () => {
    it('refuses to read, and says which `with` is missing', () => {
      strictLoading(true)
      const alice = User.get(1)

      const error = raised(() => alice.posts.length)

      expect(error).toBeInstanceOf(NotLoadedError)
      expect(String(error)).toContain('User#1.posts is not loaded')
      expect(String(error)).toContain('with({ posts: true })')
    })

    it('forbids no look at a collection that needs no statement', () => {
      strictLoading(true)
      const tag = new Tag({ name: 'new' })

      expect(tag.posts.length).toBe(0)
    })
  })

  it('is what N+1 is made of: a hundred users, a hundred and one statements', () => {
    for (let id = 4; id <= 100; id++)
      db.run("INSERT INTO users (id, name, email, joined_at) VALUES (?, 'User', ?, '2026-01-01')", [
        id,
        `user${id}@example.com`,
      ])

    const sent = sentBy(db, () => {
      for (const user of User.all()) expect(user.posts.length).toBeLessThan(3)
    })

    expect(sent).toHaveSentCount(101)
  })
})
