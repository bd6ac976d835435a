import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { batchesOf, connect, fetchAll, from, loadRelated, rowNumber } from '#stage/04-relations'
import { Comment, open, Post, sentBy, Tag, User } from './models.ts'

let db: RecordedConnection
beforeEach(() => {
  db = open()
})

/** Two posts for each user up to this one. */
function fill(users: number) {
  for (let id = 4; id <= users; id++) {
    const user = new User({ id, name: `User ${id}`, email: `${id}@example.com` })
    user.save()
    for (const side of ['a', 'b'])
      Post.create({ title: `Post ${id}${side}`, content: '…', published: side === 'a', userId: id })
  }
}

/** The same database, as if it took so few parameters in a statement. */
function takingOnly(maxParameters: number): RecordedConnection {
  const narrow = Object.create(db, {
    dialect: { value: { ...db.dialect, maxParameters } },
  }) as RecordedConnection
  for (const method of ['values', 'run', 'get', 'all', 'forget'] as const)
    Object.assign(narrow, { [method]: db[method].bind(db) })
  return narrow
}

describe('Given: a window function', () => {
  it('numbers the comments of each post: the newest of each', () => {
    const newestFirst = rowNumber().over({
      partitionBy: [Comment.c.postId],
      orderBy: Comment.c.id.desc(),
    })
    const numbered = from(Comment)
      .select((c) => ({ body: c.body, place: newestFirst }))
      .as('numbered')
    const newest = from(numbered)
      .where(({ place }) => place.eq(1))
      .orderBy(({ body }) => body)

    expect(fetchAll(db, newest).map(({ body }) => body)).toEqual([
      'Thank you, Bob.',
      'Which objects?',
    ])
  })
})

const lists = (users: readonly User[]) => users.map((user) => user.posts.map((post) => post.id))

describe('Task 6: cut and limit', () => {
  describe('batchesOf', () => {
    it('cuts a list into pieces of a size', () => {
      expect(batchesOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
    })

    it('leaves no empty piece at the end', () => {
      expect(batchesOf([1, 2, 3, 4], 2)).toEqual([
        [1, 2],
        [3, 4],
      ])
    })

    it('needs no pieces for nothing, and one for what fits', () => {
      expect(batchesOf([1, 2, 3], 1)).toHaveLength(3)
      expect(batchesOf([], 2)).toEqual([])
      expect(batchesOf([1, 2], 2)).toEqual([[1, 2]])
    })
  })

  describe('more keys than one statement takes', () => {
    it('go in several: 40,000 tags with their posts are three statements', () => {
      db.exec(`
        INSERT INTO tags (id, name)
          WITH RECURSIVE n (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
          SELECT i, 'tag ' || i FROM n;
        INSERT INTO posts_tags VALUES (3, 40000);
      `)
      db.forget()

      const tags = Tag.query().with({ posts: true }).all()

      expect(db).toHaveSentCount(3)
      expect(tags).toHaveLength(40_000)
      expect(tags.at(-1)?.posts.map((post) => post.title)).toEqual(['Notes on Joins'])
      expect(tags.every((tag) => tag.posts.isLoaded)).toBe(true)
    })

    it('go into as few as there is room for', () => {
      fill(9)
      connect(takingOnly(3))
      db.forget()

      const users = User.query().with({ posts: true }).all()

      expect(db).toHaveSent(['SELECT users', 'SELECT posts', 'SELECT posts', 'SELECT posts'])
      expect(lists(users)).toEqual([
        [1, 2],
        [3],
        [],
        [4, 5],
        [6, 7],
        [8, 9],
        [10, 11],
        [12, 13],
        [14, 15],
      ])
    })

    it('leave room for the parameters of the query itself', () => {
      connect(takingOnly(3))
      db.forget()

      const users = User.query()
        .with({ posts: (posts) => posts.where((p) => p.published.eq(true)).limit(1) })
        .all()

      expect(lists(users)).toEqual([[1], [], []])
      expect(db).toHaveSentCount(4)
    })

    it('are counted in several statements, too', () => {
      connect(takingOnly(2))
      db.forget()

      const users = User.query().withCount({ posts: true }).all()

      expect(db).toHaveSentCount(3)
      expect(users.map((user) => user.posts.count())).toEqual([2, 1, 0])
    })
  })

  describe('a query for the related objects', () => {
    it('says which', () => {
      const users = User.query()
        .with({ posts: (posts) => posts.where((p) => p.id.ne(1)).limit(9) })
        .all()

      expect(lists(users)).toEqual([[2], [3], []])
    })

    it('limits each list for itself, in one statement', () => {
      const sent = sentBy(db, () => {
        const users = User.query()
          .with({ posts: (posts) => posts.orderBy((p) => p.id.desc()).limit(1) })
          .all()
        expect(lists(users)).toEqual([[2], [3], []])
      })

      expect(sent).toHaveSentCount(2)
    })

    it('passes over some of each list', () => {
      fill(5)

      const users = User.query()
        .with({ posts: (posts) => posts.orderBy((p) => p.id).offset(1) })
        .all()

      expect(lists(users)).toEqual([[2], [], [], [5], [7]])
    })

    it('takes a page of each list', () => {
      for (let i = 0; i < 5; i++) new Post({ title: `More ${i}`, content: '…', userId: 1 }).save()

      const users = User.query()
        .with({
          posts: (posts) =>
            posts
              .orderBy((p) => p.id)
              .offset(2)
              .limit(2),
        })
        .all()

      expect(lists(users)).toEqual([[4, 5], [], []])
    })

    it('keeps the order that was asked for, in each list', () => {
      fill(6)
      const users = User.query()
        .with({ posts: (posts) => posts.orderBy((p) => [p.published.asc(), p.id.desc()]).limit(9) })
        .all()

      expect(lists(users)).toEqual([[2, 1], [3], [], [5, 4], [7, 6], [9, 8]])
    })

    it('counts rows that are equal in that order as well: a limit of 1 is one row', () => {
      const users = User.query()
        .with({ posts: (posts) => posts.orderBy((p) => p.published.desc()).limit(1) })
        .all()

      expect(users.map((user) => user.posts.length)).toEqual([1, 1, 0])
    })

    it('takes the first by key, when no order is said', () => {
      expect(
        lists(
          User.query()
            .with({ posts: (posts) => posts.limit(1) })
            .all(),
        ),
      ).toEqual([[1], [3], []])
    })

    it('says its order in the outermost query: no database promises to keep that of an inner one', () => {
      const users = User.query()
        .with({ posts: (posts) => posts.orderBy((p) => p.id).limit(2) })
        .all()

      expect(lists(users)).toEqual([[1, 2], [3], []])
      expect(db.statements.at(-1)?.sql).toMatch(/ORDER BY [^()]+$/)
    })

    it('takes none of a limit of 0', () => {
      expect(
        lists(
          User.query()
            .with({ posts: (posts) => posts.limit(0) })
            .all(),
        ),
      ).toEqual([[], [], []])
    })

    it('works through a junction', () => {
      const posts = Post.query()
        .with({ tags: (tags) => tags.orderBy((tag) => tag.name).limit(1) })
        .all()

      expect(posts.map((post) => post.tags.map((tag) => tag.name))).toEqual([['sql'], ['orm'], []])
    })

    it('works in the own table', () => {
      const [welcome] = Comment.query()
        .with({ answers: (answers) => answers.limit(1) })
        .all()

      expect(welcome?.answers.map((answer) => answer.id)).toEqual([2])
    })

    it('goes on to the next level with what it took', () => {
      const sent = sentBy(db, () => {
        const [alice] = User.query()
          .with({ posts: (posts) => posts.limit(1).with({ comments: true }) })
          .all()
        expect(alice?.posts.at(0)?.comments.length).toBe(2)
      })

      expect(sent).toHaveSentCount(3)
      expect(db.statements.at(-1)?.parameters).toEqual([1, 3])
    })

    it('fills a part only: who asks for all gets all', () => {
      const users = User.query()
        .with({ posts: (posts) => posts.limit(1) })
        .all()
      expect(users[0]?.posts.length).toBe(1)
      expect(users[0]?.posts.count()).toBe(2)

      loadRelated(users, { posts: true })

      expect(users[0]?.posts.length).toBe(2)
    })
  })
})
