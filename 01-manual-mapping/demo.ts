/** What you will have at the end: npm start -- 01 */

import koffi from 'koffi'
import { TodoError } from '#shared/todo'
import {
  addressOf,
  closeDatabase,
  columnText,
  createUser,
  createUserNaively,
  type Database,
  exec,
  finalize,
  findUserById,
  freeUser,
  listNamesNaively,
  liveUsers,
  openDatabase,
  openStatements,
  prepare,
  SQLITE_STATIC,
  SQLITE_TRANSIENT,
  schema,
  sqlite3_bind_text,
  step,
  trace,
  type User,
  updateUser,
  userStruct,
} from '#stage/01-manual-mapping'

/** What a migration tool sends to SQLite to put a column into the middle of a table. */
const migration = `
PRAGMA foreign_keys = OFF;
CREATE TABLE new_users (
  id INTEGER PRIMARY KEY, joined_at TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE
);
INSERT INTO new_users SELECT id, '2026-01-05', name, email FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
PRAGMA foreign_keys = ON;`

naiveStrings()
shortLivedText()
aliceSmith()
whoFrees()
theSchemaMoves()

function naiveStrings(): void {
  title('1. The naive string')
  const db = openBlog()
  say(
    "createUser   O'Malley",
    failure(() => createUserNaively(db, "O'Malley", 'o@example.com')),
  )
  const attack = "m@example.com'); DELETE FROM posts; DELETE FROM users; --"
  createUserNaively(db, 'Mallory', attack)
  say('createUser   Mallory', `no error. Users left: ${listNamesNaively(db).length}`)
  closeDatabase(db)
}

function shortLivedText(): void {
  title('2. A promise about memory')
  const db = openBlog()
  say('SQLITE_STATIC', bindBoth(db, SQLITE_STATIC))
  say('SQLITE_TRANSIENT', bindBoth(db, SQLITE_TRANSIENT))
  closeDatabase(db)
}

/** Binds two names with bare hands. With SQLITE_STATIC, the second runs over the memory of the first. */
function bindBoth(db: Database, destructor: number): string | null {
  const statement = prepare(db, "SELECT ? || ' / ' || ?")
  sqlite3_bind_text(statement.pointer, 1, 'Alice', 5, destructor)
  sqlite3_bind_text(statement.pointer, 2, 'Mallory', 7, destructor)
  step(statement)
  const both = columnText(statement, 0)
  finalize(statement)
  return both
}

function aliceSmith(): void {
  title('3. A struct, there and back')
  const db = openBlog()
  const user = sent('findUserById 1', db, () => findUserById(db, 1))
  if (user) rename(db, user)
  sent("createUser   O'Malley", db, () => createUser(db, "Sinéad O'Malley", 'sinead@example.com'))
  closeDatabase(db)
}

function rename(db: Database, user: User): void {
  say('', `Found user: ID=${user.id}, Name=${user.name}`)
  user.name = 'Alice Smith'
  say('in memory', bytesOf(user))
  sent('updateUser', db, () => updateUser(db, user))
  freeUser(user)
  say('freeUser', `live users: ${liveUsers()}, open statements: ${openStatements(db).length}`)
}

function whoFrees(): void {
  title('4. Who frees?')
  const db = openBlog()
  const bob = findUserById(db, 2) as User
  say(
    'name = 40 × 🎈',
    failure(() => Object.assign(bob, { name: '🎈'.repeat(40) })),
  )
  freeUser(bob)
  say(
    'bob.name',
    failure(() => bob.name),
  )
  say(
    'freeUser',
    failure(() => freeUser(bob)),
  )
  closeDatabase(db)
}

function theSchemaMoves(): void {
  title('5. The schema gains a column')
  const db = openBlog()
  exec(db, migration)
  say('SELECT *', `names: ${listNamesNaively(db).join(', ')}`)
  say(
    'createUser   Carol',
    failure(() => createUser(db, 'Carol', 'carol@example.com')),
  )
  closeDatabase(db)
}

function openBlog(): Database {
  const db = openDatabase(':memory:')
  exec(db, schema)
  return db
}

/** The id and the beginning of the name, as they stand in C's memory. */
function bytesOf(user: User): string {
  const bytes: number[] = koffi.decode(
    addressOf(user),
    koffi.array('uint8', koffi.sizeof(userStruct)),
  )
  const hex = Array.from(bytes.slice(0, 18), (byte) => byte.toString(16).padStart(2, '0'))
  return `${hex.slice(0, 4).join(' ')} | ${hex.slice(4).join(' ')} …`
}

/** The first line of the error that `run` throws. */
function failure(run: () => unknown): string {
  try {
    run()
    return 'no error'
  } catch (error) {
    if (error instanceof TodoError) throw error
    return `${(error as Error).name}: ${(error as Error).message.split('\n')[0]}`
  }
}

function sent<Result>(what: string, db: Database, run: () => Result): Result {
  let result: Result | undefined
  const statements = trace(db, () => {
    result = run()
  })
  for (const sql of statements) say(what, sql)
  return result as Result
}

function say(what: string, result: string | null): void {
  console.log(`  ${what.padEnd(22)} ${result}`)
}

function title(text: string): void {
  console.log(`\n${text}`)
}
