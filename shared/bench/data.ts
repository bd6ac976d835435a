/** An author before it is stored. */
export interface NewAuthor {
  readonly name: string
  readonly email: string
  readonly age: number
  readonly active: boolean
  readonly bio: string | null
  readonly createdAt: Date
}

/** What an author is stored as, in the order of the columns behind the id. */
export type AuthorCells = [string, string, number, number, string | null, string]

export const authorCount = 10_000
export const authorsWithPosts = 200
export const postsPerAuthor = 10

export const schema = `
  CREATE TABLE authors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    age INTEGER,
    active INTEGER NOT NULL,
    bio TEXT,
    created_at TEXT NOT NULL
  );
  CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    author_id INTEGER NOT NULL REFERENCES authors (id)
  );
  CREATE INDEX posts_author ON posts (author_id);
`

export function newAuthor(i: number): NewAuthor {
  return {
    name: `name ${i}`,
    email: `author${i}@example.com`,
    age: i % 80,
    active: i % 2 === 1,
    bio: i % 3 === 0 ? 'Writes about the sea.' : null,
    createdAt: new Date(1_700_000_000_000 + i * 1000),
  }
}

export function cellsOf(author: NewAuthor): AuthorCells {
  const { name, email, age, active, bio, createdAt } = author
  return [name, email, age, active ? 1 : 0, bio, createdAt.toISOString()]
}

/** Fills a database with the same rows for every contender, through whatever runs one statement there. */
export function fill(run: (sql: string, parameters: readonly unknown[]) => unknown): void {
  run('BEGIN', [])
  for (let i = 1; i <= authorCount; i++) run(insertAuthor, cellsOf(newAuthor(i)))
  for (let i = 0; i < authorsWithPosts * postsPerAuthor; i++)
    run(insertPost, [`title ${i}`, 1 + (i % authorsWithPosts)])
  run('COMMIT', [])
}

export const insertAuthor =
  'INSERT INTO authors (name, email, age, active, bio, created_at) VALUES (?, ?, ?, ?, ?, ?)'
const insertPost = 'INSERT INTO posts (title, author_id) VALUES (?, ?)'
