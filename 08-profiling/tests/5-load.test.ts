import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '#shared/driver/driver'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  belongsTo,
  type Collection,
  entity,
  hasMany,
  NotLoadedError,
  Session,
  t,
} from '#stage/08-profiling'
import { Comment, Employee, Manager, open, Person, Post, User } from './models.ts'
import { openRandomBlog, seen } from './random-blog.ts'

setFlagsFromString('--expose-gc')
const collectNow = runInNewContext('gc') as () => void

/** Its key is no number: each row that is read brings bytes of its own. */
class Sensor extends entity('sensors', {
  id: t.blob().primaryKey({ generated: false }),
  readings: () => hasMany(Reading),
}) {}

class Reading extends entity('readings', {
  id: t.integer().primaryKey(),
  value: t.integer(),
  sensorId: t.blob().references(() => Sensor.c.id),
  sensor: () => belongsTo(Sensor),
}) {}

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open({ lazy: 'peers' }))
})

/** Every user, and a recording that is empty. */
function users(): User[] {
  const found = session
    .query(User)
    .orderBy((u) => u.id)
    .all()
  db.forget()
  return found
}

const titles = (posts: Collection<Post>) => posts.map(({ title }) => title).sort()

/** The same database, as one that takes only so many parameters. */
const withRoomFor = (maxParameters: number): Connection => ({
  dialect: { ...db.dialect, maxParameters },
  all: (...statement) => db.all(...statement),
  get: (...statement) => db.get(...statement),
  values: (...statement) => db.values(...statement),
  run: (...statement) => db.run(...statement),
  exec: (script) => db.exec(script),
  close: () => db.close(),
})

/** The keys that the last statement asked for, each once. */
const keysAsked = () => [...new Set(db.statements.at(-1)?.parameters)].sort()

describe('Task 5: load for all peers', () => {
  it('gives each user the posts of that user', () => {
    const posts = users().map((user) => titles(user.posts))

    expect(posts).toEqual([['My First Post', 'My Second Post'], ['Notes on Joins'], []])
  })

  it('loads the posts of all users at the touch of the first', () => {
    const [alice, bob] = users()
    const posts = [titles(alice!.posts), titles(bob!.posts)]

    expect(posts).toEqual([['My First Post', 'My Second Post'], ['Notes on Joins']])
    expect(db).toHaveSent(['SELECT posts'])
    expect(keysAsked()).toEqual([1, 2, 3])
  })

  it('tells those who have none as well: they do not ask again', () => {
    const found = users()
    for (const user of found) user.posts.length

    expect(found.at(-1)?.posts.length).toBe(0)
    expect(db).toHaveSent(['SELECT posts'])
  })

  it('does so whoever is touched first', () => {
    const [alice, bob, carol] = users()

    expect(titles(carol!.posts)).toEqual([])
    expect(titles(alice!.posts)).toEqual(['My First Post', 'My Second Post'])
    expect(titles(bob!.posts)).toEqual(['Notes on Joins'])
    expect(db).toHaveSentCount(1)
  })

  it('loads the one object of each, and null where there is none', () => {
    const found = users()

    expect(found.map(({ profile }) => profile?.website)).toEqual([
      'https://alice.example.com',
      undefined,
      undefined,
    ])
    expect(found.map(({ profile }) => profile === null)).toEqual([false, true, true])
    expect(db).toHaveSent(['SELECT profiles'])
  })

  it('asks for each key once, and for none that is null', () => {
    const posts = session.query(Post).all()
    db.forget()
    const editors = posts.map(({ editor }) => editor?.name)

    expect(editors).toEqual([undefined, 'Bob', 'Alice'])
    expect(db).toHaveSent(['SELECT users'])
    expect(keysAsked()).toEqual([1, 2])
  })

  it('goes through a junction too', () => {
    const posts = session.query(Post).all()
    db.forget()

    expect(posts.map(({ tags }) => tags.length)).toEqual([1, 2, 0])
    expect(db).toHaveSent(['SELECT tags'])
  })

  it('goes on with what was loaded in this way: one statement for each level', () => {
    const bodies = users().flatMap((user) =>
      user.posts.toArray().flatMap((post) => post.comments.map(({ body }) => body)),
    )

    expect(bodies.sort()).toEqual(['Thank you, Bob.', 'Welcome!', 'Which objects?'])
    expect(db).toHaveSent(['SELECT posts', 'SELECT comments'])
  })

  it('gives objects of the session, and tells them who they belong to', () => {
    const post = session.get(Post, 3)
    const [, bob] = users()

    expect(bob!.posts.at(0)).toBe(post)
    db.forget()
    expect(post.author).toBe(bob)
    expect(db).toHaveSentCount(0)
  })

  describe('who is no peer', () => {
    it('is an object that came alone', () => {
      const carol = session.get(User, 3)
      const [alice] = session
        .query(User)
        .where((u) => u.id.lt(3))
        .all()
      db.forget()
      expect(carol.posts.length).toBe(0)
      expect(db.statements.map(({ parameters }) => parameters)).toEqual([[3]])

      expect(alice!.posts.length).toBe(2)
      expect(keysAsked()).toEqual([1, 2])
    })

    it('is an object of another result', () => {
      const [alice] = session
        .query(User)
        .where((u) => u.id.lt(3))
        .all()
      session
        .query(User)
        .where((u) => u.id.gt(2))
        .all()
      db.forget()
      expect(alice!.posts.length).toBe(2)

      expect(keysAsked()).toEqual([1, 2])
    })

    it('is everybody, in a session that loads for one', () => {
      const one = new Session(db)
      const found = one.query(User).all()
      db.forget()
      for (const user of found) user.posts.length

      expect(db).toHaveSentCount(3)
      const peers = users()
      for (const user of peers) user.posts.length
      expect(db).toHaveSentCount(1)
    })
  })

  it('takes an object that is read again for a peer of those that it comes with', () => {
    session.get(User, 1)
    const found = users()
    for (const user of found) user.posts.length

    expect(db).toHaveSentCount(1)
  })

  describe('leaves in peace', () => {
    it('what is loaded already', () => {
      const [alice, bob] = users()
      session.load([alice!], { posts: true })
      db.forget()
      expect(bob!.posts.length).toBe(1)

      expect(keysAsked()).toEqual([2, 3])
      expect(alice!.posts.length).toBe(2)
      expect(db).toHaveSentCount(1)
    })

    it('those of whom is known that they have nothing', () => {
      const [alice, bob, carol] = users()
      session.load([carol!], { posts: true })
      db.forget()
      expect(alice!.posts.length).toBe(2)

      expect(keysAsked()).toEqual([1, 2])
      expect([bob!.posts.length, carol!.posts.length]).toEqual([1, 0])
      expect(db).toHaveSentCount(1)
    })

    it('those of whom is known that they have nobody', () => {
      const [alice, bob, carol] = users()
      session.load([carol!], { profile: true })
      db.forget()
      expect(alice!.profile?.id).toBe(1)

      expect(keysAsked()).toEqual([1, 2])
      expect([bob!.profile, carol!.profile]).toEqual([null, null])
      expect(db).toHaveSentCount(1)
    })

    it('a part that was asked for', () => {
      const found = session
        .query(User)
        .where((u) => u.id.eq(1))
        .with({ posts: (posts) => posts.where((p) => p.title.eq('My First Post')) })
        .all()
      const [, bob] = users()
      expect(bob!.posts.length).toBe(1)

      expect(titles(found[0]!.posts)).toEqual(['My First Post'])
    })

    it('what the program has assigned and not stored', () => {
      const posts = session
        .query(Post)
        .orderBy((p) => p.id)
        .all()
      const dave = new User({ name: 'Dave', email: 'dave@example.com' })
      posts[0]!.author = dave
      db.forget()
      expect(posts[2]!.author.name).toBe('Bob')

      expect(posts[0]!.author).toBe(dave)
      expect(posts[1]!.author.name).toBe('Alice')
      expect(db).toHaveSentCount(1)
    })

    it('what was added to a collection and not stored', () => {
      const [alice, bob] = users()
      const post = new Post({ title: 'New', userId: 2 })
      bob!.posts.add(post)
      expect(alice!.posts.length).toBe(2)

      expect(titles(bob!.posts)).toEqual(['New', 'Notes on Joins'])
    })

    it('objects that have expired: each would be read first', () => {
      const [alice, bob, carol] = users()
      session.expire(bob!)
      session.expire(carol!)
      expect(alice!.posts.length).toBe(2)

      expect(db).toHaveSent(['SELECT posts'])
      expect(bob!.posts.length).toBe(1)
    })

    it('strict objects, which have to be asked for', () => {
      session
        .query(User)
        .where((u) => u.id.eq(2))
        .strict()
        .all()
      const [alice, bob] = users()
      expect(alice!.posts.length).toBe(2)

      expect(raised(() => bob!.posts.length)).toBeInstanceOf(NotLoadedError)
    })

    it('objects that the session does not have any more', () => {
      const [alice, bob] = users()
      session.expunge(bob!)
      expect(alice!.posts.length).toBe(2)

      expect(keysAsked()).toEqual([1, 3])
    })

    it('objects whose class has no such relation', () => {
      const boss = new Manager({ name: 'Mary', level: 3 })
      session.add(boss, new Employee({ name: 'Eve', boss }), new Person({ name: 'Paul' }))
      session.commit()
      session.clear()
      const people = session.query(Person).all()
      db.forget()
      const eve = people.find((person) => person instanceof Employee)

      expect(eve?.boss?.name).toBe('Mary')
    })
  })

  it('loads what belongs to the key that the object has now', () => {
    const posts = session
      .query(Post)
      .orderBy((p) => p.id)
      .all()
    posts[1]!.userId = 3
    const names = posts.map(({ author }) => author.name)

    expect(names).toEqual(['Alice', 'Carol', 'Bob'])
  })

  it('compares keys by what they hold: two arrays of bytes are one key', () => {
    session.add(
      new Sensor({ id: Uint8Array.of(1) }),
      new Sensor({ id: Uint8Array.of(2) }),
      new Reading({ value: 20, sensorId: Uint8Array.of(1) }),
      new Reading({ value: 21, sensorId: Uint8Array.of(2) }),
    )
    session.commit()
    session.clear()
    const sensors = session.query(Sensor).all()
    db.forget()

    expect(sensors.map(({ readings }) => readings.map(({ value }) => value))).toEqual([[20], [21]])
    expect(db).toHaveSent(['SELECT readings'])
  })

  it('gives nobody a child whose key was emptied', () => {
    const answer = session.get(Comment, 2)
    answer.parentId = null
    const comments = session.query(Comment).all()

    expect(comments.map(({ answers }) => answers.length)).toEqual([0, 0, 0])
  })

  it.each([1, 2, 3, 4, 5])('gives what was loaded one by one, in random blog %i', (seed) => {
    const { db, random } = openRandomBlog(seed)
    const oneByOne = new Session(db).query(Comment).all().map(seen)
    db.forget()
    const comments = new Session(db, { lazy: 'peers' }).query(Comment).all()
    for (let i = 0; i < 10; i++) seen(comments[random(comments.length)]!)

    expect(comments.map(seen)).toEqual(oneByOne)
    // A statement for each relation on each level, and sometimes one for those who came in another result.
    expect(db.statements.length).toBeLessThan(15)
  })

  it('needs as many statements as the keys need, and no more', () => {
    const narrow = new Session(withRoomFor(2), { lazy: 'peers' })
    const comments = narrow.query(Comment).all()
    db.forget()

    expect(comments.map(({ answers }) => answers.length)).toEqual([1, 0, 0])
    expect(db).toHaveSentCount(2)
  })

  it('keeps nobody alive: a peer that the program has let go of may be collected', async () => {
    const weak = new Session(db, { lazy: 'peers', identity: 'weak' })
    let all: User[] | undefined = weak
      .query(User)
      .orderBy((u) => u.id)
      .all()
    const [alice, bob] = all
    all = undefined
    db.forget()
    for (let i = 0; i < 3; i++) {
      await setTimeout(0)
      collectNow()
    }
    db.forget()
    expect(alice!.posts.length).toBe(2)

    expect(keysAsked()).toEqual([1, 2])
    expect(bob!.posts.length).toBe(1)
  })
})
