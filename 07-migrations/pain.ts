/** What a change of the schema feels like without migrations: node --import tsx 07-migrations/pain.ts */

import { DatabaseError } from '#shared/driver/errors'
import { openSqlite } from '#shared/driver/sqlite'
import { entity, Session, t } from '#stage/07-migrations'

class User extends entity('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().nullable(), // new since yesterday
}) {}

const laptop = yesterday()
const server = yesterday()

console.log('1. The class has a new column. createAll says IF NOT EXISTS, and so it does nothing')
send(laptop, 'CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT, email TEXT)')
attempt(() => new Session(laptop).query(User).all())

console.log(
  '\n2. So by hand. Twice on the laptop, because nobody remembers, and never on the server',
)
send(laptop, 'ALTER TABLE users ADD COLUMN email TEXT')
send(laptop, 'ALTER TABLE users ADD COLUMN email TEXT')
attempt(() => new Session(server).query(User).all())

console.log('\n3. The age was text, and should become a number. PostgreSQL can do that')
send(laptop, 'ALTER TABLE users ALTER COLUMN age TYPE INTEGER')

console.log('\n4. The way around it that one finds everywhere: a new table, copy, drop, rename')
count()
send(laptop, 'CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT, email TEXT, age INTEGER)')
send(laptop, 'INSERT INTO users_new SELECT id, name, email, age FROM users')
send(laptop, 'DROP TABLE users')
send(laptop, 'ALTER TABLE users_new RENAME TO users')
count()

/** The database as it was yesterday: two users, three posts, and posts go with their user. */
function yesterday() {
  const connection = openSqlite()
  connection.exec(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age TEXT);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON DELETE CASCADE);
    INSERT INTO users (id, name, age) VALUES (1, 'Alice', '42'), (2, 'Bob', '37');
    INSERT INTO posts (id, user_id) VALUES (1, 1), (2, 1), (3, 2);
  `)
  return connection
}

function send(connection: ReturnType<typeof yesterday>, sql: string): void {
  console.log(`    ${sql}`)
  attempt(() => connection.run(sql))
}

function attempt(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    console.log(`  ✗ ${(error.cause as Error).message}`)
  }
}

function count(): void {
  const rows = (table: string) => laptop.get(`SELECT COUNT(*) AS n FROM ${table}`)?.n
  console.log(`  users: ${rows('users')}, posts: ${rows('posts')}`)
}
