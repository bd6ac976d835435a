import type { Dialect } from '#shared/driver/dialect'
import {
  alias,
  and,
  avg,
  type CompiledQuery,
  caseWhen,
  cast,
  coalesce,
  concat,
  count,
  countDistinct,
  cte,
  exists,
  from,
  lag,
  length,
  lower,
  max,
  min,
  notExists,
  type ResultQuery,
  rank,
  rowNumber,
  scalar,
  sum,
  t,
  upper,
  value,
} from '#stage/03-query-builder'
import { Comment, Post, Tag, User } from './models.ts'

/** A query, and the rows that it gives on the blog: the same on every database. */
export interface Case {
  readonly name: string
  readonly query: () => ResultQuery<object> & { compile(dialect?: Dialect): CompiledQuery }
  readonly rows: readonly object[]
}

export const cases: readonly Case[] = [
  {
    name: 'joins two tables',
    query: () =>
      from(Post)
        .innerJoin(User, (p, u) => p.userId.eq(u.id))
        .where((p) => p.published.eq(true))
        .orderBy((p) => p.id)
        .select((p, u) => ({ title: p.title, author: u.name })),
    rows: [
      { title: 'My First Post', author: 'Alice' },
      { title: 'My Second Post', author: 'Alice' },
    ],
  },
  {
    name: 'keeps rows without a partner in a left join',
    query: () =>
      from(User)
        .leftJoin(Post, (u, p) => p.userId.eq(u.id).and(p.published.eq(false)))
        .orderBy((u) => u.id)
        .select((u, p) => ({ name: u.name, draft: p.title, since: p.createdAt })),
    rows: [
      { name: 'Alice', draft: null, since: null },
      { name: 'Bob', draft: 'Notes on Joins', since: new Date('2026-04-03T08:00:00Z') },
      { name: 'Carol', draft: null, since: null },
    ],
  },
  {
    name: 'keeps the other side in a right join',
    query: () =>
      from(Post)
        .rightJoin(User, (p, u) => p.userId.eq(u.id))
        .where((p) => p.id.isNull())
        .select((p, u) => ({ name: u.name, title: p.title })),
    rows: [{ name: 'Carol', title: null }],
  },
  {
    name: 'keeps both sides in a full join',
    query: () =>
      from(User)
        .fullJoin(Post, (u, p) => p.editorId.eq(u.id))
        .where((u, p) => u.id.isNull().or(p.id.isNull()))
        .select((u, p) => ({ name: u.name, title: p.title }))
        .orderBy((u) => u.name.asc().nullsLast()),
    rows: [
      { name: 'Carol', title: null },
      { name: null, title: 'My First Post' },
    ],
  },
  {
    name: 'pairs every row with every row in a cross join',
    query: () =>
      from(User)
        .crossJoin(Tag)
        .select(() => ({ pairs: count() })),
    rows: [{ pairs: 9 }],
  },
  {
    name: 'joins a table to itself under another name',
    query: () =>
      from(Comment)
        .innerJoin(alias(Comment, 'answer'), (comment, answer) => answer.parentId.eq(comment.id))
        .select((comment, answer) => ({ comment: comment.body, answer: answer.body })),
    rows: [{ comment: 'Welcome!', answer: 'Thank you, Bob.' }],
  },
  {
    name: 'keeps two columns of one name apart',
    query: () =>
      from(Post)
        .innerJoin(User, (p, u) => p.userId.eq(u.id))
        .where((p) => p.id.eq(3))
        .select((p, u) => ({ post: p.id, user: u.id })),
    rows: [{ post: 3, user: 2 }],
  },
  {
    name: 'counts in groups',
    query: () =>
      from(User)
        .leftJoin(Post, (u, p) => p.userId.eq(u.id))
        .groupBy((u) => u.id)
        .orderBy((u, p) => [count(p.id).desc(), u.name])
        .select((u, p) => ({ name: u.name, postCount: count(p.id) })),
    rows: [
      { name: 'Alice', postCount: 2 },
      { name: 'Bob', postCount: 1 },
      { name: 'Carol', postCount: 0 },
    ],
  },
  {
    name: 'keeps some of the groups',
    query: () =>
      from(Post)
        .groupBy((p) => [p.userId, p.published])
        .having(() => count().gt(1))
        .select((p) => ({ userId: p.userId, published: p.published, posts: count() })),
    rows: [{ userId: 1, published: true, posts: 2 }],
  },
  {
    name: 'aggregates, and reads the results as their types',
    query: () =>
      from(User).select((u) => ({
        people: count(),
        withAge: count(u.age),
        kinds: countDistinct(u.accountType),
        years: sum(u.age),
        average: avg(u.age),
        first: min(u.joinedAt),
        oldest: max(u.age),
      })),
    rows: [
      {
        people: 3,
        withAge: 2,
        kinds: 2,
        years: 55,
        average: 27.5,
        first: new Date('2026-01-05T09:00:00Z'),
        oldest: 30,
      },
    ],
  },
  {
    name: 'gives null for the sum of nothing',
    query: () =>
      from(User)
        .where((u) => u.id.in([]))
        .select((u) => ({ years: sum(u.age), safe: coalesce(sum(u.age), 0), people: count() })),
    rows: [{ years: null, safe: 0, people: 0 }],
  },
  {
    name: 'gives each row once',
    query: () =>
      from(Post)
        .distinct()
        .orderBy((p) => p.userId)
        .select((p) => ({ author: p.userId })),
    rows: [{ author: 1 }, { author: 2 }],
  },
  {
    name: 'puts rows in order, with those without a value where they are wanted',
    query: () =>
      from(User)
        .orderBy((u) => u.age.desc().nullsFirst())
        .orderBy((u) => u.name)
        .select((u) => ({ who: u.name })),
    rows: [{ who: 'Carol' }, { who: 'Alice' }, { who: 'Bob' }],
  },
  {
    name: 'takes some rows of the middle',
    query: () =>
      from(User)
        .orderBy((u) => u.id)
        .limit(1)
        .offset(1)
        .select((u) => ({ name: u.name })),
    rows: [{ name: 'Bob' }],
  },
  {
    name: 'passes over rows without a limit',
    query: () =>
      from(User)
        .orderBy((u) => u.id)
        .offset(1)
        .select((u) => ({ name: u.name })),
    rows: [{ name: 'Bob' }, { name: 'Carol' }],
  },
  {
    name: 'asks whether another query gives a row',
    query: () =>
      from(User)
        .where((u) => exists(from(Post).where((p) => p.editorId.eq(u.id))))
        .where((u) => notExists(from(Post).where((p) => p.userId.eq(u.id).and(p.id.eq(3)))))
        .select((u) => ({ name: u.name })),
    rows: [{ name: 'Alice' }],
  },
  {
    name: 'compares with the one value of another query',
    query: () => {
      const average = scalar(from(User).select((u) => ({ age: avg(u.age) })))
      return from(User)
        .where((u) => cast(u.age, t.real()).gt(average))
        .select((u) => ({ name: u.name }))
    },
    rows: [{ name: 'Alice' }],
  },
  {
    name: 'selects the value of another query for each row',
    query: () =>
      from(User)
        .orderBy((u) => u.id)
        .select((u) => ({
          name: u.name,
          latest: scalar(
            from(Post)
              .where((p) => p.userId.eq(u.id))
              .select((p) => ({ at: max(p.createdAt) })),
          ),
        })),
    rows: [
      { name: 'Alice', latest: new Date('2026-04-02T08:00:00Z') },
      { name: 'Bob', latest: new Date('2026-04-03T08:00:00Z') },
      { name: 'Carol', latest: null },
    ],
  },
  {
    name: 'reads from a query: the latest post of each author',
    query: () => {
      const ranked = from(Post)
        .select((p) => ({
          ...p,
          place: rowNumber().over({ partitionBy: [p.userId], orderBy: p.createdAt.desc() }),
        }))
        .as('ranked')
      return from(ranked)
        .where((r) => r.place.eq(1))
        .orderBy((r) => r.userId)
        .select((r) => ({ userId: r.userId, title: r.title, published: r.published }))
    },
    rows: [
      { userId: 1, title: 'My Second Post', published: true },
      { userId: 2, title: 'Notes on Joins', published: false },
    ],
  },
  {
    name: 'looks at the rows around a row',
    query: () =>
      from(Post)
        .orderBy((p) => p.id)
        .select((p) => ({
          id: p.id,
          before: lag(p.title).over({ orderBy: p.id }),
          place: rank().over({ orderBy: p.userId }),
          ofAuthor: count().over({ partitionBy: [p.userId] }),
        })),
    rows: [
      { id: 1, before: null, place: 1, ofAuthor: 2 },
      { id: 2, before: 'My First Post', place: 1, ofAuthor: 2 },
      { id: 3, before: 'My Second Post', place: 3, ofAuthor: 1 },
    ],
  },
  {
    name: 'gives a query a name and reads it twice',
    query: () => {
      const busy = cte(
        'busy',
        from(Post)
          .groupBy((p) => p.userId)
          .having(() => count().gte(2))
          .select((p) => ({ userId: p.userId })),
      )
      return from(User)
        .innerJoin(busy, (u, b) => b.userId.eq(u.id))
        .where((u) => u.id.in(from(busy)))
        .select((u) => ({ name: u.name }))
    },
    rows: [{ name: 'Alice' }],
  },
  {
    name: 'follows a thread with a query that reads itself',
    query: () => {
      const thread = cte.recursive(
        'thread',
        from(Comment)
          .where((c) => c.id.eq(1))
          .select((c) => ({ id: c.id, body: c.body, depth: value(0) })),
        (above) =>
          from(Comment)
            .innerJoin(above, (c, a) => c.parentId.eq(a.id))
            .select((c, a) => ({ id: c.id, body: c.body, depth: a.depth.plus(1) })),
      )
      return from(thread).orderBy((c) => c.depth)
    },
    rows: [
      { id: 1, body: 'Welcome!', depth: 0 },
      { id: 2, body: 'Thank you, Bob.', depth: 1 },
    ],
  },
  {
    name: 'puts the rows of two queries together',
    query: () =>
      from(User)
        .select((u) => ({ word: lower(u.name) }))
        .unionAll(from(Tag).select((tag) => ({ word: tag.name })))
        .union(from(Tag).select((tag) => ({ word: tag.name })))
        .orderBy((row) => row.word.desc())
        .limit(4)
        .offset(1),
    rows: [{ word: 'sql' }, { word: 'orm' }, { word: 'carol' }, { word: 'bob' }],
  },
  {
    name: 'keeps the limit of a part a limit of that part',
    query: () =>
      from(User)
        .orderBy((u) => u.id)
        .limit(1)
        .select((u) => ({ word: u.name }))
        .unionAll(
          from(Tag)
            .orderBy((tag) => tag.id.desc())
            .limit(1)
            .select((tag) => ({ word: tag.name })),
        ),
    rows: [{ word: 'Alice' }, { word: 'typescript' }],
  },
  {
    name: 'takes what both give, and what only one gives',
    query: () => {
      const authors = from(Post).select((p) => ({ id: p.userId }))
      const people = from(User).select((u) => ({ id: u.id }))
      const editors = from(Post)
        .where((p) => p.editorId.isNotNull())
        .select((p) => ({ id: coalesce(p.editorId, 0) }))
      return people
        .intersect(authors)
        .except(editors.except(authors))
        .orderBy((row) => row.id)
    },
    rows: [{ id: 1 }, { id: 2 }],
  },
  {
    name: 'computes',
    query: () =>
      from(User)
        .where((u) => u.age.plus(1).times(2).gt(60))
        .select((u) => ({
          label: concat(upper(u.name), ' <', u.email, '>'),
          letters: length(u.name),
          half: u.age.dividedBy(4),
          third: u.age.times(0.5),
          text: cast(u.age, t.text()),
          kind: caseWhen(u.age.gte(65), 'old').when(u.age.gte(18), 'adult').else('young'),
          isFree: u.accountType.eq('free'),
        })),
    rows: [
      {
        label: 'ALICE <alice@example.com>',
        letters: 5,
        half: 7,
        third: 15,
        text: '30',
        kind: 'adult',
        isFree: false,
      },
    ],
  },
  {
    name: 'tests ranges, lists and patterns',
    query: () =>
      from(User)
        .where((u) =>
          and(
            u.age.between(20, 30),
            u.name.ilike('b%'),
            u.email.endsWith('@example.com'),
            u.accountType.in(['free', 'premium']),
            u.id.notIn([]),
            u.age.ne(99),
          ),
        )
        .select((u) => ({ name: u.name })),
    rows: [{ name: 'Bob' }],
  },
]
