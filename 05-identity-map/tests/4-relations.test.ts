import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  belongsTo,
  DetachedError,
  entity,
  hasMany,
  NotLoadedError,
  Registry,
  Session,
  t,
  UnsavedRelatedError,
} from '#stage/05-identity-map'
import { Comment, loaded, open, Post, Tag, User } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

/** The same database, as if it took so few parameters in a statement. */
function takingOnly(maxParameters: number): RecordedConnection {
  const narrow = Object.create(db, {
    dialect: { value: { ...db.dialect, maxParameters } },
  }) as RecordedConnection
  return Object.assign(narrow, { values: db.values.bind(db) })
}

describe('Task 4: load relations through the map', () => {
  it('gives the objects that are there already, lazily', () => {
    const first = session.get(Post, 1)
    const alice = session.get(User, 1)

    expect(alice.posts.at(0)).toBe(first)
    expect(alice.posts.at(1)?.author).toBe(alice)
  })

  it('gives the objects that are there already, eagerly', () => {
    const comment = session.get(Comment, 3)
    const users = session
      .query(User)
      .with({ posts: { comments: true } })
      .all()

    expect(users[0]!.posts.at(1)!.comments.at(0)).toBe(comment)
  })

  it('gives one author to two posts', () => {
    const posts = session.query(Post).with({ author: true }).all()

    expect(posts[0]!.author).toBe(posts[1]!.author)
    expect(posts[0]!.editor).toBeNull()
    expect(posts[2]!.editor).toBe(posts[0]!.author)
  })

  it('sends nothing for an object that the map has under its key', () => {
    const bob = session.get(User, 2)
    const post = loaded(db, session.get(Post, 3))

    expect(post.author).toBe(bob)
    expect(db).toHaveSentCount(0)
  })

  it('asks the map for a key as the database has it', () => {
    const registry = new Registry()
    class Day extends entity(
      'days',
      { on: t.timestamp().primaryKey({ generated: false }) },
      { registry },
    ) {}
    class Entry extends entity(
      'entries',
      {
        id: t.integer().primaryKey(),
        dayOn: t.timestamp().references(() => Day.c.on),
        day: () => belongsTo(Day),
      },
      { registry },
    ) {}
    registry.createAll(db)
    const day = new Day({ on: new Date('2026-03-01T00:00:00Z') })
    const entry = new Entry({ dayOn: new Date('2026-03-01T00:00:00Z') })
    session.save(day)
    session.save(entry)
    loaded(db, entry)

    expect(entry.day).toBe(day)
    expect(db).toHaveSentCount(0)
  })

  it('finds nobody for a key that is null: two nulls are no match', () => {
    const registry = new Registry()
    const id = () => t.integer().primaryKey()
    class Land extends entity(
      'lands',
      { id: id(), code: t.text().nullable().unique(), towns: () => hasMany(Town) },
      { registry },
    ) {}
    const code = () => t.text().nullable()
    class Town extends entity(
      'towns',
      { id: id(), landCode: code().references(() => Land.c.code) },
      { registry },
    ) {}
    registry.createAll(db)
    db.exec('INSERT INTO lands (id) VALUES (1); INSERT INTO towns (id) VALUES (1)')
    const nowhere = loaded(db, session.get(Land, 1))

    expect(nowhere.towns.count()).toBe(0)
    expect(nowhere.towns.toArray()).toEqual([])
    expect(db).toHaveSentCount(0)
  })

  it('asks only for those that the map does not have', () => {
    session.get(User, 1)
    const posts = loaded(db, session.query(Post).all())
    session.load(posts, { author: true })

    expect(db).toHaveSent([{ statement: 'SELECT users', parameters: [2] }])
    expect(posts.map((post) => post.author.name)).toEqual(['Alice', 'Alice', 'Bob'])
    expect(db).toHaveSentCount(1)
  })

  it('turns fifty posts of two authors into two statements, even in a loop', () => {
    for (let i = 4; i <= 50; i++)
      db.run(
        "INSERT INTO posts (id, title, content, published, created_at, user_id) VALUES (?, 'x', '', 0, '2026-01-01T00:00:00Z', ?)",
        [i, 1 + (i % 2)],
      )
    const posts = loaded(db, session.query(Post).all())
    for (const post of posts) expect(post.author.name).toMatch(/Alice|Bob/)

    expect(db).toHaveSentCount(2)
  })

  it('gives one tag to two posts, although the join brings its row twice', () => {
    const [first, second] = session.query(Post).with({ tags: true }).all()

    expect(first!.tags.map(({ name }) => name)).toEqual(['sql'])
    expect(second!.tags.length).toBe(2)
    expect(second!.tags.includes(first!.tags.at(0)!)).toBe(true)
  })

  it('reads what the query of a relation asks for, and no more', () => {
    const [alice] = session
      .query(User)
      .with({ posts: (posts) => posts.where((p) => p.id.ne(1)) })
      .all()

    expect(alice!.posts.map(({ id }) => id)).toEqual([2])
  })

  it('takes several statements where one has no room for all keys', () => {
    const users = new Session(takingOnly(2)).query(User).with({ posts: true }).all()

    expect(users.map(({ posts }) => posts.length)).toEqual([2, 1, 0])
    expect(db).toHaveSent([
      'SELECT users',
      { statement: 'SELECT posts', parameters: [1, 2] },
      { statement: 'SELECT posts', parameters: [3] },
    ])
  })

  it('leaves room for the parameters that the query of a relation has already', () => {
    new Session(takingOnly(2))
      .query(User)
      .with({ posts: (posts) => posts.where((p) => p.published.eq(true)) })
      .all()

    expect(db.statements.map(({ parameters }) => parameters.length)).toEqual([0, 2, 2, 2])
  })

  it('does not take the tag 2 for a tag of the post 2', () => {
    session.get(Tag, 2)

    expect(session.get(Post, 2).tags.map(({ id }) => id)).toEqual([1, 2])
  })

  it('goes through the map for many to many as well', () => {
    const sql = session.get(Tag, 1)
    const post = session.get(Post, 2)

    expect(post.tags.includes(sql)).toBe(true)
    expect(sql.posts.includes(post)).toBe(true)
  })

  it('does not overwrite what was changed, when an eager load reads the row again', () => {
    const post = session.get(Post, 1)
    post.title = 'Rewritten'
    const [alice] = session.query(User).with({ posts: true }).all()

    expect(alice!.posts.at(0)).toBe(post)
    expect(post.title).toBe('Rewritten')
    expect(Object.keys(session.changes(post))).toEqual(['title'])
  })

  it('does not bring a child back that the program has given to somebody else', () => {
    const post = session.get(Post, 1)
    post.userId = 2
    const [alice, bob] = [session.get(User, 1), session.get(User, 2)]

    expect(alice.posts.map(({ id }) => id)).toEqual([2])
    expect(post.userId).toBe(2)
    expect(post.author).toBe(bob)
  })

  it('gives nobody a child whose key the program has emptied', () => {
    session.get(Post, 2).editorId = null
    const [alice, bob] = session.query(User).with({ editedPosts: true }).all()

    expect(alice!.editedPosts.map(({ id }) => id)).toEqual([3])
    expect(bob!.editedPosts.length).toBe(0)
    expect(session.get(Post, 2).editorId).toBeNull()
  })

  it('keeps both sides together, and save stores it', () => {
    const [post, bob] = [session.get(Post, 1), session.get(User, 2)]
    const before = bob.posts.length
    bob.posts.add(post)
    loaded(db, post)
    session.save(post)

    expect(db).toHaveSent([{ statement: 'UPDATE posts SET user_id', parameters: [2, 1] }])
    expect(bob.posts.length).toBe(before + 1)
    expect(post.author).toBe(bob)
  })

  it('stores pairs with their object, once', () => {
    const [post, tag] = [session.get(Post, 3), session.get(Tag, 3)]
    post.tags.add(tag)
    loaded(db, post)
    session.save(post)
    session.save(tag)

    expect(db).toHaveSent([{ statement: 'INSERT posts_tags', parameters: [3, 3] }])
  })

  it('still asks for the parent to be saved first', () => {
    const post = new Post({ title: 'x', author: new User({ name: 'Dan', email: 'd@x' }) })

    expect(raised(() => session.save(post))).toBeInstanceOf(UnsavedRelatedError)
    session.save(post.author)
    session.save(post)
    expect(post.userId).toBe(4)
  })

  describe('without a session', () => {
    it('is an error that names the relation and the way out', () => {
      const alice = session.get(User, 1)
      session.expunge(alice)
      const error = raised(() => alice.posts.length)

      expect(error).toBeInstanceOf(DetachedError)
      expect((error as Error).message).toContain('posts of User#1')
      expect((error as Error).message).toContain('with({ posts: true })')
    })

    it('is no error for what is loaded already, nor for a new object, which has no rows', () => {
      const alice = session.get(User, 1, { with: { posts: true } })
      session.close()

      expect(alice.posts.length).toBe(2)
      expect(new User({ name: 'Dan', email: 'd@x' }).posts.length).toBe(0)
    })
  })

  it('does not load by itself where that is forbidden', () => {
    const [alice] = session.query(User).strict().all()
    const error = raised(() => alice!.posts.length)

    expect(error).toBeInstanceOf(NotLoadedError)
    expect((error as Error).message).toContain('User#1.posts')
  })
})
