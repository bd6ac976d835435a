import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NotNullViolation } from '#shared/driver/errors'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  connect,
  hasMany,
  Model,
  manyToMany,
  Registry,
  RelationError,
  strictLoading,
  t,
  UnknownColumnError,
  UnsavedRelatedError,
} from '#stage/04-relations'
import { always } from './always.ts'
import { Comment, open, Post, PostTag, Profile, sentBy, Tag, User } from './models.ts'

let db: RecordedConnection
beforeEach(() => {
  db = open()
})
afterEach(() => strictLoading(false))

const titles = (user: User) => user.posts.map((post) => post.title)
const newPost = () => new Post({ title: 'Third', content: '…' })
/** Runs something in a transaction that is rolled back. */
function takingBack(run: () => void): void {
  db.run('BEGIN')
  try {
    run()
  } finally {
    db.run('ROLLBACK')
  }
}

const pairs = () => PostTag.all().map(({ postId, tagId }) => [postId, tagId])

describe('Task 4: keep both sides', () => {
  describe('assigning the one', () => {
    it('sets the foreign key, and nothing is sent', () => {
      const post = Post.get(1)
      const bob = User.get(2)

      const sent = sentBy(db, () => {
        post.author = bob
        expect([post.userId, post.author]).toEqual([2, bob])
      })

      expect(sent).toHaveSent([])
    })

    it('moves the object from one loaded collection to the other', () => {
      const [alice, bob] = [User.get(1), User.get(2)]
      const post = alice.posts.at(0) as Post
      expect(titles(bob)).toEqual(['Notes on Joins'])

      post.author = bob

      expect(titles(alice)).toEqual(['My Second Post'])
      expect(titles(bob)).toEqual(['Notes on Joins', 'My First Post'])
    })

    it('moves it once, however often it is assigned', () => {
      const alice = User.get(1)
      const post = alice.posts.at(0) as Post

      post.author = alice
      post.author = alice

      expect(alice.posts.length).toBe(2)
    })

    it('leaves it at its place when it is assigned again', () => {
      const alice = User.get(1)
      const post = alice.posts.at(0) as Post

      post.author = alice

      expect(titles(alice)).toEqual(['My First Post', 'My Second Post'])
    })

    it('is stored by save, as one column', () => {
      const post = Post.get(1)
      post.author = User.get(2)
      db.forget()

      post.save()

      expect(db).toHaveSent([{ statement: 'UPDATE posts SET user_id', parameters: [2, 1] }])
    })

    it('of null sets the foreign key to null', () => {
      const post = Post.get(2)
      const bob = post.editor as User
      expect(bob.editedPosts.length).toBe(1)

      post.editor = null

      expect(post.editorId).toBeNull()
      expect(bob.editedPosts.length).toBe(0)
    })

    it('of null is remembered like any other: the new author before is gone', () => {
      const comment = Comment.get(1)
      comment.author = new User({ name: 'Dan', email: 'dan@example.com' })

      comment.author = null

      expect([comment.author, comment.userId]).toEqual([null, null])
    })

    it('leads over a foreign key that was changed by hand before', () => {
      const alice = User.get(1)
      const post = alice.posts.at(0) as Post
      post.userId = 3
      const bob = User.get(2)

      post.author = bob

      expect(post.userId).toBe(2)
      expect(titles(alice)).not.toContain('My First Post')
    })

    it('gives way to a foreign key that is changed by hand afterwards', () => {
      const post = Post.get(1)
      post.author = User.get(2)

      post.userId = 3

      expect(post.author.name).toBe('Carol')
      post.save()
      expect(Post.get(1).userId).toBe(3)
    })

    it('is refused for an object of another class', () => {
      const post = Post.get(1)

      const error = raised(() => {
        post.author = Post.get(2) as never
      })

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('posts.author takes records of users')
    })

    it.each([undefined, 0, ''])('is refused for %j: only null means nobody', (nobody) => {
      const post = Post.get(2)

      const error = raised(() => {
        post.editor = nobody as never
      })

      expect(error).toBeInstanceOf(RelationError)
      expect([post.editorId, post.editor?.name]).toEqual([2, 'Bob'])
    })

    it('works under strict loading, which is about reading', () => {
      strictLoading(true)
      const post = Post.get(1)
      const bob = User.get(2)

      post.author = bob
      bob.posts.remove(post)

      expect(post.userId).toBeNull()
    })
  })

  describe('the only child', () => {
    it('gets its parent, and the one before loses it', () => {
      const alice = User.get(1)
      const before = alice.profile as Profile
      const profile = new Profile({ bio: 'New.' })

      alice.profile = profile

      expect([profile.userId, profile.user]).toEqual([1, alice])
      expect([before.userId, before.user]).toEqual([null, null])
    })

    it('is known to its parent when the child is told', () => {
      const bob = User.get(2)
      const profile = new Profile({ bio: 'New.', user: bob })

      expect(sentBy(db, () => expect(bob.profile).toBe(profile))).toHaveSent([])
    })

    it('goes when null is assigned', () => {
      const alice = User.get(1)
      const profile = alice.profile as Profile

      alice.profile = null

      expect(alice.profile).toBeNull()
      expect(profile.userId).toBeNull()
    })
  })

  describe('adding to a collection', () => {
    it('sets the foreign key and the other side', () => {
      const alice = User.get(1)
      const post = newPost()

      alice.posts.add(post)

      expect([post.userId, post.author]).toEqual([1, alice])
    })

    it('loads nothing', () => {
      const alice = User.get(1)

      const sent = sentBy(db, () => {
        alice.posts.add(newPost())
        expect(alice.posts.isLoaded).toBe(false)
      })

      expect(sent).toHaveSent([])
    })

    it('is seen when the collection is loaded later', () => {
      const alice = User.get(1)
      alice.posts.add(newPost())

      expect(titles(alice)).toEqual(['My First Post', 'My Second Post', 'Third'])
    })

    it('is seen once, also when it was saved in between', () => {
      const alice = User.get(1)
      const post = newPost()
      alice.posts.add(post)
      post.save()

      expect(titles(alice)).toEqual(['My First Post', 'My Second Post', 'Third'])
      expect(alice.posts.at(-1)).toBe(post)
    })

    it('takes the object from the collection before', () => {
      const [alice, bob] = [User.get(1), User.get(2)]
      const post = alice.posts.at(0) as Post

      bob.posts.add(post)

      expect(titles(alice)).toEqual(['My Second Post'])
      expect(post.author).toBe(bob)
      expect(bob.posts.includes(post)).toBe(true)
    })

    it('adds an object once', () => {
      const alice = User.get(1)
      const post = newPost()

      alice.posts.add(post, post)
      alice.posts.add(post)

      expect(alice.posts.length).toBe(3)
    })

    it('is stored when the object is saved', () => {
      const post = newPost()
      User.get(3).posts.add(post)

      post.save()

      expect(Post.get(post.id).userId).toBe(3)
    })

    it('works in the own table', () => {
      const question = Comment.get(3)
      const answer = new Comment({ body: 'Those here.', postId: 2 })

      question.answers.add(answer)
      answer.save()

      expect(answer.parent).toBe(question)
      expect(Comment.get(3).answers.length).toBe(1)
    })

    it('is refused for an object of another class', () => {
      const error = raised(() => User.get(1).posts.add(User.get(2) as never))

      expect(error).toBeInstanceOf(RelationError)
    })
  })

  describe('removing from a collection', () => {
    it('sets the foreign key to null, on both sides', () => {
      const bob = User.get(2)
      const post = bob.editedPosts.at(0) as Post

      bob.editedPosts.remove(post)

      expect([post.editorId, post.editor]).toEqual([null, null])
      expect(bob.editedPosts.length).toBe(0)
    })

    it('loads nothing, and is seen when the collection is loaded later', () => {
      const alice = User.get(1)
      const post = Post.get(1)

      expect(sentBy(db, () => alice.posts.remove(post))).toHaveSent([])

      expect(titles(alice)).toEqual(['My Second Post'])
    })

    it('leaves alone what belongs to somebody else', () => {
      const alice = User.get(1)
      const post = Post.get(3)

      alice.posts.remove(post)

      expect(post.userId).toBe(2)
    })

    it('is refused by the database where the foreign key takes no NULL', () => {
      const alice = User.get(1)
      const post = alice.posts.at(0) as Post
      alice.posts.remove(post)

      expect(raised(() => post.save())).toBeInstanceOf(NotNullViolation)
    })

    it('of everything is clear', () => {
      const bob = User.get(2)
      const [post] = bob.editedPosts

      bob.editedPosts.clear()

      expect([bob.editedPosts.length, post?.editorId]).toEqual([0, null])
    })

    it('comes by itself when the object is deleted', () => {
      const bob = User.get(2)
      const post = bob.posts.at(0) as Post

      post.delete()

      expect(bob.posts.length).toBe(0)
    })
  })

  describe('a parent without a row', () => {
    it('is kept until it has a key: then the child follows', () => {
      const dan = new User({ name: 'Dan', email: 'dan@example.com' })
      const post = new Post({ title: 'Hello', content: '…', author: dan })
      expect([post.author, titles(dan)]).toEqual([dan, ['Hello']])

      dan.save()
      post.save()

      expect(Post.get(post.id).userId).toBe(dan.id)
      expect(post.author).toBe(dan)
    })

    it('keeps its collection and its only child when it is saved', () => {
      const dan = new User({ name: 'Dan', email: 'dan@example.com' })
      const post = newPost()
      const profile = new Profile({ bio: 'New.' })
      dan.posts.add(post)
      dan.profile = profile

      dan.save()

      expect([dan.posts.at(0), dan.profile]).toEqual([post, profile])
    })

    it('has to be saved before its child', () => {
      const dan = new User({ name: 'Dan', email: 'dan@example.com' })
      const post = new Post({ title: 'Hello', content: '…', author: dan })
      db.forget()

      const error = raised(() => post.save())

      expect(error).toBeInstanceOf(UnsavedRelatedError)
      expect(String(error)).toContain('Save the record of users first')
      expect(db).toHaveSent([])
    })

    it('is refused where nobody would remember it', () => {
      const registry = new Registry()
      const id = () => t.integer().primaryKey()
      class Shelf extends Model(
        'shelves',
        { id: id(), books: () => hasMany(Book) },
        { registry },
      ) {}
      class Book extends Model(
        'books',
        { id: id(), shelfId: t.integer().references(() => Shelf.c.id) },
        { registry },
      ) {}

      const error = raised(() => new Shelf({}).books.add(new Book({})))

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('Save the record of shelves first')
    })
  })

  describe('new', () => {
    it('takes objects beside values', () => {
      const post = new Post({ title: 'Hello', content: '…', author: User.get(2), editor: null })

      expect([post.userId, post.editorId]).toEqual([2, null])
    })

    it('lets the object lead, when a foreign key is given too', () => {
      const post = new Post({ title: 'Hello', content: '…', userId: 1, author: User.get(2) })

      expect(post.userId).toBe(2)
    })

    it('takes nothing else', () => {
      const error = raised(
        () => new Post({ title: 'x', content: 'x', authr: User.get(1) } as never),
      )

      expect(error).toBeInstanceOf(UnknownColumnError)
    })

    it('refuses to assign a collection', () => {
      const error = raised(() => {
        User.get(1).posts = [] as never
      })

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('posts.add(…)')
    })
  })

  describe('many to many', () => {
    it('is stored with the object: one INSERT for what was added, one DELETE for what was removed', () => {
      const post = Post.get(2)
      const [sql, , typescript] = Tag.all() as [Tag, Tag, Tag]
      post.tags.add(typescript)
      post.tags.remove(sql)
      db.forget()

      post.save()

      expect(db).toHaveSent([
        { statement: 'DELETE posts_tags', parameters: [2, 1] },
        { statement: 'INSERT posts_tags (post_id, tag_id)', parameters: [2, 3] },
      ])
      expect(pairs()).toEqual([
        [1, 1],
        [2, 2],
        [2, 3],
      ])
    })

    it('is seen on the other side at once', () => {
      const post = Post.get(3)
      const tag = Tag.get(3)

      post.tags.add(tag)

      expect(tag.posts.map(({ id }) => id)).toEqual([3])
      tag.posts.remove(post)
      expect(post.tags.length).toBe(0)
    })

    it('loads nothing to add or remove', () => {
      const [post, sql, orm] = [Post.get(3), Tag.get(1), Tag.get(2)]

      const sent = sentBy(db, () => {
        post.tags.add(sql, orm)
        post.tags.remove(sql)
      })

      expect(sent).toHaveSent([])
      expect(post.tags.map((tag) => tag.name)).toEqual(['orm'])
    })

    it('stores a pair from either side, once', () => {
      const post = Post.get(3)
      const tag = Tag.get(3)
      tag.posts.add(post)

      post.save()
      expect(sentBy(db, () => tag.save())).toHaveSent([])

      expect(pairs()).toContainEqual([3, 3])
    })

    it('sends nothing when nothing was added or removed, or all of it was taken back', () => {
      const post = Post.get(2)
      const [sql, , typescript] = Tag.all() as [Tag, Tag, Tag]
      expect(post.tags.length).toBe(2)

      post.tags.add(typescript)
      post.tags.remove(typescript)
      post.tags.remove(sql)
      post.tags.add(sql)
      post.tags.add(sql)

      expect(sentBy(db, () => post.save())).toHaveSent([])
    })

    it('does not mind a pair that is there already', () => {
      const post = Post.get(1)
      post.tags.add(Tag.get(1))

      post.save()

      expect(pairs().filter(([postId]) => postId === 1)).toEqual([[1, 1]])
    })

    it('deletes a pair that was there before it was added', () => {
      const post = Post.get(1)
      const sql = Tag.get(1)
      post.tags.add(sql)
      expect([post.tags.length, sql.posts.length]).toEqual([1, 2])

      post.tags.remove(sql)
      sql.save()

      expect(pairs().filter(([postId]) => postId === 1)).toEqual([])
    })

    it('of two new objects is stored when both have a row', () => {
      const post = new Post({ title: 'Hello', content: '…', userId: 1 })
      const tag = new Tag({ name: 'new' })
      post.tags.add(tag)

      post.save()
      expect(pairs()).toHaveLength(3)
      tag.save()

      expect(pairs()).toContainEqual([post.id, tag.id])
    })

    it('with a new object that does not know this side is refused, before anything is sent', () => {
      const registry = new Registry()
      const id = () => t.integer().primaryKey()
      class Word extends Model('words', { id: id() }, { registry }) {}
      class Text extends Model(
        'texts',
        { id: id(), words: () => manyToMany(Word, { through: () => Use }) },
        { registry },
      ) {}
      class Use extends Model(
        'uses',
        {
          textId: t
            .integer()
            .primaryKey({ generated: false })
            .references(() => Text.c.id),
          wordId: t
            .integer()
            .primaryKey({ generated: false })
            .references(() => Word.c.id),
        },
        { registry },
      ) {}
      const text = new Text({})
      text.words.add(new Word({}))
      connect(db, registry)

      expect(raised(() => text.save())).toBeInstanceOf(UnsavedRelatedError)
      expect(text.status).toBe('new')
    })

    it('forgets an object whose row is gone', () => {
      const tag = Tag.get(3)
      const post = Post.get(3)
      post.tags.add(tag)
      post.save()

      post.delete()

      expect([...tag.posts]).toEqual([])
    })
  })

  it('keeps both sides in step, whatever is done in whatever order', () => {
    const post = fc.integer({ min: 0, max: 2 })
    const user = fc.integer({ min: 0, max: 2 })
    const step = fc.oneof(
      fc.record({ do: fc.constant('assign' as const), post, user: fc.option(user) }),
      fc.record({ do: fc.constant('add' as const), post, user }),
      fc.record({ do: fc.constant('remove' as const), post, user }),
      fc.record({ do: fc.constant('load' as const), post, user }),
    )
    always(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const posts = Post.query().with({ author: true }).all()
        const users = [posts[0]!.author, posts[2]!.author, User.get(3)]
        const expected: (number | null)[] = [0, 0, 1]

        for (const { do: what, post, user } of steps) {
          if (what === 'assign') posts[post]!.author = (user === null ? null : users[user]) as User
          else if (what === 'add') users[user!]!.posts.add(posts[post]!)
          else if (what === 'remove') users[user!]!.posts.remove(posts[post]!)
          else expect(users[user!]!.posts.length).toBeLessThan(4)
          if (what === 'assign' || what === 'add') expected[post] = user
          if (what === 'remove' && expected[post] === user) expected[post] = null
        }

        for (const [i, { posts: collection }] of users.entries())
          expect(collection.map(({ id }) => id - 1).sort()).toEqual(
            [0, 1, 2].filter((post) => expected[post] === i),
          )
        expect(posts.map(({ author }) => author)).toEqual(
          expected.map((user) => (user === null ? null : users[user])),
        )
        expect(posts.map(({ userId }) => userId)).toEqual(
          expected.map((user) => (user === null ? null : user + 1)),
        )
      }),
    )
  })

  it('stores the pairs that a plain set would hold, whatever is done in whatever order', () => {
    const step = fc.record({
      do: fc.constantFrom('add', 'remove', 'load', 'save'),
      fromTag: fc.boolean(),
      post: fc.integer({ min: 0, max: 2 }),
      tag: fc.integer({ min: 0, max: 2 }),
    })
    always(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) =>
        takingBack(() => {
          const [posts, tags] = [Post.all(), Tag.all()]
          const expected = new Set(pairs().map(([post, tag]) => `${post} ${tag}`))

          for (const { do: what, fromTag, post, tag } of steps) {
            const [one, other] = [posts[post]!, tags[tag]!]
            if (what === 'save') (fromTag ? other : one).save()
            else if (what === 'load')
              expect((fromTag ? other.posts : one.tags).length).toBeLessThan(4)
            else if (fromTag) other.posts[what as 'add'](one)
            else one.tags[what as 'add'](other)
            if (what === 'add') expected.add(`${one.id} ${other.id}`)
            if (what === 'remove') expected.delete(`${one.id} ${other.id}`)
          }

          const shown = posts.flatMap((one) => one.tags.map((other) => `${one.id} ${other.id}`))
          expect(shown.sort()).toEqual([...expected].sort())
          const back = tags.flatMap((one) => one.posts.map((other) => `${other.id} ${one.id}`))
          expect(back.sort()).toEqual([...expected].sort())
          for (const one of [...posts, ...tags]) one.save()
          expect(
            pairs()
              .map(([one, other]) => `${one} ${other}`)
              .sort(),
          ).toEqual([...expected].sort())
        }),
      ),
    )
  })
})
