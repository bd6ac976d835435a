import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection, Statement } from '#shared/driver/recorder'
import { describeNPlusOne, findNPlusOnes, type Session } from '#stage/08-profiling'
import { Comment, open, Post, Profile, Tag, User } from './models.ts'

const models = [User, Profile, Post, Comment, Tag]

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

const found = (options?: { threshold: number }) => findNPlusOnes(db.statements, models, options)

/** What the lens says in short: which relation, how often, and what to write. */
const said = () =>
  found().map(({ relations, statements, fix }) => ({
    relation: relations
      .map(({ model, relation }) => `${model.name}.${relation.property}`)
      .join(' or '),
    times: statements.length,
    fix,
  }))

const statement = (
  sql: string,
  parameters: Statement['parameters'] = [],
  callSite = 'list (page.ts:1:1)',
) => ({
  sql,
  parameters,
  callSite,
  rows: 1,
  milliseconds: 1,
  startedAt: 0,
})

describe('Task 2: find the N+1', () => {
  it('names the relation, how often it was asked for, and what to write', () => {
    for (const user of session.query(User).all()) user.posts.toArray()
    expect(said()).toEqual([
      { relation: 'User.posts', times: 3, fix: 'session.query(User).with({ posts: true })' },
    ])
  })

  it('names the line of the program', () => {
    for (const user of session.query(User).all()) user.posts.toArray()
    expect(found()[0]?.callSite).toMatch(/2-n-plus-one\.test\.ts:\d+:\d+/)
  })

  it('finds nothing when the fix is made', () => {
    for (const user of session.query(User).with({ posts: true }).all()) user.posts.toArray()
    expect(db).toHaveSentCount(2)
    expect(found()).toEqual([])
  })

  describe('knows by the statement', () => {
    it('the one object that many point to, and that it can be joined', () => {
      for (const [i, id] of [1, 2, 3].entries())
        db.run('UPDATE posts SET user_id = ? WHERE id = ?', [id, i + 1])
      db.forget()
      const posts = session
        .query(Post)
        .orderBy((p) => p.id)
        .all()
      for (const post of posts) post.author.name
      const [only, ...others] = said()
      expect(others).toEqual([])
      expect(only).toMatchObject({ times: 3 })
      expect(only?.relation).toContain('Post.author')
      expect(only?.fix).toContain('session.query(Post).joined({ author: true })')
    })

    it('the related objects behind a junction', () => {
      for (const post of session.query(Post).all()) post.tags.toArray()
      expect(said()).toEqual([
        { relation: 'Post.tags', times: 3, fix: 'session.query(Post).with({ tags: true })' },
      ])
    })

    it('the latest of several', () => {
      for (const user of session.query(User).all()) user.latestPost?.title
      expect(said()).toMatchObject([
        {
          relation: 'User.latestPost',
          times: 3,
          fix: 'session.query(User).with({ latestPost: true })',
        },
      ])
    })

    it('that only a number was wanted', () => {
      for (const user of session.query(User).all()) user.posts.count()
      expect(said()).toEqual([
        { relation: 'User.posts', times: 3, fix: 'session.query(User).withCount({ posts: true })' },
      ])
    })

    it('which of two owners, when both point to the same table: the one that was read last', () => {
      session.query(Post).all()
      session.query(Comment).all()
      for (const id of [1, 2, 3]) db.get('SELECT id, name FROM users WHERE id = ?', [id])
      expect(said()).toMatchObject([{ relation: 'Comment.author', times: 3 }])
    })

    it('not by what was read later, in the loop or behind it', () => {
      session.query(Post).all()
      for (const id of [1, 2, 3]) {
        db.get('SELECT id, name FROM users WHERE id = ?', [id])
        session.query(Comment).all()
      }
      expect(said()[0]?.relation).toBe('Post.author or Post.editor')
    })

    it('both, where nothing tells them apart', () => {
      session.query(Post).all()
      for (const id of [1, 2, 3]) db.get('SELECT id, name FROM users WHERE id = ?', [id])
      expect(said()[0]?.relation).toBe('Post.author or Post.editor')
    })

    it('no relation where none asks this, and what to do all the same', () => {
      for (const email of ['a', 'b', 'c']) db.get('SELECT id FROM users WHERE email = ?', [email])
      const [only] = found()
      expect(only?.relations).toEqual([])
      expect(only?.fix).toMatch(/once/)
    })
  })

  it('finds each level of a loop in a loop, and mends it where the outer one begins', () => {
    for (let id = 4; id <= 6; id++)
      db.run("INSERT INTO posts VALUES (?, 't', 'c', 1, '2026-01-01T00:00:00.000Z', ?, NULL)", [
        id,
        id - 3,
      ])
    db.forget()
    for (const user of session.query(User).all())
      for (const post of user.posts) post.comments.toArray()
    expect(said()).toEqual([
      { relation: 'User.posts', times: 3, fix: 'session.query(User).with({ posts: true })' },
      {
        relation: 'Post.comments',
        times: 6,
        fix: 'session.query(User).with({ posts: { comments: true } })',
      },
    ])
  })

  it('sees through values that stand in the text', () => {
    const statements = [1, 2, 3].map((id) =>
      statement(`SELECT id, title FROM posts WHERE user_id = ${id}`),
    )
    expect(findNPlusOnes(statements, models)).toMatchObject([
      { relations: [{ relation: User.relations.posts }] },
    ])
  })

  it('counts the different rows that were asked for, though one of them was asked for again', () => {
    const statements = [1, 2, 1, 3].map((id) =>
      statement('SELECT id FROM users WHERE id = ?', [id]),
    )
    expect(findNPlusOnes(statements, models)).toMatchObject([{ statements }])
  })

  it('counts a list of one key like that key', () => {
    const statements = [1, 2, 3].map((id) =>
      statement('SELECT id FROM posts WHERE user_id IN (?)', [id]),
    )
    expect(findNPlusOnes(statements, models)).toHaveLength(1)
  })

  it('counts a key that fills its list', () => {
    const statements = [1, 2, 3].map((id) =>
      statement('SELECT id FROM posts WHERE user_id IN (?, ?)', [id, id]),
    )
    expect(findNPlusOnes(statements, models)).toHaveLength(1)
  })

  describe('leaves in peace', () => {
    const none = (statements: readonly Statement[]) => {
      const loop = [7, 8, 9].map((id) =>
        statement('SELECT id FROM posts WHERE user_id = ?', [id], 'loop'),
      )
      expect(
        findNPlusOnes([...statements, ...loop], models).map(({ callSite }) => callSite),
        'the lines that are said to be an N+1; only the one that is called loop is one',
      ).toEqual(['loop'])
    }

    it('two of a kind: that is no loop', () => {
      none([1, 2].map((id) => statement('SELECT id FROM posts WHERE user_id = ?', [id])))
    })

    it('the same question, asked again and again: another one has no other answer', () => {
      none([1, 1, 1, 1].map((id) => statement('SELECT id FROM users WHERE id = ?', [id])))
    })

    it('two questions in turn, however often', () => {
      none([1, 2, 1, 2].map((id) => statement('SELECT id FROM users WHERE id = ?', [id])))
    })

    it.each([
      [
        'last',
        [
          [1, 2],
          [3, 4],
          [5, 5],
        ],
      ],
      [
        'first',
        [
          [1, 1],
          [2, 3],
          [4, 5],
        ],
      ],
    ])('the batches of one eager load, when one key fills the %s of them', (_, batches) => {
      none(batches.map((ids) => statement('SELECT id FROM posts WHERE user_id IN (?, ?)', ids)))
    })

    it('the batches of one eager load', () => {
      none(
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ].map((ids) => statement('SELECT id FROM posts WHERE user_id IN (?, ?)', ids)),
      )
    })

    it('batches whose keys stand in the text', () => {
      none(
        ['1, 2', '3, 4', '5, 6'].map((ids) =>
          statement(`SELECT id FROM posts WHERE user_id IN (${ids})`),
        ),
      )
    })

    it('batches with a list beside them that is always the same', () => {
      none(
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ].map((ids) =>
          statement(
            "SELECT id FROM posts WHERE user_id IN (?, ?) AND status IN ('new', 'open')",
            ids,
          ),
        ),
      )
    })

    it('batches of texts, whatever signs there are in them', () => {
      none(
        [
          ['(', 'a'],
          ['(', 'b'],
          ['(', 'c'],
        ].map((words) => statement('SELECT id FROM posts WHERE title IN (?, ?)', words)),
      )
    })

    it('lines that ask for one row each, one after the other', () => {
      none(
        [1, 2, 3].map((id) =>
          statement('SELECT id FROM posts WHERE user_id = ?', [id], `page.ts:${id}:1`),
        ),
      )
    })

    it('rows that are written: a flush sends what it must', () => {
      none([1, 2, 3].map((id) => statement('UPDATE posts SET title = ? WHERE id = ?', ['x', id])))
    })

    it('rows that are added or deleted one by one', () => {
      none([1, 2, 3].map((id) => statement('INSERT INTO tags (id) VALUES (?)', [id])))
      none([1, 2, 3].map((id) => statement('DELETE FROM tags WHERE id = ?', [id])))
    })

    it('questions for a plan, and settings', () => {
      none(
        [1, 2, 3].flatMap((id) => [
          statement('EXPLAIN QUERY PLAN SELECT id FROM users WHERE id = ?', [id]),
          statement(`PRAGMA busy_timeout = ${id}`),
        ]),
      )
    })
  })

  describe('is not misled by', () => {
    const expectLoop = (sql: string, rest: readonly (string | number)[] = []) => {
      const loop = [7, 8, 9].map((id) => statement(sql, [id, ...rest], 'loop'))
      expect(
        findNPlusOnes(loop).map(({ callSite }) => callSite),
        'the lines that are said to be an N+1; the loop is one',
      ).toEqual(['loop'])
    }

    it.each([
      [
        'a list that is the same in every statement',
        "SELECT id FROM posts WHERE user_id = ? AND status IN ('new', 'open')",
        [],
      ],
      [
        'such a list whose values are parameters',
        'SELECT id FROM posts WHERE user_id = ? AND status IN (?, ?)',
        ['new', 'open'],
      ],
      [
        'another condition beside a list of one key',
        'SELECT id FROM posts WHERE user_id IN (?) AND status = ?',
        ['new'],
      ],
      ['a key of two columns', 'SELECT id FROM posts WHERE (user_id, status) IN ((?, ?))', ['new']],
      [
        'a subquery with values of its own',
        'SELECT id FROM posts WHERE user_id = ? AND id IN (SELECT post_id FROM comments WHERE user_id = ? AND id > 5)',
        [1],
      ],
    ] as const)('%s', (_, sql, rest) => {
      expectLoop(sql, rest)
    })

    it('parameters that have numbers', () => {
      expectLoop('SELECT id FROM posts WHERE status IN ($2, $3) AND user_id = $1', ['new', 'open'])
    })
  })

  it('takes another threshold', () => {
    const [alice, bob] = session.query(User).all()
    for (const user of [alice!, bob!]) user.posts.toArray()
    expect(found()).toEqual([])
    expect(found({ threshold: 2 })).toHaveLength(1)
  })

  it('says it so that a person can go and mend it', () => {
    for (const user of session.query(User).all()) user.posts.toArray()
    const lines = describeNPlusOne(found()[0]!).split('\n')
    expect(lines[0]).toBe('N+1: 3 times SELECT … FROM posts WHERE user_id = ?')
    expect(lines[1]).toMatch(
      /^ {2}asked by {2}.*08-profiling\/tests\/2-n-plus-one\.test\.ts:\d+:\d+/,
    )
    expect(lines.slice(2)).toEqual([
      '  relation  User.posts',
      '  fix       session.query(User).with({ posts: true })',
    ])
  })
})
