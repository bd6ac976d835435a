import { beforeEach, describe, expect, it } from 'vitest'
import {
  CheckViolation,
  ConnectionClosedError,
  DatabaseError,
  ForeignKeyViolation,
  NotNullViolation,
  UniqueViolation,
} from '#shared/driver/errors'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  AsyncHookError,
  EndlessHooksError,
  entity,
  LostRowError,
  Registry,
  Session,
  SessionBusyError,
  StaleObjectError,
  t,
  UndoLog,
} from '#stage/06-unit-of-work'
import { breakingOnceAt } from './breaking.ts'
import { collectGarbage, isForgotten } from './garbage.ts'
import { Comment, Draft, loaded, open, Post, rowsOf, Tag, User } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

const dan = (email = 'dan@example.com') => new User({ name: 'Dan', email })

/** A bit of everything, before something that the database refuses. */
function prepare() {
  const bob = session.get(User, 2)
  const tag = session.get(Tag, 3)
  const author = dan()
  const post = new Post({ title: 'Hello', author })
  post.tags.add(session.get(Tag, 1))
  session.add(post)
  bob.name = 'Robert'
  session.delete(tag)
  return { bob, tag, author, post }
}

/** Everything that the tables hold. */
const everything = () =>
  ['users', 'posts', 'comments', 'tags', 'posts_tags'].map((table) => rowsOf(db, '*', table))

describe('Task 6: all or nothing', () => {
  describe('the undo log', () => {
    it('takes back the last thing first, and is empty then', () => {
      const log = new UndoLog()
      const steps: string[] = []
      log.push(() => steps.push('first'))
      log.push(() => steps.push('second'))
      log.undo()
      log.undo()

      expect(steps).toEqual(['second', 'first'])
    })

    it('takes over what another log knows', () => {
      const [outer, inner] = [new UndoLog(), new UndoLog()]
      const steps: string[] = []
      outer.push(() => steps.push('outer'))
      inner.push(() => steps.push('inner'))
      outer.append(inner)
      inner.undo()
      outer.undo()

      expect(steps).toEqual(['inner', 'outer'])
    })
  })

  describe('a flush that fails', () => {
    const failures: [string, new (...values: never[]) => Error, () => void][] = [
      ['a unique value', UniqueViolation, () => session.add(dan('carol@example.com'))],
      [
        'a foreign key',
        ForeignKeyViolation,
        () => session.add(new Comment({ body: 'lost', postId: 99 })),
      ],
      ['a NULL', NotNullViolation, () => session.add(new Comment({ body: 'lost' }))],
      [
        'a check',
        CheckViolation,
        () => {
          db.exec(
            'DROP TABLE drafts; CREATE TABLE drafts (id INTEGER PRIMARY KEY, title TEXT CHECK (length(title) < 5), due_at, settings, photo, version)',
          )
          session.add(new Draft({ title: 'far too long' }))
        },
      ],
    ]

    it.each(failures)('because of %s leaves the database as it was', (_, type, spoil) => {
      prepare()
      spoil()
      const before = everything()
      expect(raised(() => session.flush())).toBeInstanceOf(type)

      expect(everything()).toEqual(before)
    })

    it.each(failures)('because of %s leaves every object as it was', (_, type, spoil) => {
      const { bob, tag, author, post } = prepare()
      spoil()
      const lists = [session.new, session.dirty, session.deleted]
      expect(raised(() => session.flush())).toBeInstanceOf(type)

      expect([session.new, session.dirty, session.deleted]).toEqual(lists)
      expect([author, post].map((object) => session.stateOf(object))).toEqual([
        'pending',
        'pending',
      ])
      expect([author.id, post.id, post.userId]).toEqual([undefined, undefined, undefined])
      expect(session.changes(bob)).toEqual({ name: ['Bob', 'Robert'] })
      expect(session.find(Tag, 3)).toBeUndefined()
      expect(session.stateOf(tag)).toBe('persistent')
    })

    it('keeps every change for the next attempt, also one whose UPDATE had gone well', () => {
      const [bob, carol] = [session.get(User, 2), session.get(User, 3)]
      bob.name = 'Robert'
      carol.email = 'alice@example.com'
      expect(raised(() => session.flush())).toBeInstanceOf(UniqueViolation)
      expect(session.changes(bob)).toEqual({ name: ['Bob', 'Robert'] })

      carol.email = 'caroline@example.com'
      session.commit()

      expect(rowsOf(db, 'name', 'users').map(String)).toContain('Robert')
    })

    it('gives a foreign key back that the database had emptied, in the object and in its snapshot', () => {
      db.run("INSERT INTO comments (id, body, post_id, user_id) VALUES (9, 'mine', 1, 3)")
      const [carol, comment] = [session.get(User, 3), session.get(Comment, 9)]
      session.delete(carol)
      session.flush()
      expect(comment.userId).toBeNull()
      session.rollback()

      expect(comment.userId).toBe(3)
      expect(session.changes(comment)).toEqual({})
    })

    it('leaves what objects know of each other as it was', () => {
      const alice = session.get(User, 1, { with: { posts: true } })
      const [first, sql] = [alice.posts.at(0)!, session.get(Tag, 1)]
      const post = new Post({ title: 'Third', author: alice })
      post.tags.add(sql)
      session.delete(first)
      session.add(dan('carol@example.com'))
      expect(raised(() => session.flush())).toBeInstanceOf(UniqueViolation)

      expect(alice.posts.toArray()).toEqual([first, session.get(Post, 2), post])
      expect(post.tags.toArray()).toEqual([sql])
      expect(post.author).toBe(alice)
    })

    it('leaves versions and JSON as they were', () => {
      const draft = new Draft({ title: 'Old', settings: { theme: 'dark' } })
      session.add(draft)
      session.commit()
      draft.settings!.theme = 'light'
      session.add(dan('carol@example.com'), new Draft({ title: 'Next' }))
      expect(raised(() => session.flush())).toBeInstanceOf(UniqueViolation)

      expect(draft.version).toBe(1)
      expect(session.changes(draft)).toEqual({
        settings: ['{"theme":"dark"}', '{"theme":"light"}'],
      })
    })

    it('can be mended and repeated', () => {
      const { author, post } = prepare()
      const twin = dan('carol@example.com')
      session.add(twin)
      expect(raised(() => session.commit())).toBeInstanceOf(UniqueViolation)
      twin.email = 'other@example.com'
      session.commit()

      expect(post.userId).toBe(author.id)
      expect(rowsOf(db, 'name, email', 'users').slice(-2)).toHaveLength(2)
      expect(rowsOf(db, 'post_id, tag_id', 'posts_tags').at(-1)).toEqual([4, 1])
      expect(session.query(User).count()).toBe(5)
    })

    it('says which change it was', () => {
      prepare()
      session.add(dan('carol@example.com'))
      const { message } = raised(() => session.flush()) as Error

      expect(message).toContain('Another row has the same users.email')
      expect(message).toMatch(/▶ {3}2 {2}pending {5}new User {2}insert/)
    })

    it('sends ROLLBACK', () => {
      session.add(dan('bob@example.com'))
      loaded(db, session)
      raised(() => session.flush())

      expect(db).toHaveSent(['BEGIN', 'INSERT users', 'ROLLBACK'])
    })

    it('because the connection is closed leaves every object as it was', () => {
      const { author, bob } = prepare()
      db.close()
      expect(raised(() => session.flush())).toBeInstanceOf(ConnectionClosedError)

      expect(session.stateOf(author)).toBe('pending')
      expect(session.changes(bob)).toEqual({ name: ['Bob', 'Robert'] })
    })

    it('because the connection breaks half way leaves every object as it was', () => {
      const broken = new Session(breakingOnceAt(db, 'UPDATE'))
      const bob = broken.get(User, 2)
      const author = dan()
      broken.add(author)
      bob.name = 'Robert'
      expect(raised(() => broken.flush())).toBeInstanceOf(DatabaseError)
      expect(broken.stateOf(author)).toBe('pending')
      expect(author.id).toBeUndefined()

      broken.commit()
      expect(rowsOf(db, 'id, name', 'users').slice(1)).toEqual([
        [2, 'Robert'],
        [3, 'Carol'],
        [4, 'Dan'],
      ])
    })

    it('at BEGIN has done nothing', () => {
      const broken = new Session(breakingOnceAt(db, 'BEGIN'))
      const author = dan()
      broken.add(author)
      expect(raised(() => broken.flush())).toBeInstanceOf(DatabaseError)
      expect(broken.stateOf(author)).toBe('pending')

      broken.commit()
      expect(rowsOf(db, 'id', 'users')).toHaveLength(4)
    })

    it('at COMMIT counts as if the flush had failed', () => {
      const stubborn = new Session(breakingOnceAt(db, 'COMMIT'))
      const author = dan()
      const tag = stubborn.get(Tag, 3)
      stubborn.add(author)
      stubborn.delete(tag)
      expect(raised(() => stubborn.commit())).toBeInstanceOf(DatabaseError)
      expect(stubborn.stateOf(author)).toBe('pending')
      expect(author.id).toBeUndefined()
      expect(stubborn.contains(tag)).toBe(true)
      expect(rowsOf(db, 'id', 'users')).toHaveLength(3)

      stubborn.commit()
      expect(rowsOf(db, 'id', 'users')).toHaveLength(4)
      expect(rowsOf(db, 'id', 'tags')).toHaveLength(2)
    })

    it('at COMMIT because a check was put off until then', () => {
      db.exec(
        'CREATE TABLE late (user_id INTEGER REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED); CREATE TRIGGER later AFTER INSERT ON tags BEGIN INSERT INTO late VALUES (99); END',
      )
      const tag = new Tag({ name: 'late' })
      session.add(tag)
      expect(raised(() => session.commit())).toBeInstanceOf(ForeignKeyViolation)

      expect(session.stateOf(tag)).toBe('pending')
      expect(rowsOf(db, 'id', 'tags')).toHaveLength(3)
    })
  })

  it('gives back a new object with its values, also in a weak session', () => {
    ;({ db, session } = open({ identity: 'weak' }))
    const author = dan()
    session.add(author)
    session.flush()
    session.rollback()

    expect([author.id, author.name, author.email]).toEqual([undefined, 'Dan', 'dan@example.com'])
    session.add(author)
    session.commit()
    expect(rowsOf(db, 'id, name', 'users').at(-1)).toEqual([4, 'Dan'])
  })

  it('holds what was written until the transaction ends, also in a weak session, and not what was only read', async () => {
    ;({ db, session } = open({ identity: 'weak' }))
    const rename = () => {
      session.get(User, 2).name = 'Robert'
    }
    rename()
    session.flush()
    session.query(Post).all()
    await collectGarbage(db)
    expect(isForgotten(db, () => session.find(Post, 1))).toBe(true)
    expect(isForgotten(db, () => session.find(User, 2))).toBe(false)
    session.rollback()

    expect(session.get(User, 2).name).toBe('Bob')
  })

  describe('a row that is not as it was', () => {
    const stored = () => {
      const draft = new Draft({ title: 'Old' })
      session.add(draft)
      session.commit()
      return loaded(db, draft)
    }

    it('refuses an update from an old copy', () => {
      const draft = stored()
      db.run("UPDATE drafts SET title = 'Theirs', version = 2")
      draft.title = 'Mine'
      const error = raised(() => session.flush())

      expect(error).toBeInstanceOf(StaleObjectError)
      expect((error as Error).message).toContain('UPDATE of Draft#1 met no row with version 1')
      expect(rowsOf(db, 'title', 'drafts')).toEqual([['Theirs']])
    })

    it('refuses to delete what somebody else has changed', () => {
      const draft = stored()
      db.run("UPDATE drafts SET title = 'Theirs', version = 2")
      session.delete(draft)

      expect(raised(() => session.flush())).toBeInstanceOf(StaleObjectError)
      expect(rowsOf(db, 'title', 'drafts')).toEqual([['Theirs']])
    })

    it('says so when a row is not there any more', () => {
      const tag = session.get(Tag, 3)
      db.run('DELETE FROM tags WHERE id = 3')
      tag.name = 'ts'
      const error = raised(() => session.flush())

      expect(error).toBeInstanceOf(LostRowError)
      expect((error as Error).message).toContain('UPDATE of Tag#3 met no row')
      expect((error as Error).message).toContain(
        "▶   1  persistent  Tag#3  update  name: 'typescript' → 'ts'",
      )
    })
  })

  describe('hooks', () => {
    const calls: string[] = []
    const models = new Registry()
    class Hooked extends entity(
      'hooked',
      { id: t.integer().primaryKey(), name: t.text(), slug: t.text().nullable() },
      { registry: models },
    ) {
      override beforeSave() {
        this.slug = this.name.toLowerCase()
        calls.push(`beforeSave ${this.name}`)
      }
      override beforeCreate() {
        calls.push('beforeCreate')
      }
      override afterCreate() {
        calls.push(`afterCreate ${this.id}`)
        if (this.name === 'Late') throw new Error('too late')
      }
      override beforeUpdate() {
        calls.push('beforeUpdate')
      }
      override afterSave() {
        calls.push('afterSave')
      }
      override beforeDelete() {
        if (this.name === 'Keep') throw new Error('not this one')
        calls.push('beforeDelete')
      }
      override afterDelete() {
        calls.push('afterDelete')
      }
    }

    beforeEach(() => {
      models.createAll(db)
      calls.length = 0
      db.forget()
    })

    const stored = (name: string) => {
      const object = new Hooked({ name })
      session.add(object)
      session.commit()
      calls.length = 0
      return loaded(db, object)
    }

    it('run around the write, and what they change is written with it', () => {
      session.add(new Hooked({ name: 'Ann' }))
      session.flush()

      expect(calls).toEqual(['beforeSave Ann', 'beforeCreate', 'afterCreate 1', 'afterSave'])
      expect(rowsOf(db, 'name, slug', 'hooked')).toEqual([['Ann', 'ann']])
    })

    it('that have given a new object another parent give it back when the flush fails', () => {
      const [author, other] = [dan(), dan('carol@example.com')]
      const post = new Post({ title: 'Hello', author })
      const hook = { beforeCreate: () => Object.assign(post, { author: other }) }
      Object.assign(post, hook)
      session.add(post)
      expect(raised(() => session.flush())).toBeInstanceOf(UniqueViolation)
      expect(post.author).toBe(author)
      expect(author.posts.includes(post)).toBe(true)

      Object.assign(post, { beforeCreate: () => undefined })
      session.commit()
      expect(rowsOf(db, 'user_id', 'posts').at(-1)).toEqual([author.id])
    })

    it('of an update and a delete run too, and none when nothing is written', () => {
      const ann = stored('Ann')
      session.flush()
      expect(calls).toEqual([])

      ann.name = 'Anna'
      session.commit()
      session.delete(ann)
      session.commit()
      expect(calls).toEqual([
        'beforeSave Anna',
        'beforeUpdate',
        'afterSave',
        'beforeDelete',
        'afterDelete',
      ])
    })

    it('that throw before the write stop everything, and nothing is sent', () => {
      const keep = stored('Keep')
      session.add(dan())
      session.delete(keep)

      expect((raised(() => session.flush()) as Error).message).toContain('not this one')
      expect(db).toHaveSentCount(0)
      expect(session.deleted).toEqual([keep])
    })

    it('that throw after the write take it back, with what they have changed', () => {
      const late = new Hooked({ name: 'Late' })
      session.add(late)

      expect((raised(() => session.flush()) as Error).message).toContain('too late')
      expect([late.id, late.slug]).toEqual([undefined, null])
      expect(session.new).toEqual([late])
      expect(rowsOf(db, '*', 'hooked')).toEqual([])
    })

    it('that throw after the write take it back in a weak session as well', () => {
      ;({ db, session } = open({ identity: 'weak' }))
      models.createAll(db)
      const late = new Hooked({ name: 'Late' })
      session.add(late)

      expect((raised(() => session.flush()) as Error).message).toContain('too late')
      expect([late.id, late.name, late.slug]).toEqual([undefined, 'Late', null])
    })

    it('must not be asynchronous', () => {
      class Async extends entity(
        'asyncs',
        { id: t.integer().primaryKey() },
        { registry: new Registry() },
      ) {
        override async beforeSave() {}
      }
      session.add(new Async({}))

      expect(raised(() => session.flush())).toBeInstanceOf(AsyncHookError)
    })

    it('of the session may add objects to the flush', () => {
      session.on('beforeFlush', (flushing) => {
        for (const object of flushing.new)
          if (object instanceof User) flushing.add(new Tag({ name: `by ${object.name}` }))
      })
      session.add(dan())
      session.commit()

      expect(rowsOf(db, 'name', 'tags').map(String)).toContain('by Dan')
    })

    it('of the session that throw after the write take it back, and all of it can be written again', () => {
      let isTooLate = true
      session.on('afterFlush', () => {
        if (isTooLate) throw new Error('too late')
      })
      const author = dan()
      const post = new Post({ title: 'Hello', author })
      session.add(post)
      expect((raised(() => session.flush()) as Error).message).toContain('too late')
      expect([session.stateOf(author), author.id, post.userId]).toEqual([
        'pending',
        undefined,
        undefined,
      ])
      expect(session.find(User, 4)).toBeUndefined()
      expect(rowsOf(db, 'id', 'users')).toHaveLength(3)

      isTooLate = false
      session.commit()
      expect(rowsOf(db, 'id, user_id', 'posts').at(-1)).toEqual([4, author.id])
    })

    it('tell of the end of a flush and of a commit', () => {
      const events: string[] = []
      for (const event of ['beforeFlush', 'afterFlush', 'afterCommit', 'afterRollback'] as const)
        session.on(event, () => events.push(event))
      session.add(dan())
      session.commit()
      session.add(dan('x@example.com'))
      session.flush()
      session.rollback()

      expect(events).toEqual([
        'beforeFlush',
        'afterFlush',
        'afterCommit',
        'beforeFlush',
        'afterFlush',
        'afterRollback',
      ])
    })

    it('must not flush', () => {
      session.on('beforeFlush', (flushing) => flushing.flush())
      session.add(dan())
      const error = raised(() => session.flush())

      expect(error).toBeInstanceOf(SessionBusyError)
      expect((error as Error).message).toContain('hook')
    })

    it('that never come to an end are stopped', () => {
      const registry = new Registry()
      class Rabbit extends entity('rabbits', { id: t.integer().primaryKey() }, { registry }) {
        override beforeCreate() {
          session.add(new Rabbit({}))
        }
      }
      session.add(new Rabbit({}))

      expect(raised(() => session.flush())).toBeInstanceOf(EndlessHooksError)
      expect(session.new).toHaveLength(1)
    })
  })
})
