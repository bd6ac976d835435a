import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  belongsTo,
  connect,
  groupBy,
  groupKey,
  handOut,
  hasMany,
  loadRelated,
  Model,
  NotLoadedError,
  Registry,
  RelationError,
  strictLoading,
  t,
} from '#stage/04-relations'
import { Comment, open, Post, sentBy, Tag, User } from './models.ts'

let db: RecordedConnection
beforeEach(() => {
  db = open()
})
afterEach(() => strictLoading(false))

function addUsers(upTo: number) {
  for (let id = 4; id <= upTo; id++)
    db.run("INSERT INTO users (id, name, email, joined_at) VALUES (?, 'User', ?, '2026-01-01')", [
      id,
      `user${id}@example.com`,
    ])
}

const newUser = (id: number) => new User({ id, name: `User ${id}`, email: `user${id}@example.com` })

describe('Task 5: load a level at once', () => {
  describe('groupBy', () => {
    it('puts things with one key together, in their order', () => {
      const groups = groupBy(['apple', 'bean', 'avocado'], (word) => word[0])

      expect([...groups]).toEqual([
        ['a', ['apple', 'avocado']],
        ['b', ['bean']],
      ])
    })

    it('makes no group of nothing', () => {
      expect(groupBy([], (thing) => thing).size).toBe(0)
    })

    it('walks once over ten thousand things', () => {
      let asked = 0
      const groups = groupBy(Array.from({ length: 10_000 }).keys(), (i) => {
        asked++
        return i % 100
      })

      expect([groups.size, asked]).toEqual([100, 10_000])
    })
  })

  describe('groupKey', () => {
    it('takes 1 and 1n for one key, and "1" for another', () => {
      expect(groupKey(1n)).toBe(groupKey(1))
      expect(groupKey('1')).not.toBe(groupKey(1))
    })

    it('keeps every digit of large keys', () => {
      expect(groupKey(9007199254740993n)).not.toBe(groupKey(9007199254740992n))
    })

    it('compares dates and bytes by what they say', () => {
      expect(groupKey(new Date(5))).toBe(groupKey(new Date(5)))
      expect(groupKey(Uint8Array.of(1, 2))).toBe(groupKey(Uint8Array.of(1, 2)))
      expect(groupKey(Uint8Array.of(1, 2))).not.toBe(groupKey(Uint8Array.of(1, 3)))
      expect(groupKey(new Date(5)), 'milliseconds count').not.toBe(groupKey(new Date(6)))
      expect(groupKey(Uint8Array.of(0xfe)), 'bytes are no text').not.toBe(
        groupKey(Uint8Array.of(0xff)),
      )
    })
  })

  describe('handOut', () => {
    it('reads each key at most a few times: a thousand users with five posts each', () => {
      const users = Array.from({ length: 1000 }, (_, i) => newUser(i + 1))
      let reads = 0
      const found = Array.from({ length: 5000 }, (_, i) => ({
        get key() {
          reads++
          return (i % 1000) + 1
        },
        object: new Post({ title: `Post ${i}`, content: '…' }),
      }))

      handOut(users, User.relations.posts!, found)

      expect(new Set(users.map((user) => user.posts.length))).toEqual(new Set([5]))
      expect(reads, 'how often the 5,000 keys were read').toBeLessThanOrEqual(5 * 5000)
    })

    it('gives each owner what carries its key, in the order in which it was found', () => {
      const [alice, bob, carol] = [newUser(1), newUser(2), newUser(3)]
      const [first, second, third] = ['a', 'b', 'c'].map(
        (title) => new Post({ title, content: '…' }),
      ) as [Post, Post, Post]

      handOut([alice, bob, carol], User.relations.posts!, [
        { key: 2, object: first },
        { key: 1, object: second },
        { key: 2, object: third },
      ])

      expect([alice, bob, carol].map((user) => user.posts.toArray())).toEqual([
        [second],
        [first, third],
        [],
      ])
    })

    it('says what is a part only: who asks for all of them later gets all', () => {
      const users = User.query()
        .with({ posts: (posts) => posts.where((p) => p.id.ne(1)) })
        .all()
      expect(users.map((user) => user.posts.length)).toEqual([1, 1, 0])

      loadRelated(users, { posts: true })

      expect(users.map((user) => user.posts.length)).toEqual([2, 1, 0])
    })
  })

  describe('with', () => {
    it('gives those who have none a loaded empty collection', () => {
      const carol = User.query().with({ posts: true }).all()[2] as User

      expect(sentBy(db, () => expect(carol.posts.length).toBe(0))).toHaveSent([])
    })

    it('ends N+1: a hundred users with their posts are two statements', () => {
      addUsers(100)

      const sent = sentBy(db, () => {
        for (const user of User.query().with({ posts: true }).all())
          expect(user.posts.length).toBeLessThan(3)
      })

      expect(sent).toHaveSentCount(2)
    })

    it('gives each user its own posts', () => {
      const users = User.query().with({ posts: true }).all()

      expect(users.map((user) => user.posts.map((post) => post.id))).toEqual([[1, 2], [3], []])
    })

    it('asks for the keys of the list, each once', () => {
      db.forget()

      Post.query().with({ author: true }).all()

      expect(db).toHaveSent(['SELECT posts', { statement: 'SELECT users', parameters: [1, 2] }])
    })

    it('gives posts of one author one object', () => {
      const [first, second] = Post.query().with({ author: true }).all()

      expect(first?.author.name).toBe('Alice')
      expect(first?.author).toBe(second?.author)
    })

    it('gives those who have none null', () => {
      const bob = User.query().with({ profile: true }).all()[1] as User

      expect(sentBy(db, () => expect(bob.profile).toBeNull())).toHaveSent([])
    })

    it('asks for no null keys', () => {
      db.forget()

      Post.query().with({ editor: true }).all()

      expect(db).toHaveSent(['SELECT posts', { statement: 'SELECT users', parameters: [2, 1] }])
    })

    it('asks for the key 0: it is a key like any other', () => {
      db.run("INSERT INTO users (id, name, email, joined_at) VALUES (0, 'Zoe', 'z@x.com', '2026')")
      db.run('UPDATE posts SET user_id = 0 WHERE id = 3')

      const users = User.query().with({ posts: true }).all()

      expect(users.map((user) => user.posts.map((post) => post.id))).toEqual([[3], [1, 2], [], []])
    })

    it('sends nothing more when every key is null', () => {
      db.run('UPDATE posts SET editor_id = NULL')

      const sent = sentBy(db, () => Post.query().with({ editor: true }).all())

      expect(sent).toHaveSentCount(1)
    })

    it('sends nothing more when nobody is found', () => {
      const query = User.query().with({ posts: { comments: true } })

      expect(sentBy(db, () => query.where((u) => u.name.eq('Nobody')).all())).toHaveSentCount(1)
      expect(sentBy(db, () => query.where((u) => u.name.eq('Carol')).all())).toHaveSentCount(2)
      expect(sentBy(db, () => query.where((u) => u.name.eq('Bob')).all())).toHaveSentCount(3)
    })

    it('goes down level by level: one statement for each relation, whatever the number of rows', () => {
      addUsers(60)

      const users = User.query()
        .with({ profile: true, posts: { comments: { author: true }, tags: true } })
        .all()

      expect(db).toHaveSent([
        ...Array.from({ length: 57 }, () => 'INSERT users'),
        'SELECT users',
        'SELECT profiles',
        'SELECT posts',
        'SELECT comments',
        'SELECT users',
        'SELECT tags',
      ])
      const [post] = users[0]?.posts ?? []
      expect(post?.comments.map((comment) => comment.author?.name)).toEqual(['Bob', 'Alice'])
      expect(post?.tags.map((tag) => tag.name)).toEqual(['sql'])
    })

    it('shares a statement among many-to-many owners', () => {
      const sent = sentBy(db, () => {
        const posts = Post.query().with({ tags: true }).all()
        expect(posts.map((post) => post.tags.length)).toEqual([1, 2, 0])
      })

      expect(sent).toHaveSentCount(2)
    })

    it('does not load what is known: the author of a post of Alice is Alice', () => {
      const sent = sentBy(db, () => {
        const [alice] = User.query()
          .with({ posts: { author: true } })
          .all()
        expect(alice?.posts.at(0)?.author).toBe(alice)
      })

      expect(sent).toHaveSentCount(2)
    })

    it('goes round in the own table', () => {
      const sent = sentBy(db, () => {
        const [welcome] = Comment.query()
          .with({ answers: { answers: true, parent: true } })
          .all()
        expect(welcome?.answers.at(0)?.answers.length).toBe(0)
        expect(welcome?.answers.at(0)?.parent).toBe(welcome)
      })

      expect(sent).toHaveSentCount(3)
    })

    it('adds up over several calls', () => {
      const [alice] = User.query().with({ posts: true }).with({ profile: true }).all() as [User]

      const sent = sentBy(db, () => expect([alice.posts.length, alice.profile?.id]).toEqual([2, 1]))

      expect(sent).toHaveSent([])
    })

    it('is refused for what is no relation', () => {
      const error = raised(() =>
        User.query()
          .with({ name: true } as never)
          .all(),
      )

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('users has no relation "name"')
    })
  })

  describe('objects at hand', () => {
    it('are filled by load', () => {
      const alice = User.get(1)
      db.forget()

      alice.load({ posts: { comments: true } })

      expect(db).toHaveSent(['SELECT posts', 'SELECT comments'])
      expect(sentBy(db, () => expect(alice.posts.at(0)?.comments.length).toBe(2))).toHaveSent([])
    })

    it('are filled together by loadRelated, and only those that lack it', () => {
      const users = User.all()
      expect(users[0]?.posts.length).toBe(2)
      db.forget()

      loadRelated(users, { posts: true })

      expect(db).toHaveSent([{ statement: 'SELECT posts', parameters: [2, 3] }])
    })

    it('keep what the program added', () => {
      const alice = User.get(1)
      const post = new Post({ title: 'Third', content: '…' })
      alice.posts.add(post)

      loadRelated([alice], { posts: true })

      expect(alice.posts.map(({ title }) => title)).toEqual([
        'My First Post',
        'My Second Post',
        'Third',
      ])
    })

    it('may be none', () => {
      const none = User.query()
        .where((u) => u.id.eq(99))
        .with({ posts: true })
        .all()

      expect(sentBy(db, () => loadRelated(none, { posts: true }))).toHaveSent([])
      expect(User.query().with({ posts: true }).first()?.posts.length).toBe(2)
    })
  })

  describe('counting', () => {
    it('asks for the number alone', () => {
      const alice = User.get(1)
      db.forget()

      expect(alice.posts.count()).toBe(2)
      expect(db).toHaveSent(['SELECT posts'])
      expect(alice.posts.isLoaded).toBe(false)
    })

    it('gives 0 where there are none', () => {
      expect(User.get(3).posts.count()).toBe(0)
    })

    it('sends nothing for a loaded collection', () => {
      const alice = User.get(1)
      expect(alice.posts.length).toBe(2)

      expect(sentBy(db, () => expect(alice.posts.count()).toBe(2))).toHaveSent([])
    })

    it('comes for a whole list with withCount: two statements, and no object too many', () => {
      const sent = sentBy(db, () => {
        const users = User.query().withCount({ posts: true }).all()
        expect(users.map((user) => user.posts.count())).toEqual([2, 1, 0])
        expect(users[0]?.posts.isLoaded).toBe(false)
      })

      expect(sent).toHaveSentCount(2)
    })

    it('counts the pairs of a junction', () => {
      const counts = Post.query()
        .withCount({ tags: true, comments: true })
        .all()
        .map((post) => [post.tags.count(), post.comments.count()])

      expect(counts).toEqual([
        [1, 2],
        [2, 1],
        [0, 0],
      ])
    })

    it('does not keep a number that may be wrong', () => {
      const [alice] = User.query().withCount({ posts: true }).all() as [User]
      const post = new Post({ title: 'Third', content: '…' })
      alice.posts.add(post)
      post.save()

      expect(alice.posts.count()).toBe(3)
    })

    it('is a lazy load as well: strict loading refuses it', () => {
      strictLoading(true)

      const error = raised(() => User.get(1).posts.count())

      expect(error).toBeInstanceOf(NotLoadedError)
      expect(String(error)).toContain('withCount({ posts: true })')
      expect(User.query().withCount({ posts: true }).first()?.posts.count()).toBe(2)
    })
  })

  describe('strict loading', () => {
    it('allows what was asked for, and refuses what lies behind it', () => {
      const [alice] = User.query().with({ posts: true }).strict().all() as [User]
      const post = alice.posts.at(0) as Post

      const error = raised(() => post.comments.length)

      expect(post.author).toBe(alice)
      expect(error).toBeInstanceOf(NotLoadedError)
      expect(String(error)).toContain('Post#1.comments')
    })
  })

  describe('keys of other types', () => {
    const open = (registry: Registry) => {
      const connection = record(openSqlite())
      connect(connection, registry)
      return connection
    }

    it('meet: an integer and a bigint column hold the same key', () => {
      const registry = new Registry()
      class Shop extends Model(
        'shops',
        { id: t.integer().primaryKey(), sales: () => hasMany(Sale) },
        { registry },
      ) {}
      class Sale extends Model(
        'sales',
        {
          id: t.bigint().primaryKey(),
          shopId: t.bigint().references(() => Shop.c.id),
          shop: () => belongsTo(Shop),
        },
        { registry },
      ) {}
      open(registry).exec(`
        CREATE TABLE shops (id INTEGER PRIMARY KEY);
        CREATE TABLE sales (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id));
        INSERT INTO shops VALUES (1), (2);
        INSERT INTO sales VALUES (9007199254740993, 1), (8, 2), (9, 1);
      `)

      const shops = Shop.query().with({ sales: true }).all()
      const sales = Sale.query().with({ shop: true }).all()

      expect(shops.map((shop) => shop.sales.map((sale) => sale.id))).toEqual([
        [9n, 9007199254740993n],
        [8n],
      ])
      expect(sales.map((sale) => sale.shop.id)).toEqual([2, 1, 1])
    })

    it('may be texts, which stay texts: "1" and "01" are two keys', () => {
      const registry = new Registry()
      class Country extends Model(
        'countries',
        { code: t.text().primaryKey(), cities: () => hasMany(City) },
        { registry },
      ) {}
      class City extends Model(
        'cities',
        { id: t.integer().primaryKey(), countryCode: t.text().references(() => Country.c.code) },
        { registry },
      ) {}
      open(registry).exec(`
        CREATE TABLE countries (code TEXT PRIMARY KEY);
        CREATE TABLE cities (id INTEGER PRIMARY KEY, country_code TEXT NOT NULL REFERENCES countries (code));
        INSERT INTO countries VALUES ('01'), ('1');
        INSERT INTO cities VALUES (1, '01'), (2, '1'), (3, '01');
      `)

      const countries = Country.query().with({ cities: true }).all()

      expect(countries.map(({ code, cities }) => [code, cities.map((city) => city.id)])).toEqual([
        ['01', [1, 3]],
        ['1', [2]],
      ])
    })

    it('may be dates and bytes: equal ones are one key, and sent once', () => {
      const registry = new Registry()
      class Day extends Model(
        'days',
        { day: t.timestamp().primaryKey(), code: t.blob().unique() },
        { registry },
      ) {}
      class Visit extends Model(
        'visits',
        {
          id: t.integer().primaryKey(),
          dayOf: t.timestamp().references(() => Day.c.day),
          codeOf: t.blob().references(() => Day.c.code),
          byDate: () => belongsTo(Day, { foreignKey: 'dayOf' }),
          byCode: () => belongsTo(Day, { foreignKey: 'codeOf' }),
        },
        { registry },
      ) {}
      const db = open(registry)
      registry.createAll(db)
      const [day, code] = [new Date(0), Uint8Array.of(1, 2)]
      Day.create({ day, code })
      for (let i = 0; i < 3; i++) Visit.create({ dayOf: day, codeOf: code })
      db.forget()

      const visits = Visit.query().with({ byDate: true, byCode: true }).all()

      expect(db.statements.map(({ parameters }) => parameters.length)).toEqual([0, 1, 1])
      expect(visits.map((visit) => visit.byDate.code)).toEqual([code, code, code])
      expect(visits.map((visit) => visit.byCode.day)).toEqual([day, day, day])
    })
  })

  it('keeps the types: what is no relation does not compile', () => {
    // The mistakes stand in a function that is never called: the compiler of TypeScript is the test.
    const wrong = () => {
      // @ts-expect-error there is no such relation
      User.query().with({ pots: true })
      // @ts-expect-error a column is no relation
      User.query().with({ name: true })
      // @ts-expect-error there is no such relation of a post
      User.query().with({ posts: { nope: true } })
      // @ts-expect-error an author is one object, and takes no query
      Post.query().with({ author: (authors: never) => authors })
      // @ts-expect-error a profile is no collection
      User.query().withCount({ profile: true })
      // @ts-expect-error a title is a text
      User.query().with({ posts: (posts) => posts.where((p) => p.title.eq(1)) })
      // @ts-expect-error a post has no such column
      User.query().whereHas('posts', (p) => p.name.eq('x'))
      // @ts-expect-error a user has no such relation
      User.query().whereHas('pots')
      // @ts-expect-error there may be no editor
      Post.get(1).editor.name
      // @ts-expect-error there may be no profile
      User.get(1).profile.bio
      // @ts-expect-error a tag is no post
      User.get(1).posts.add(Tag.get(1))
      // @ts-expect-error a tag is no author
      new Post({ title: 'x', content: 'x', author: Tag.get(1) })
      // @ts-expect-error a relation is no column
      Post.c.author
    }

    const [alice] = User.query()
      .with({ posts: { comments: true } })
      .all()
    const bodies: string[][] =
      alice?.posts.map((post) => post.comments.map((comment) => comment.body)) ?? []
    expect(bodies).toEqual([['Welcome!', 'Thank you, Bob.'], ['Which objects?']])
    expect(wrong).toBeTypeOf('function')
  })
})
