import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import type { Session } from '#stage/06-unit-of-work'
import { Comment, loaded, open, Post, PostTag, Profile, Seat, Tag, Ticket, User } from './models.ts'
import { planned, plannedInShort } from './planned.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

const dan = () => new User({ name: 'Dan', email: 'dan@example.com' })

describe('Task 3: know who waits for whom', () => {
  it('explains itself: the state of each object, what is to be done, and the statements', () => {
    const [bob, tag] = [session.get(User, 2), session.get(Tag, 3)]
    bob.name = "O'Neill"
    const post = new Post({ title: 'Hello', author: bob })
    post.tags.add(session.get(Tag, 1))
    session.add(post)
    session.delete(tag)
    loaded(db, post)
    const [states, statements] = session.explain().split('\n\n')

    expect(states).toBe(`  pending     new Post  insert
  persistent  User#2  update  name: 'Bob' → 'O''Neill'
  persistent  Tag#3  delete
  pending     new Post  link  tags: Tag#1`)
    expect(statements).toMatch(
      /^ {2}BEGIN\n {2}INSERT INTO posts .*\n {2}UPDATE users .*-- 'O''Neill', 2\n {2}DELETE FROM tags .*-- 3\n {2}INSERT INTO posts_tags .*-- <key of new Post>, 1$/,
    )
    expect(db).toHaveSentCount(0)
  })

  it('has nothing to explain when nothing has changed', () => {
    session.query(User).all()

    expect(session.explain()).toBe('Nothing has changed: a flush sends nothing.')
  })

  it('inserts a parent before its child, whoever was added first', () => {
    const author = dan()
    session.add(new Post({ title: 'Hello', author }), author)

    expect(plannedInShort(session)).toEqual(['INSERT users', 'INSERT posts'])
  })

  it('inserts rows of one table in the order in which they point to each other', () => {
    const first = new Comment({ body: 'first', postId: 1 })
    const second = new Comment({ body: 'second', postId: 1, parent: first })
    const third = new Comment({ body: 'third', postId: 1, parent: second })
    session.add(third, second, first)

    expect(planned(session).map((line) => line.match(/'(\w+)'/)?.[1])).toEqual([
      'first',
      'second',
      'third',
    ])
  })

  it('knows a parent by the key that was given by hand', () => {
    session.add(
      new Comment({ id: 21, body: 'answer', postId: 1, parentId: 20 }),
      new Comment({ id: 20, body: 'question', postId: 1 }),
    )

    expect(planned(session).map((line) => line.match(/'(\w+)'/)?.[1])).toEqual([
      'question',
      'answer',
    ])
  })

  it('updates a row after the insert of the row that it will point to', () => {
    const post = session.get(Post, 1)
    post.author = dan()

    expect(plannedInShort(session)).toEqual(['INSERT users', 'UPDATE posts'])
  })

  it('deletes children before their parents', () => {
    const [post, comment] = [session.get(Post, 2), session.get(Comment, 3)]
    session.delete(post)
    session.delete(comment)

    const ends = plannedInShort(session).filter((statement) => /comments|posts$/.test(statement))
    expect(ends).toEqual(['DELETE comments', 'DELETE posts'])
  })

  it('deletes rows of one table from the end of the chain', () => {
    const [question, answer] = [session.get(Comment, 1), session.get(Comment, 2)]
    session.delete(question)
    session.delete(answer)

    expect(planned(session)).toEqual([
      'DELETE FROM comments WHERE id = ?   -- 2',
      'DELETE FROM comments WHERE id = ?   -- 1',
    ])
  })

  it('deletes a row that points to itself, in one statement', () => {
    db.run('UPDATE comments SET parent_id = 3 WHERE id = 3')
    session.delete(session.get(Comment, 3))

    expect(plannedInShort(session)).toEqual(['DELETE comments'])
  })

  it('deletes a parent after its children were given to another one', () => {
    const [alice, bob] = [session.get(User, 1), session.get(User, 2)]
    for (const post of alice.posts.toArray()) post.author = bob
    session.get(Post, 3).editor = null
    session.delete(session.get(Profile, 1))
    session.delete(alice)

    expect(plannedInShort(session)).toEqual([
      'UPDATE posts',
      'UPDATE posts',
      'UPDATE posts',
      'DELETE profiles',
      'DELETE users',
    ])
  })

  describe('a unique column that others point to', () => {
    beforeEach(() => {
      db.exec("INSERT INTO seats VALUES (1, 10, 'a'); INSERT INTO tickets VALUES (1, 10)")
    })

    it('gets its value before somebody points to it', () => {
      session.get(Ticket, 1).seatNumber = null
      session.get(Seat, 1).number = 11
      session.add(new Ticket({ seatNumber: 11 }))

      const meeting = ['UPDATE seats', 'INSERT tickets']
      expect(plannedInShort(session).filter((one) => meeting.includes(one))).toEqual(meeting)
    })

    it('lets its value go after nobody points to it any more', () => {
      session.get(Seat, 1).number = 11
      session.get(Ticket, 1).seatNumber = null

      expect(plannedInShort(session)).toEqual(['UPDATE tickets', 'UPDATE seats'])
    })
  })

  describe('a unique value', () => {
    it('is taken by a new row after the old row has gone', () => {
      session.add(new Tag({ name: 'sql' }))
      session.delete(session.get(Tag, 1))

      expect(plannedInShort(session)).toEqual(['DELETE tags', 'INSERT tags'])
    })

    it('is taken by a new row after the old row has got another one', () => {
      session.add(new Tag({ name: 'sql' }))
      session.get(Tag, 1).name = 'SQL'

      expect(plannedInShort(session)).toEqual(['UPDATE tags', 'INSERT tags'])
    })

    it('moves along a chain of rows, from its end', () => {
      const [first, second, third] = session.query(Tag).all() as [Tag, Tag, Tag]
      first.name = second.name
      second.name = third.name
      third.name = 'free'

      expect(planned(session).map((line) => Number(line.at(-1)))).toEqual([3, 2, 1])
    })

    it('can be a key of two columns', () => {
      session.add(new PostTag({ postId: 1, tagId: 1 }))
      session.delete(session.get(PostTag, { postId: 1, tagId: 1 }))

      expect(plannedInShort(session)).toEqual(['DELETE posts_tags', 'INSERT posts_tags'])
    })

    it('is not NULL: two empty columns have nothing to do with each other', () => {
      const [alice, bob] = [session.get(User, 1), session.get(User, 2)]
      alice.age = null
      bob.age = null

      expect(planned(session)).toHaveLength(2)
    })
  })

  it('keeps to inserts, updates, deletes where nobody waits', () => {
    session.delete(session.get(Tag, 3))
    session.get(User, 2).name = 'Robert'
    session.add(dan())

    expect(plannedInShort(session)).toEqual(['INSERT users', 'UPDATE users', 'DELETE tags'])
    expect(db.statements.filter(({ sql }) => !sql.startsWith('SELECT'))).toEqual([])
  })
})
