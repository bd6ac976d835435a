/**
 * By hand: each column of each statement is written out, each row is read cell by cell, each struct is freed.
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 01
 */

import type { Draft, Line } from '#shared/blog/story'
import {
  columnInteger,
  columnText,
  createUser,
  type Database,
  execute,
  findUserById,
  freeUser,
  NotNullViolation,
  step,
  transaction,
  updateUser,
  withStatement,
} from '#stage/01-manual-mapping'

// The scene

export function publish({ title, content, authorId, tags }: Draft, db: Database): number {
  return transaction(db, () => {
    const now = new Date().toISOString()
    const sql =
      'INSERT INTO posts (title, content, published, created_at, user_id) VALUES (?, ?, 1, ?, ?)'
    const post = execute(db, sql, [title, content, now, authorId]).lastInsertId
    for (const tag of tags) {
      execute(db, 'INSERT INTO tags (name) VALUES (?) ON CONFLICT (name) DO NOTHING', [tag])
      execute(db, 'INSERT INTO posts_tags SELECT ?, id FROM tags WHERE name = ?', [post, tag])
    }
    return Number(post)
  })
}

export function rename(post: number, name: string, db: Database): void {
  const sql = 'SELECT user_id FROM posts WHERE id = ?'
  const authorId = withStatement(db, sql, [post], (row) => step(row) && columnInteger(row, 0))
  const author = authorId ? findUserById(db, authorId) : null
  if (!author) throw new Error(`Post ${post} has no author.`)
  try {
    author.name = name
    updateUser(db, author)
  } finally {
    freeUser(author)
  }
}

export function list(db: Database): Line[] {
  const sql = `
    SELECT posts.id, posts.title, users.name, tags.name
    FROM (SELECT id, title, user_id FROM posts ORDER BY id DESC LIMIT 10) AS posts
    JOIN users ON users.id = posts.user_id
    LEFT JOIN posts_tags ON posts_tags.post_id = posts.id
    LEFT JOIN tags ON tags.id = posts_tags.tag_id
    ORDER BY posts.id DESC, tags.name`
  return withStatement(db, sql, [], (row) => {
    const lines = new Map<bigint, { title: string; author: string; tags: string[] }>()
    while (step(row)) {
      const id = columnInteger(row, 0)!
      const line = lines.get(id) ?? {
        title: columnText(row, 1)!,
        author: columnText(row, 2)!,
        tags: [],
      }
      const tag = columnText(row, 3)
      if (tag !== null) line.tags.push(tag)
      lines.set(id, line)
    }
    return [...lines.values()]
  })
}

// Still wrong

/** The blog's users have got a column since: `joined_at`. */
export function wrong(db: Database): string {
  try {
    createUser(db, 'Dan', 'dan@example.com')
  } catch (error) {
    if (!(error instanceof NotNullViolation)) throw error
    return 'every column stands in five functions, by hand; `users.joined_at` was forgotten, and nobody can sign up'
  }
  throw new Error('createUser knows users.joined_at.')
}
