import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import { NotLoadedError, Session } from '#stage/08-profiling'
import { Comment, Desk, Employee, Manager, open, Person, Post, Profile, User } from './models.ts'
import { openRandomBlog, seen } from './random-blog.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

const posts = () => session.query(Post).orderBy((p) => p.id)
const comments = () => session.query(Comment).orderBy((c) => c.id)

/** What a function gives that is to send nothing. */
function unsent<T>(read: () => T): T {
  db.forget()
  const result = read()
  expect(db).toHaveSentCount(0)
  return result
}

describe('Task 6: join the one related object', () => {
  it('reads posts and their authors in one statement', () => {
    const found = posts().joined({ author: true }).all()
    expect(db).toHaveSent(['SELECT posts'])

    const names = unsent(() => found.map(({ title, author }) => [title, author.name]))
    expect(names).toEqual([
      ['My First Post', 'Alice'],
      ['My Second Post', 'Alice'],
      ['Notes on Joins', 'Bob'],
    ])
  })

  it('reads every column of both as its type', () => {
    const [post] = posts().joined({ author: true }).all()

    expect(post).toMatchObject({ id: 1, published: true })
    expect(post?.createdAt).toEqual(new Date('2026-04-01T08:00:00.000Z'))
    expect(post?.author).toMatchObject({
      id: 1,
      age: 30,
      accountType: 'premium',
      joinedAt: new Date('2026-01-05T09:00:00.000Z'),
    })
  })

  describe('where there is no related row', () => {
    it('keeps the owner, and says null', () => {
      const found = posts().joined({ editor: true }).all()

      expect(found).toHaveLength(3)
      const editors = unsent(() =>
        found.map(({ editor }) => (editor === null ? null : editor.name)),
      )
      expect(editors).toEqual([null, 'Bob', 'Alice'])
    })

    it('says null for the other side of a one-to-one relation', () => {
      const users = session.query(User).joined({ profile: true }).all()

      const profiles = unsent(() => users.map(({ profile }) => profile?.bio ?? null))
      expect(profiles).toEqual(['Writes about databases.', null, null])
    })

    it('does not ask again for a key that leads nowhere', () => {
      db.run('PRAGMA foreign_keys = OFF')
      db.run('UPDATE posts SET editor_id = 99 WHERE id = 1')
      const [post] = posts().joined({ editor: true }).all()

      expect(unsent(() => post?.editor)).toBeNull()
    })

    it('does not take a key of 0 for none', () => {
      db.run(`INSERT INTO users VALUES (0, 'Zero', 'zero@example.com', NULL, 'free', '2026-01-01')`)
      db.run('UPDATE posts SET user_id = 0 WHERE id = 1')
      const [post] = posts().joined({ author: true }).all()

      expect(unsent(() => post?.author.name)).toBe('Zero')
    })
  })

  describe('through the identity map', () => {
    it('gives one object for one row', () => {
      const [first, second, third] = posts().joined({ author: true, editor: true }).all()

      expect(first?.author).toBe(second?.author)
      expect(second?.editor).toBe(third?.author)
    })

    it('gives the object that is there, with what was changed in it', () => {
      const alice = session.get(User, 1)
      alice.name = 'Alicia'
      const [post] = posts().joined({ author: true }).all()

      expect(post?.author).toBe(alice)
      expect(alice.name).toBe('Alicia')
    })

    it('tells the related object whose it is', () => {
      const [alice] = session.query(User).joined({ profile: true }).all()

      expect(unsent(() => alice?.profile?.user)).toBe(alice)
    })

    it('takes rows of the right width for snapshots: nothing is dirty, and one column is written', () => {
      const [post] = posts()
        .joined({ author: { profile: true } })
        .all()
      expect(session.dirty).toEqual([])
      post!.title = 'Changed'
      post!.author.name = 'Alicia'
      db.forget()
      session.commit()

      expect(db).toHaveSent([
        'BEGIN',
        { statement: 'UPDATE users SET name', parameters: ['Alicia', 1] },
        { statement: 'UPDATE posts SET title', parameters: ['Changed', 1] },
        'COMMIT',
      ])
    })
  })

  describe('further joins', () => {
    it('reads the related objects of related objects', () => {
      const found = comments()
        .joined({ post: { author: { profile: true } }, author: true })
        .all()
      expect(db).toHaveSentCount(1)

      const lines = unsent(() =>
        found.map(({ post, author }) => [post.author.name, post.author.profile?.id, author?.name]),
      )
      expect(lines).toEqual([
        ['Alice', 1, 'Bob'],
        ['Alice', 1, 'Alice'],
        ['Alice', 1, 'Carol'],
      ])
    })

    it('stops where there is nobody', () => {
      const found = posts()
        .joined({ editor: { profile: true } })
        .all()

      const bios = unsent(() => found.map(({ editor }) => editor?.profile?.bio))
      expect(bios).toEqual([undefined, undefined, 'Writes about databases.'])
    })

    it('reads a table that points to itself', () => {
      const found = comments()
        .joined({ parent: { author: true } })
        .all()

      const lines = unsent(() => found.map(({ parent }) => [parent?.body, parent?.author?.name]))
      expect(lines).toEqual([
        [undefined, undefined],
        ['Welcome!', 'Bob'],
        [undefined, undefined],
      ])
    })
  })

  it('makes objects of the class that a row is of', () => {
    const boss = new Manager({ name: 'Mary', level: 3 })
    const eve = new Employee({ name: 'Eve', boss })
    session.add(new Desk({ person: boss, employee: eve }), new Desk({ person: eve }))
    session.add(new Desk({ person: new Person({ name: 'Paul' }) }))
    session.commit()
    session.clear()
    db.forget()
    const desks = session
      .query(Desk)
      .joined({ person: true, employee: { boss: true } })
      .orderBy((d) => d.id)
      .all()

    expect(db).toHaveSentCount(1)
    const people = unsent(() => desks.map(({ person }) => person))
    expect(people.map((person) => person?.constructor)).toEqual([Manager, Employee, Person])
    expect(unsent(() => desks[0]!.employee?.boss)).toBe(people[0])
    expect(people[0]).toMatchObject({ name: 'Mary', level: 3 })
    expect(desks[1]!.employee).toBeNull()
  })

  describe('what the program has changed and not stored', () => {
    it('stays: an object that was assigned', () => {
      const carol = session.get(User, 3)
      const post = session.get(Post, 1)
      post.author = carol
      posts().joined({ author: true }).all()

      expect(post.author).toBe(carol)
    })

    it('stays: a new child that was assigned', () => {
      const alice = session.get(User, 1)
      const profile = new Profile({ bio: 'New', userId: 1 })
      alice.profile = profile
      session.query(User).joined({ profile: true }).all()

      expect(alice.profile).toBe(profile)
    })

    it('stays: a key that was set', () => {
      const post = session.get(Post, 1)
      post.userId = 3
      posts().joined({ author: true }).all()

      expect(post.author.name).toBe('Carol')
    })

    it('stays: a key where the row has none', () => {
      const post = session.get(Post, 1)
      post.editorId = 3
      posts().joined({ editor: true }).all()

      expect(post.editor?.name).toBe('Carol')
    })

    it('stays: a child that went to another parent', () => {
      const profile = session.get(Profile, 1)
      profile.userId = 2
      const users = session
        .query(User)
        .orderBy((u) => u.id)
        .joined({ profile: true })
        .all()

      expect(users[0]!.profile).toBeNull()
    })
  })

  describe('with the rest of the query', () => {
    it('counts owners in LIMIT, and keeps their order', () => {
      const found = session
        .query(Post)
        .where((p) => p.userId.eq(1))
        .orderBy((p) => p.id.desc())
        .joined({ author: true })
        .limit(1)
        .all()

      expect(found.map(({ id, author }) => [id, author.name])).toEqual([[2, 'Alice']])
    })

    it('goes on in statements of their own with what with() asks for', () => {
      const found = posts()
        .joined({ author: true })
        .with({ comments: true, author: { profile: true } })
        .all()

      expect(db).toHaveSent(['SELECT posts', 'SELECT comments', 'SELECT profiles'])
      expect(unsent(() => found[0]?.author.profile?.id)).toBe(1)
    })

    it('passes strictness on', () => {
      const [post] = posts().joined({ author: true }).strict().all()

      expect(post?.author.name).toBe('Alice')
      expect(raised(() => post?.author.posts.length)).toBeInstanceOf(NotLoadedError)
    })

    it('reads in batches', () => {
      const batches = [...session.query(Post).joined({ author: true }).inBatches(2)]

      const names = unsent(() => batches.map((batch) => batch.map(({ author }) => author.name)))
      expect(names).toEqual([['Alice', 'Alice'], ['Bob']])
    })
  })

  it.each([1, 2, 3, 4, 5])('gives what was loaded one by one, in random blog %i', (seed) => {
    const { db } = openRandomBlog(seed)
    const oneByOne = new Session(db).query(Comment).all().map(seen)
    db.forget()
    const joined = new Session(db)
      .query(Comment)
      .joined({
        post: { author: { profile: true }, editor: { profile: true } },
        author: { profile: true },
        parent: { author: { profile: true } },
      })
      .all()
      .map(seen)

    expect(joined).toEqual(oneByOne)
    expect(db).toHaveSentCount(1)
  })
})
