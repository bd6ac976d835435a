import type { Case, Place } from '../case.ts'
import type { Tree } from '../subject.ts'

// Objects and what belongs to them.

/** Ann has three posts, Bo has one, Cy has none; nobody wrote the last one. The first has two tags and two comments. */
const library = ({ sql }: Place) =>
  sql(`INSERT INTO authors (id, name) VALUES (1, 'Ann'), (2, 'Bo'), (3, 'Cy')`)
    .then(() =>
      sql(`INSERT INTO posts (id, title, author_id)
        VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 1), (4, 'd', 2), (5, 'e', NULL)`),
    )
    .then(() => sql(`INSERT INTO tags (id, name) VALUES (1, 'x'), (2, 'y')`))
    .then(() => sql('INSERT INTO posts_tags VALUES (1, 1), (1, 2)'))
    .then(() => sql(`INSERT INTO comments (id, body, post_id) VALUES (1, 'p', 1), (2, 'q', 1)`))

const lengths = (trees: readonly Tree[], relation: string) =>
  trees.map((tree) => (tree[relation] as unknown[] | undefined)?.length)

/** How many authors stand in one list: more than a statement of SQLite takes parameters. */
const many = 33_000

const numbersTo = (last: number, place: Place) =>
  place.database === 'sqlite'
    ? `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${last})`
    : `WITH n (i) AS (SELECT generate_series(1, ${last}))`

export const relations: readonly Case[] = [
  {
    id: 'limit-with-children',
    title: 'two authors with their posts: the limit counts authors',
    right: [3, 1],
    async run(place) {
      await library(place)
      return lengths(await place.orm.load('authors', ['posts'], 2), 'posts')
    },
  },
  {
    id: 'no-children',
    title: 'who has no posts has an empty list',
    right: [3, 1, 0],
    async run(place) {
      await library(place)
      return lengths(await place.orm.load('authors', ['posts']), 'posts')
    },
  },
  {
    id: 'two-lists',
    title: 'tags and comments at once: two and two, not four',
    right: [2, 2],
    async run(place) {
      await library(place)
      const [post] = await place.orm.load('posts', ['tags', 'comments'])
      return [lengths([post!], 'tags')[0], lengths([post!], 'comments')[0]]
    },
  },
  {
    id: 'no-parent',
    title: 'a foreign key that is NULL is no object without properties',
    right: ['Ann', null],
    async run(place) {
      await library(place)
      const posts = await place.orm.load('posts', ['author'])
      const author = (tree: Tree | undefined) => tree?.author as { name: unknown } | null
      return [author(posts[0])?.name, author(posts[4])]
    },
  },
  {
    id: 'many-parents',
    title: 'the posts of 33,000 authors at once',
    right: [many, many],
    async run(place) {
      await place.sql(
        `INSERT INTO authors (id, name) ${numbersTo(many, place)} SELECT i, 'x' FROM n`,
      )
      await place.sql(`INSERT INTO posts (title, author_id) SELECT 'x', id FROM authors`)
      const authors = await place.orm.load('authors', ['posts'])
      const posts = lengths(authors, 'posts').reduce((sum, length) => sum! + (length ?? 0), 0)
      return [authors.length, posts]
    },
  },
  {
    id: 'foreign-key',
    title: 'a post of an author who is not there is refused, by the database',
    right: undefined,
    refusal: 'only',
    refusesWith: { sqlite: 'ForeignKeyViolation', postgres: 'ForeignKeyViolation' },
    run: ({ orm }) => orm.create('posts', { title: 'x', authorId: 99 }),
  },
  {
    id: 'tree',
    title: 'an answer is added before the comment that it answers',
    right: ['question', 'answer'],
    async run({ orm, sql }) {
      await orm.together([
        { insert: 'comments', values: { body: 'answer' }, relations: { parent: 'question' } },
        { insert: 'comments', values: { body: 'question' }, as: 'question' },
      ])
      const rows = await sql(
        'SELECT p.body AS parent, c.body FROM comments c JOIN comments p ON p.id = c.parent_id',
      )
      return rows.flatMap(({ parent, body }) => [parent, body])
    },
  },
  {
    id: 'circle',
    title: 'an author and a favourite post, new both, point to each other',
    right: ['Ann', 'x', 'Ann'],
    async run({ orm, sql }) {
      await orm.together([
        { insert: 'authors', values: { name: 'Ann' }, as: 'ann', relations: { favourite: 'post' } },
        { insert: 'posts', values: { title: 'x' }, as: 'post', relations: { author: 'ann' } },
      ])
      const rows = await sql(`SELECT a.name, p.title, w.name AS writer FROM authors a
        JOIN posts p ON p.id = a.favourite_id JOIN authors w ON w.id = p.author_id`)
      return rows.flatMap(({ name, title, writer }) => [name, title, writer])
    },
  },
  {
    id: 'delete-order',
    title: 'an author, posts and comments are deleted together, whatever the order of the calls',
    right: [0, 0, 0],
    async run({ orm, sql }) {
      await sql(`INSERT INTO authors (id, name) VALUES (1, 'Ann')`)
      await sql(`INSERT INTO posts (id, title, author_id) VALUES (1, 'x', 1)`)
      await sql(`INSERT INTO comments (id, body, post_id) VALUES (1, 'q', 1)`)
      await sql(`INSERT INTO comments (id, body, post_id, parent_id) VALUES (2, 'a', 1, 1)`)
      await orm.together([
        { remove: 'authors', key: 1 },
        { remove: 'posts', key: 1 },
        { remove: 'comments', key: 1 },
        { remove: 'comments', key: 2 },
      ])
      const left: unknown[] = []
      for (const table of ['authors', 'posts', 'comments'])
        left.push((await sql(`SELECT COUNT(*) AS count FROM ${table}`))[0]?.count)
      return left
    },
  },
]
