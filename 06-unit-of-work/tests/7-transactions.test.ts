import { beforeEach, describe, expect, it } from 'vitest'
import { DatabaseError, ForeignKeyViolation, UniqueViolation } from '#shared/driver/errors'
import type { RecordedConnection } from '#shared/driver/recorder'
import { AsyncTransactionError } from '#shared/driver/transaction'
import { raised } from '#shared/testing/raised'
import { Session, SessionBusyError, TransactionLostError } from '#stage/06-unit-of-work'
import { breakingOnceAt } from './breaking.ts'
import { tryPrograms } from './model.ts'
import { Comment, loaded, open, Post, Profile, rowsOf, Tag, User } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

const tag = (name: string) => {
  const made = new Tag({ name })
  session.add(made)
  return made
}

const stop = (): never => {
  throw new Error('stop')
}

const names = () => rowsOf(db, 'id, name', 'tags').map(([, name]) => name)

/** How many statements with this verb were sent. */
const sent = (verb: string) => db.statements.filter(({ sql }) => sql.startsWith(verb)).length

describe('Task 7: transactions in transactions', () => {
  it('commits what a function does', () => {
    const user = loaded(db, session.get(User, 1))
    const result = session.transaction(() => {
      user.name = 'Alicia'
      return 'done'
    })

    expect(result).toBe('done')
    expect(db.statements.map(({ sql }) => sql.split(' ')[0])).toEqual([
      'BEGIN',
      'SAVEPOINT',
      'UPDATE',
      'RELEASE',
      'COMMIT',
    ])
  })

  it('takes everything back when the function throws, and lets the error through', () => {
    const user = session.get(User, 1)
    const error = raised(() =>
      session.transaction(() => {
        user.name = 'Alicia'
        tag('new')
        session.flush()
        stop()
      }),
    )

    expect((error as Error).message).toBe('stop')
    expect(user.name).toBe('Alice')
    expect(names()).not.toContain('new')
  })

  it('is a savepoint inside another one, which goes on without what the inner one did', () => {
    const user = session.get(User, 1)
    session.transaction(() => {
      user.name = 'Alicia'
      const inner = raised(() =>
        session.transaction(() => {
          user.name = 'Nobody'
          tag('inner')
          session.flush()
          stop()
        }),
      )
      expect((inner as Error).message).toBe('stop')
      expect(user.name).toBe('Alicia')
      tag('outer')
    })

    expect(names()).toEqual(['sql', 'orm', 'typescript', 'outer'])
    expect(rowsOf(db, 'id, name', 'users')[0]).toEqual([1, 'Alicia'])
    expect(sent('SAVEPOINT')).toBe(sent('RELEASE'))
  })

  it('a flush in an open transaction that fails takes back only itself', () => {
    const bob = session.get(User, 2)
    bob.name = 'Robert'
    session.flush()
    session.add(new User({ name: 'Dan', email: 'carol@example.com' }))
    expect(raised(() => session.flush())).toBeInstanceOf(UniqueViolation)
    session.expunge(session.new[0]!)
    session.commit()

    expect(rowsOf(db, 'name', 'users').map(String)).toContain('Robert')
  })

  it('goes three deep, and memory follows each level', () => {
    const user = session.get(User, 1)
    const made: Tag[] = []
    session.transaction(() => {
      user.name = 'one'
      made.push(tag('one'))
      raised(() =>
        session.transaction(() => {
          user.name = 'two'
          made.push(tag('two'))
          session.transaction(() => {
            user.name = 'three'
            made.push(tag('three'))
          })
          expect(session.changes(user)).toEqual({})
          expect(rowsOf(db, 'id, name', 'users')[0]).toEqual([1, 'three'])
          stop()
        }),
      )
      expect(user.name).toBe('one')
    })

    expect(made.map((one) => session.stateOf(one))).toEqual([
      'persistent',
      'transient',
      'transient',
    ])
    expect(made.map((one) => one.id)).toEqual([4, undefined, undefined])
    expect(rowsOf(db, 'id, name', 'users')[0]).toEqual([1, 'one'])
  })

  it('gives a row back that an inner level has deleted', () => {
    const profile = session.get(Profile, 1)
    session.transaction(() => {
      raised(() =>
        session.transaction(() => {
          session.delete(profile)
          session.flush()
          expect(session.stateOf(profile)).toBe('deleted')
          stop()
        }),
      )
    })

    expect(session.stateOf(profile)).toBe('persistent')
    expect(session.find(Profile, 1)).toBe(profile)
    expect(rowsOf(db, 'id', 'profiles')).toEqual([[1]])
  })

  it('undoes an inner level that had succeeded when the outer one fails', () => {
    const made: Tag[] = []
    raised(() =>
      session.transaction(() => {
        session.transaction(() => made.push(tag('inner')))
        expect(made[0]!.id).toBe(4)
        stop()
      }),
    )

    expect(session.stateOf(made[0]!)).toBe('transient')
    expect(made[0]!.id).toBeUndefined()
    expect(names()).toHaveLength(3)
  })

  it('gives the objects the values that they had at its beginning, level by level', () => {
    const bob = session.get(User, 2)
    const seen: string[] = []
    const level = (name: string, inside: () => void) =>
      raised(() =>
        session.transaction(() => {
          bob.name = name
          session.flush()
          inside()
          seen.push(bob.name)
          stop()
        }),
      )
    level('one', () => level('two', () => level('three', () => {})))

    expect(seen).toEqual(['three', 'two', 'one'])
    expect(bob.name).toBe('Bob')
    expect(session.dirty).toEqual([])
  })

  it('follows the database when an error ends the transaction by itself', () => {
    db.exec(
      "CREATE TRIGGER strict BEFORE INSERT ON tags WHEN NEW.name = 'worst' BEGIN SELECT RAISE(ROLLBACK, 'all of it'); END",
    )
    const made: Tag[] = []
    const error = raised(() =>
      session.transaction(() => {
        made.push(tag('one'))
        session.flush()
        raised(() => session.transaction(() => made.push(tag('worst'))))
        made.push(tag('two'))
      }),
    )

    expect(error).toBeInstanceOf(TransactionLostError)
    expect(made.map((one) => [session.stateOf(one), one.id])).toEqual([
      ['transient', undefined],
      ['transient', undefined],
      ['transient', undefined],
    ])
    session.transaction(() => tag('three'))
    expect(names()).toEqual(['sql', 'orm', 'typescript', 'three'])
  })

  it('that cannot begin leaves everything as it was', () => {
    const made = tag('new')
    db.exec('BEGIN')
    expect(raised(() => session.transaction(() => tag('never')))).toBeInstanceOf(DatabaseError)
    db.exec('ROLLBACK')

    expect(session.new).toEqual([made])
    session.commit()
    expect(names()).toEqual(['sql', 'orm', 'typescript', 'new'])
  })

  it('fails when its last flush fails', () => {
    const error = raised(() => session.transaction(() => tag('sql')))

    expect(error).toBeInstanceOf(UniqueViolation)
    expect(session.new).toEqual([])
    expect(names()).toHaveLength(3)
    session.transaction(() => tag('again'))
    expect(names()).toContain('again')
  })

  it('is rolled back when the database refuses its COMMIT, and the next one begins anew', () => {
    db.exec(
      'CREATE TABLE late (user_id INTEGER REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED); CREATE TRIGGER later AFTER INSERT ON tags BEGIN INSERT INTO late VALUES (99); END',
    )
    const error = raised(() => session.transaction(() => tag('late')))
    expect(error).toBeInstanceOf(ForeignKeyViolation)
    expect(names()).toHaveLength(3)

    db.exec('DROP TRIGGER later')
    session.transaction(() => tag('again'))
    expect(sent('BEGIN')).toBe(2)
    expect(names()).toContain('again')
  })

  it('whose RELEASE fails is rolled back alone', () => {
    const stubborn = new Session(breakingOnceAt(db, 'RELEASE'))
    stubborn.transaction(() => {
      stubborn.add(new Tag({ name: 'late' }))
      expect(raised(() => stubborn.flush())).toBeInstanceOf(DatabaseError)
      expect(stubborn.new).toHaveLength(1)
    })

    expect(sent('ROLLBACK TO')).toBe(1)
    expect(names()).toEqual(['sql', 'orm', 'typescript', 'late'])
  })

  it('refuses a promise: nothing could wait for it', () => {
    const error = raised(() => session.transaction(async () => void tag('later')))

    expect(error).toBeInstanceOf(AsyncTransactionError)
    expect(names()).not.toContain('later')
  })

  it('ends where its function ends, and not by commit, rollback or close inside', () => {
    for (const end of ['commit', 'rollback', 'close'] as const) {
      const error = raised(() => session.transaction(() => session[end]()))
      expect(error).toBeInstanceOf(SessionBusyError)
    }
  })

  describe('rollback', () => {
    it('makes what was inserted transient again, without the key', () => {
      const made = tag('new')
      session.flush()
      expect(made.id).toBe(4)
      session.rollback()

      expect(session.stateOf(made)).toBe('transient')
      expect(made.id).toBeUndefined()
      expect(session.find(Tag, 4)).toBeUndefined()
      session.add(made)
      session.commit()
      expect(names()).toContain('new')
    })

    it('gives back what was deleted and what was changed, flushed or not', () => {
      const [post, user] = [session.get(Post, 3), session.get(User, 1)]
      session.delete(post)
      user.name = 'Alicia'
      session.flush()
      user.name = 'Nobody'
      user.joinedAt.setUTCFullYear(1999)
      session.rollback()

      expect(session.find(Post, 3)).toBe(post)
      expect(user.name).toBe('Alice')
      expect(user.joinedAt.getUTCFullYear()).toBe(2026)
      expect([session.new, session.dirty, session.deleted]).toEqual([[], [], []])
    })

    it('without a transaction forgets what was not flushed, and sends nothing', () => {
      const user = loaded(db, session.get(User, 1))
      const made = tag('new')
      user.name = 'Alicia'
      session.rollback()

      expect(user.name).toBe('Alice')
      expect(session.stateOf(made)).toBe('transient')
      session.flush()
      expect(db).toHaveSentCount(0)
    })

    it('forgets what collections had learnt', () => {
      const [alice, post] = [session.get(User, 1), session.get(Post, 3)]
      expect(alice.posts.length).toBe(2)
      alice.posts.add(post)
      session.flush()
      session.rollback()

      expect(alice.posts.length).toBe(2)
      expect(post.userId).toBe(2)
    })
  })

  it('reads again what was read inside and may be gone', () => {
    const carol = session.get(User, 3)
    session.delete(carol)
    db.run('UPDATE comments SET user_id = 3 WHERE id = 1')
    session.flush()
    const comment = session.get(Comment, 1)
    expect(comment.userId).toBeNull()
    session.rollback()

    expect(comment.userId).toBe(3)
    expect(session.isDirty(comment)).toBe(false)
  })

  it('is rolled back when the session is closed', () => {
    const made = tag('new')
    session.flush()
    session.close()

    expect(names()).toHaveLength(3)
    expect(session.stateOf(made)).toBe('transient')
  })

  it('leaves the database equal to a plain model, whatever a program does', tryPrograms, 120_000)
})
