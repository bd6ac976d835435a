import type { Dialect } from '#shared/driver/dialect'
import { blogSchema } from './schema.ts'
import { blogRows } from './seed.ts'

// One story, told by each of the ten stages in its own words: publish a post, rename its author, list ten posts.

/** A post that somebody wants to publish. */
export interface Draft {
  readonly title: string
  readonly content: string
  readonly authorId: number
  /** Names, each once. Those that no tag has yet become new tags. */
  readonly tags: readonly string[]
}

/** A line of the list: a post with the name of its author, and the names of its tags in order. */
export interface Line {
  readonly title: string
  readonly author: string
  readonly tags: readonly string[]
}

/** Bob's post. One of its tags is there already, one is not, and the title wants to be SQL. */
export const draft: Draft = {
  title: "Robert'); DROP TABLE posts; --",
  content: 'It is only a title.',
  authorId: 2,
  tags: ['security', 'sql'],
}

/** What Bob is called afterwards, in all of his posts. */
export const newName = "Robert O'Malley"

/** The blog's rows, and eleven posts more. */
const posts: readonly (readonly [title: string, authorId: number, ...tagIds: number[]])[] = [
  ['Keys', 1, 1],
  ['A Table Is Not a Class', 3, 2],
  ['NULL Is Not Nothing', 2, 1],
  ['Indexes', 1, 1],
  ['Who Owns the Session?', 3, 2],
  ['Types at Runtime', 3, 3],
  ['Locks', 2, 1, 2],
  ['One Row, One Object', 1, 2, 3],
  ['A Question of Order', 3],
  ['Plans', 2, 1],
  ['What Await Waits for', 1, 2, 3],
]

/** Creates the tables and their rows. The database gives the keys, so that it knows which ones are taken. */
export function storyScript(dialect: Dialect): string {
  const seed = (['users', 'posts', 'tags'] as const).flatMap((table) =>
    blogRows[table].map(([_id, ...values]) => insert(table, columns[table], values, dialect)),
  )
  const more = posts.map(([title, authorId], i) => {
    const day = new Date(Date.UTC(2026, 3, 4 + i, 8)).toISOString()
    return insert('posts', columns.posts, [title, '…', true, day, authorId, null], dialect)
  })
  const pairs = [
    ...blogRows.posts_tags,
    ...posts.flatMap(([_title, _author, ...tagIds], i) => tagIds.map((id) => [i + 4, id])),
  ].map((pair) => insert('posts_tags', ['post_id', 'tag_id'], pair, dialect))
  return [blogSchema(dialect), ...seed, ...more, ...pairs].join('\n')
}

const columns = {
  users: ['name', 'email', 'age', 'account_type', 'joined_at'],
  posts: ['title', 'content', 'published', 'created_at', 'user_id', 'editor_id'],
  tags: ['name'],
}

type Cell = string | number | boolean | null

function insert(
  table: string,
  names: readonly string[],
  values: readonly Cell[],
  dialect: Dialect,
): string {
  const cells = values.map((value) => literal(value, dialect)).join(', ')
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${cells});`
}

function literal(value: Cell, { hasBooleans }: Dialect): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return String(typeof value === 'boolean' && !hasBooleans ? Number(value) : value)
}
