import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import { InvalidValueError, type Session } from '#stage/06-unit-of-work'
import { collectGarbage, isForgotten } from './garbage.ts'
import {
  Comment,
  Draft,
  Employee,
  Line,
  loaded,
  Manager,
  Note,
  Order,
  open,
  Person,
  Player,
  Post,
  PostTag,
  Profile,
  rowsOf,
  Seat,
  Tag,
  Team,
  User,
} from './models.ts'
import { tryExchanges } from './places.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

const dan = () => new User({ name: 'Dan', email: 'dan@example.com' })

describe('Task 5: write it, and take new snapshots', () => {
  it('sends nothing before commit, then everything in one transaction', () => {
    const user = session.get(User, 1)
    const old = session.get(Post, 3)
    loaded(db, user)

    user.name = 'Updated Name'
    session.add(new Post({ title: 'New Post', content: '…', userId: user.id }))
    session.delete(old)
    expect(db).toHaveSentCount(0)
    session.commit()

    expect(db).toHaveSent([
      'BEGIN',
      'INSERT posts',
      { statement: 'UPDATE users SET name', parameters: ['Updated Name', 1] },
      { statement: 'DELETE posts', parameters: [3] },
      'COMMIT',
    ])
  })

  it('sends nothing at all when nothing has changed', () => {
    session.query(User).all()
    db.forget()
    session.flush()
    session.commit()

    expect(db).toHaveSentCount(0)
  })

  it('takes new snapshots: what was written is no change any more', () => {
    const bob = loaded(db, session.get(User, 2))
    bob.name = 'Robert'
    session.flush()
    db.forget()
    session.flush()
    expect(db).toHaveSentCount(0)

    bob.name = 'Bob'
    expect(session.changes(bob)).toEqual({ name: ['Robert', 'Bob'] })
  })

  it('a query sees what was flushed, and sends nothing but itself', () => {
    session.add(dan())
    db.forget()
    expect(session.query(User).count()).toBe(3)
    expect(db).toHaveSent(['SELECT users'])

    session.flush()
    expect(session.query(User).count()).toBe(4)
  })

  describe('a new object', () => {
    it('is pending, then persistent, with the key that the database has made', () => {
      const user = dan()
      expect(session.stateOf(user)).toBe('transient')
      session.add(user)
      expect(session.stateOf(user)).toBe('pending')
      expect(session.new).toEqual([user])
      session.flush()

      expect(session.stateOf(user)).toBe('persistent')
      expect(user.id).toBe(4)
      expect(session.new).toEqual([])
    })

    it('is in the identity map afterwards', () => {
      const user = dan()
      session.add(user)
      session.commit()
      db.forget()

      expect(session.find(User, 4)).toBe(user)
      expect(db).toHaveSentCount(0)
    })

    it('gets what else the database fills in', () => {
      db.exec(
        'DROP TABLE drafts; CREATE TABLE drafts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, due_at TEXT, settings TEXT DEFAULT \'{"theme":"light"}\', photo BLOB, version INTEGER)',
      )
      const draft = new Draft({ title: 'New' })
      Reflect.set(draft, 'settings', undefined)
      session.add(draft)
      session.flush()

      expect(draft.settings).toEqual({ theme: 'light' })
      expect(session.isDirty(draft)).toBe(false)
    })

    it('keeps a key that was given by hand, 0 among them', () => {
      session.add(new Tag({ id: 0, name: 'zero' }), new PostTag({ postId: 3, tagId: 2 }))
      session.flush()

      expect(rowsOf(db, 'id, name', 'tags')[0]).toEqual([0, 'zero'])
      expect(session.find(PostTag, { postId: 3, tagId: 2 })).toBeInstanceOf(PostTag)
    })

    it('with null for its key is refused, and is pending again', () => {
      const user = new User({ id: null as never, name: 'Dan', email: 'dan@example.com' })
      session.add(user)

      expect(raised(() => session.flush())).toBeInstanceOf(InvalidValueError)
      expect(session.stateOf(user)).toBe('pending')
      user.id = undefined as never
      session.commit()
      expect(session.find(User, user.id)).toBe(user)
    })

    it('is inserted once, however often it was added', () => {
      const user = dan()
      session.add(user, user)
      session.add(user)
      session.flush()
      session.add(user)
      session.flush()

      expect(session.query(User).count()).toBe(4)
    })

    it('that is deleted before the flush was never there', () => {
      const [user, other] = [dan(), new User({ name: 'Eve', email: 'eve@example.com' })]
      session.add(user, other)
      session.delete(user)
      session.commit()

      expect(session.stateOf(user)).toBe('transient')
      expect(rowsOf(db, 'id, name', 'users').slice(3)).toEqual([[4, 'Eve']])
    })
  })

  describe('keys flow', () => {
    it('into children and their children', () => {
      const author = dan()
      const post = new Post({ title: 'Hello', author })
      const comment = new Comment({ body: 'Hi', post, author })
      session.add(comment)
      session.commit()

      expect(post.userId).toBe(author.id)
      expect(rowsOf(db, 'id, title, user_id', 'posts').at(-1)).toEqual([4, 'Hello', 4])
      expect(rowsOf(db, 'body, post_id, user_id', 'comments')).toContainEqual(['Hi', 4, 4])
      expect(session.isDirty(comment)).toBe(false)
    })

    it('from a parent that was given its children by add', () => {
      const alice = session.get(User, 1)
      const post = new Post({ title: 'Third' })
      alice.posts.add(post)
      expect(session.stateOf(post)).toBe('pending')
      session.commit()

      expect(rowsOf(db, 'title, user_id', 'posts')).toContainEqual(['Third', 1])
      expect(alice.posts.includes(post)).toBe(true)
    })

    it('into a row that is there, when it gets a new parent', () => {
      const post = session.get(Post, 1)
      post.author = dan()
      session.commit()

      expect(post.userId).toBe(4)
      expect(rowsOf(db, 'id, user_id', 'posts')[0]).toEqual([1, 4])
    })

    it('into the right column, whatever was written in the same columns before', () => {
      const [first, second] = [session.get(Comment, 1), session.get(Comment, 2)]
      Object.assign(first, { postId: 2, userId: 3 })
      session.commit()
      second.userId = 3
      second.post = new Post({ title: 'Third', userId: 1 })
      session.commit()

      expect(rowsOf(db, 'id, post_id, user_id', 'comments').slice(0, 2)).toEqual([
        [1, 2, 3],
        [2, 4, 3],
      ])
    })

    it('into the late update of a circle', () => {
      const team = new Team({ name: 'Reds' })
      team.captain = new Player({ name: 'Ann', team })
      session.add(team)
      session.commit()

      expect(rowsOf(db, 'id, captain_id', 'teams')).toEqual([[1, 1]])
      expect(team.captainId).toBe(1)
      expect(session.isDirty(team)).toBe(false)
    })

    it('but a foreign key that was set afterwards counts more', () => {
      const post = new Post({ title: 'Whose?', author: dan() })
      post.userId = 2
      session.add(post)
      session.commit()

      expect(rowsOf(db, 'title, user_id', 'posts').at(-1)).toEqual(['Whose?', 2])
    })
  })

  describe('unique values', () => {
    it('are free for the new row when the old row goes in the same flush', () => {
      session.delete(session.get(Tag, 3))
      session.add(new Tag({ name: 'typescript' }))
      session.commit()

      expect(rowsOf(db, 'id, name', 'tags')).toEqual([
        [1, 'sql'],
        [2, 'orm'],
        [4, 'typescript'],
      ])
    })

    it('can be swapped', () => {
      const [alice, bob] = [session.get(User, 1), session.get(User, 2)]
      ;[alice.email, bob.email] = [bob.email, alice.email]
      session.commit()

      expect(rowsOf(db, 'id, email', 'users').slice(0, 2)).toEqual([
        [1, 'bob@example.com'],
        [2, 'alice@example.com'],
      ])
      expect(session.dirty).toEqual([])
    })

    it('can be swapped when they are numbers', () => {
      db.exec("INSERT INTO seats VALUES (1, 10, 'a'), (2, 20, NULL)")
      const [one, two] = [session.get(Seat, 1), session.get(Seat, 2)]
      ;[one.number, two.number] = [two.number, one.number]
      session.commit()

      expect(rowsOf(db, 'id, number', 'seats')).toEqual([
        [1, 20],
        [2, 10],
      ])
    })
  })

  it(
    'brings about whatever exchange of unique values, in several columns, with rows that come and go',
    tryExchanges,
    120_000,
  )

  describe('many to many', () => {
    it('is written as the difference: what was added, what was removed', () => {
      const post = session.get(Post, 2, { with: { tags: true } })
      const [sql, orm, ts] = session.query(Tag).all() as [Tag, Tag, Tag]
      db.forget()
      post.tags.remove(sql)
      post.tags.add(ts)
      post.tags.add(orm)
      session.commit()

      expect(db).toHaveSent([
        'BEGIN',
        { statement: 'DELETE posts_tags', parameters: [2, 1] },
        { statement: 'INSERT posts_tags', parameters: [2, 3] },
        'COMMIT',
      ])
      expect(post.tags.map((tag) => tag.name)).toEqual(['orm', 'typescript'])
    })

    it('is written once, whichever of both sides knows of it', () => {
      const [post, tag] = [session.get(Post, 3), session.get(Tag, 3)]
      tag.posts.add(post)
      post.tags.add(tag)
      loaded(db, post)
      session.commit()

      expect(db).toHaveSent([
        'BEGIN',
        { statement: 'INSERT posts_tags', parameters: [3, 3] },
        'COMMIT',
      ])
    })

    it('waits for the keys of new rows on both sides', () => {
      const post = new Post({ title: 'Tagged', userId: 1 })
      post.tags.add(new Tag({ name: 'new' }), session.get(Tag, 1))
      session.add(post)
      session.commit()

      expect(rowsOf(db, 'post_id, tag_id', 'posts_tags').slice(-2)).toEqual([
        [4, 1],
        [4, 4],
      ])
      db.forget()
      session.flush()
      expect(db).toHaveSentCount(0)
    })

    it('ends with its objects', () => {
      session.delete(session.get(Tag, 1))
      session.commit()

      expect(rowsOf(db, 'post_id, tag_id', 'posts_tags')).toEqual([[2, 2]])
    })
  })

  describe('delete', () => {
    it('marks the object, and the flush ends the row', () => {
      const profile = loaded(db, session.get(Profile, 1))
      session.delete(profile)
      expect(session.deleted).toEqual([profile])
      expect(session.stateOf(profile)).toBe('persistent')
      session.flush()

      expect(db).toHaveSent(['BEGIN', { statement: 'DELETE profiles', parameters: [1] }])
      expect(session.stateOf(profile)).toBe('deleted')
      expect(session.find(Profile, 1)).toBeUndefined()
    })

    it('is forgotten when the object is added again', () => {
      const tag = session.get(Tag, 3)
      session.delete(tag)
      session.add(tag)
      session.flush()

      expect(session.stateOf(tag)).toBe('persistent')
    })

    it('takes children along whose relation says so, and their children', () => {
      const order = new Order({ customer: 'Eve' })
      const line = new Line({ product: 'Pen' })
      order.lines.add(line, new Line({ product: 'Ink' }))
      line.notes.add(new Note({ text: 'blue' }))
      session.add(order)
      session.commit()
      session.clear()
      const found = session.get(Order, 1)
      db.forget()
      session.delete(found)
      session.commit()

      expect(db).toHaveSent([
        'SELECT lines',
        'SELECT notes',
        'BEGIN',
        'DELETE notes',
        'DELETE lines',
        'DELETE lines',
        'DELETE orders',
        'COMMIT',
      ])
    })

    it('takes a child that was removed from its parent and given to no other', () => {
      const order = new Order({ customer: 'Eve' })
      const [pen, ink, brush] = [1, 2, 3].map((i) => new Line({ product: `${i}` })) as [
        Line,
        Line,
        Line,
      ]
      order.lines.add(pen, ink, brush)
      const other = new Order({ customer: 'Mallory' })
      session.add(order, other)
      session.commit()
      const unsaved = new Line({ product: '4' })
      order.lines.add(unsaved)
      order.lines.remove(pen, ink, unsaved)
      other.lines.add(ink)
      session.commit()

      expect(rowsOf(db, 'id, order_id', 'lines')).toEqual([
        [2, 2],
        [3, 1],
      ])
      expect(session.stateOf(pen)).toBe('deleted')
      expect(session.stateOf(unsaved)).toBe('transient')
    })

    it('follows what the database does by itself to objects that are loaded', () => {
      const [first, second] = [session.get(Comment, 3), session.get(Comment, 1)]
      session.delete(session.get(Post, 2))
      db.run('DELETE FROM posts WHERE id = 3')
      session.delete(session.get(User, 3))
      session.commit()

      expect(session.stateOf(first)).toBe('deleted')
      expect(session.stateOf(second)).toBe('persistent')
      expect(session.find(Comment, 3)).toBeUndefined()
    })

    it('follows a foreign key that the database sets to NULL', () => {
      db.run('UPDATE comments SET user_id = 3')
      const comment = session.get(Comment, 1)
      session.delete(session.get(User, 3))
      session.commit()

      expect(comment.userId).toBeNull()
      expect(session.isDirty(comment)).toBe(false)
    })

    it('takes the object out of the collections that show it', () => {
      const alice = session.get(User, 1, { with: { posts: true } })
      const post = alice.posts.at(1)!
      session.delete(post)
      session.commit()

      expect(alice.posts.toArray()).toEqual([session.get(Post, 1)])
    })
  })

  describe('a version', () => {
    const stored = () => {
      const draft = new Draft({ title: 'Old' })
      session.add(draft)
      session.commit()
      return loaded(db, draft)
    }

    it('begins with 1 and counts the updates', () => {
      const draft = stored()
      draft.title = 'New'
      session.commit()

      expect(draft.version).toBe(2)
      expect(db).toHaveSent([
        'BEGIN',
        { statement: 'UPDATE drafts SET title, version', parameters: ['New', 2, 1, 1] },
        'COMMIT',
      ])
    })
  })

  describe('in a weak session', () => {
    beforeEach(() => {
      ;({ db, session } = open({ identity: 'weak' }))
    })

    // Functions of their own: a test that waits keeps alive what stands in its own lines.
    const rename = () => {
      session.get(User, 2).name = 'Robert'
    }
    const add = () => session.add(dan())
    const remove = () => session.delete(session.get(Tag, 3))
    const pair = () => session.get(Post, 3).tags.add(session.get(Tag, 2))
    const renameLast = () => {
      session.get(User, 4).name = 'Daniel'
    }

    it('what is new or changed is held until it is written, and not longer', async () => {
      add()
      rename()
      await collectGarbage(db)
      session.commit()
      expect(rowsOf(db, 'name', 'users').flat()).toEqual(['Alice', 'Carol', 'Dan', 'Robert'])

      await collectGarbage(db)
      expect(isForgotten(db, () => session.find(User, 2))).toBe(true)
      expect(isForgotten(db, () => session.find(User, 4))).toBe(true)
    })

    it('so is what is to be deleted, and what has other pairs', async () => {
      remove()
      pair()
      await collectGarbage(db)
      session.commit()

      expect(rowsOf(db, 'id', 'tags')).toEqual([[1], [2]])
      expect(rowsOf(db, 'post_id, tag_id', 'posts_tags')).toContainEqual([3, 2])
    })

    it('what a query writes over is not held any more', async () => {
      rename()
      session.query(User).refresh().all()
      await collectGarbage(db)
      expect(isForgotten(db, () => session.find(User, 2))).toBe(true)

      session.get(User, 2).age = 26
      session.commit()
      expect(rowsOf(db, 'name, age', 'users')).toContainEqual(['Bob', 26])
    })

    it('a new object is watched after it was written, as one that was loaded', async () => {
      add()
      session.commit()
      renameLast()
      await collectGarbage(db)
      session.commit()

      expect(rowsOf(db, 'name', 'users')).toContainEqual(['Daniel'])
    })
  })

  describe('inheritance', () => {
    it('stores a row of a shared table with the word of its class', () => {
      session.add(new Employee({ name: 'Eve', salary: 5000 }), new Person({ name: 'Pat' }))
      session.commit()

      expect(rowsOf(db, 'id, type, name, salary', 'people')).toEqual([
        [1, 'employee', 'Eve', 5000],
        [2, 'person', 'Pat', null],
      ])
    })

    it('stores a class with a table of its own from the top down, and ends it from below', () => {
      const manager = new Manager({ name: 'Max', level: 3 })
      session.add(manager)
      session.commit()
      expect(db).toHaveSent(['BEGIN', 'INSERT people', 'INSERT managers', 'COMMIT'])
      expect(rowsOf(db, 'id, level', 'managers')).toEqual([[manager.id, 3]])

      db.forget()
      session.delete(manager)
      session.commit()
      expect(db).toHaveSent(['BEGIN', 'DELETE managers', 'DELETE people', 'COMMIT'])
    })

    it('touches only the table whose columns changed', () => {
      const manager = new Manager({ name: 'Max', level: 3 })
      session.add(manager)
      session.commit()
      db.forget()
      manager.level = 4
      session.commit()
      manager.name = 'Maxine'
      session.commit()

      expect(db).toHaveSent([
        'BEGIN',
        'UPDATE managers SET level',
        'COMMIT',
        'BEGIN',
        'UPDATE people SET name',
        'COMMIT',
      ])
    })
  })
})
