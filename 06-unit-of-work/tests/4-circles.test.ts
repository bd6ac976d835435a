import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import { entity, FlushOrderError, Registry, type Session, t } from '#stage/06-unit-of-work'
import {
  Chicken,
  Comment,
  Egg,
  loaded,
  open,
  Player,
  Post,
  Profile,
  rowsOf,
  Seat,
  Tag,
  Team,
  Ticket,
  User,
} from './models.ts'
import { exchange } from './places.ts'
import { planned, plannedInShort } from './planned.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

function newTeam() {
  const team = new Team({ name: 'Reds' })
  const captain = new Player({ name: 'Ann', team })
  team.captain = captain
  session.add(team)
  return { team, captain }
}

describe('Task 4: break a circle', () => {
  it('inserts a row with an empty foreign key, and fills it in when both rows are there', () => {
    newTeam()

    expect(plannedInShort(session)).toEqual(['INSERT teams', 'INSERT players', 'UPDATE teams'])
  })

  it('leaves open the foreign key that may be NULL, whichever comes first', () => {
    const { team, captain } = newTeam()
    session.clear()
    session.add(captain, team)

    expect(plannedInShort(session)).toEqual(['INSERT teams', 'INSERT players', 'UPDATE teams'])
  })

  it('fills in a foreign key that points to its own row', () => {
    const comment = new Comment({ body: 'me', postId: 1 })
    comment.parent = comment
    session.add(comment)

    expect(plannedInShort(session)).toEqual(['INSERT comments', 'UPDATE comments'])
  })

  it('breaks every circle of a flush', () => {
    for (let i = 0; i < 50; i++) newTeam()

    expect(plannedInShort(session)).toHaveLength(150)
  })

  it('opens two rows that point to each other before it deletes them', () => {
    db.exec(
      "INSERT INTO teams (id, name) VALUES (1, 'Reds'); INSERT INTO players VALUES (1, 'Ann', 1); UPDATE teams SET captain_id = 1",
    )
    session.delete(session.get(Team, 1))
    session.delete(session.get(Player, 1))

    expect(plannedInShort(session)).toEqual(['UPDATE teams', 'DELETE players', 'DELETE teams'])
  })

  it('lets a foreign key go while the value that it points to is changed, and takes it up again', () => {
    db.exec("INSERT INTO seats VALUES (1, 10, 'a'); INSERT INTO tickets VALUES (1, 10)")
    session.get(Seat, 1).number = 11
    session.get(Ticket, 1).seatNumber = 11

    expect(planned(session)).toEqual([
      'UPDATE tickets SET seat_number = ? WHERE id = ?   -- NULL, 1',
      'UPDATE seats SET number = ? WHERE id = ?   -- 11, 1',
      'UPDATE tickets SET seat_number = ? WHERE id = ?   -- 11, 1',
    ])
  })

  it('opens it where a value is let go, whichever of the two rows of a table comes first', () => {
    class Branch extends entity(
      'branches',
      {
        id: t.integer().primaryKey(),
        code: t.text().unique(),
        above: t
          .text()
          .nullable()
          .references(() => Branch.c.code),
      },
      { registry: new Registry() },
    ) {}
    db.exec('CREATE TABLE branches (id INTEGER PRIMARY KEY, code TEXT UNIQUE, above TEXT)')
    db.exec("INSERT INTO branches VALUES (1, 'sub', 'top'), (2, 'top', NULL)")
    const [below, above] = [session.get(Branch, 1), session.get(Branch, 2)]
    ;[below.above, above.code] = ['TOP', 'TOP']

    expect(planned(session)).toEqual([
      'UPDATE branches SET above = ? WHERE id = ?   -- NULL, 1',
      "UPDATE branches SET code = ? WHERE id = ?   -- 'TOP', 2",
      "UPDATE branches SET above = ? WHERE id = ?   -- 'TOP', 1",
    ])
  })

  describe('of unique values', () => {
    it('parks one of two that are swapped', () => {
      const [sql, orm] = [session.get(Tag, 1), session.get(Tag, 2)]
      ;[sql.name, orm.name] = [orm.name, sql.name]

      expect(plannedInShort(session)).toEqual(['UPDATE tags', 'UPDATE tags', 'UPDATE tags'])
    })

    it('parks on NULL where that is allowed', () => {
      db.exec("INSERT INTO seats VALUES (1, 10, 'a'), (2, 20, 'b')")
      const [one, two] = [session.get(Seat, 1), session.get(Seat, 2)]
      ;[one.badge, two.badge] = [two.badge, one.badge]

      expect(session.explain()).toContain('NULL')
      expect(plannedInShort(session)).toEqual(['UPDATE seats', 'UPDATE seats', 'UPDATE seats'])
    })

    it('turns three round', () => {
      const [a, b, c] = session.query(Tag).all() as [Tag, Tag, Tag]
      ;[a.name, b.name, c.name] = [b.name, c.name, a.name]

      expect(plannedInShort(session)).toHaveLength(4)
    })

    it('parks the value of a row that is deleted only after its children have moved to the new row', () => {
      const old = session.get(User, 2)
      const heir = new User({ name: 'Bob II', email: old.email })
      for (const post of session.query(Post).all()) {
        if (post.userId === 2) post.author = heir
        if (post.editorId === 2) post.editor = heir
      }
      session.add(heir)
      session.delete(old)

      const statements = plannedInShort(session)
      expect(statements.slice(0, 2)).toEqual(['UPDATE users', 'INSERT users'])
      expect(statements.at(-1)).toBe('DELETE users')
    })
  })

  it('takes a detour before the change that it makes way for, also when a row is part of several circles', () => {
    exchange(db, session, {
      fates: ['is replaced', 'stays', 'stays', 'stays', 'stays'],
      number: [1, 4, 0, 3, 2],
      letter: [4, 0, 2, 1, 3],
      code: [4, 1, 0, 3, 2],
      nextBefore: [5, 5, 0, 5, 5],
      nextAfter: [5, 5, 5, 5, 5],
      order: [1, 3, 2, 0, 4],
    })
    const lines = planned(session)
    const end = lines.findIndex((line) => line.startsWith('DELETE'))

    expect(lines[end]).toContain('-- 1')
    expect(lines.slice(end).filter((line) => /^UPDATE.*, 1$/.test(line))).toEqual([])
  })

  describe('of what cannot be parked', () => {
    it('a key: the circle is opened at another place', () => {
      const [old, answer] = [session.get(Comment, 1), session.get(Comment, 2)]
      const twin = new Comment({ id: 1, body: 'twin', postId: 1 })
      session.add(twin)
      answer.parent = new Comment({ body: 'between', postId: 1, parent: twin })
      session.delete(old)

      expect(plannedInShort(session)).toHaveLength(5)
      expect(planned(session).filter((line) => line.includes('SET id'))).toEqual([])
    })

    it('a foreign key that may not be NULL: no made-up key exists', () => {
      db.run("INSERT INTO profiles VALUES (2, 'Bob', NULL, 2)")
      const [one, two] = [session.get(Profile, 1), session.get(Profile, 2)]
      ;[one.userId, two.userId] = [two.userId, one.userId]

      expect(raised(() => session.explain())).toBeInstanceOf(FlushOrderError)
    })

    it('a type for which nobody can make up a value that no row has', () => {
      class Medal extends entity(
        'medals',
        { id: t.integer().primaryKey(), rank: t.enum('gold', 'silver').unique() },
        { registry: new Registry() },
      ) {}
      db.exec('CREATE TABLE medals (id INTEGER PRIMARY KEY, rank TEXT UNIQUE)')
      db.exec("INSERT INTO medals VALUES (1, 'gold'), (2, 'silver')")
      const [one, two] = [session.get(Medal, 1), session.get(Medal, 2)]
      ;[one.rank, two.rank] = [two.rank, one.rank]

      expect(raised(() => session.explain())).toBeInstanceOf(FlushOrderError)
    })
  })

  it('names a circle that nothing can open', () => {
    const chicken = new Chicken({})
    chicken.egg = new Egg({ chicken })
    session.add(chicken)
    const error = raised(() => session.explain())

    expect(error).toBeInstanceOf(FlushOrderError)
    expect((error as Error).message).toMatch(
      /insert new (Chicken|Egg) → insert new (Chicken|Egg) → insert new (Chicken|Egg)/,
    )
    expect((error as Error).message).toContain('nullable')
  })

  it('is only a plan so far: no object was changed', () => {
    const { team } = newTeam()
    loaded(db, team)
    session.explain()

    expect(team.captainId).toBeUndefined()
    expect(session.stateOf(team)).toBe('pending')
    expect(rowsOf(db, '*', 'teams')).toEqual([])
  })
})
