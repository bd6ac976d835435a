import type { Database } from './database.ts'
import { MissingRowError, NullFieldError } from './errors.ts'
import {
  columnInteger,
  columnText,
  execute,
  type Statement,
  step,
  withStatement,
} from './statement.ts'
import { allocateUser, checkText, freeUser, type User } from './user-struct.ts'

/**
 * Finds a user. The caller owns the struct and has to free it.
 *
 * @example
 * const user = findUserById(db, 1)
 * // SELECT id, name, email FROM users WHERE id = 1
 * if (user) freeUser(user)
 *
 * @returns null when there is no such row
 */
export function findUserById(db: Database, id: number | bigint): User | null {
  const sql = 'SELECT id, name, email FROM users WHERE id = ?'
  return withStatement(db, sql, [id], (statement) => (step(statement) ? hydrate(statement) : null))
}

/**
 * Lists all users in the order of their ids. The caller owns every one of them.
 *
 * @example
 * const users = listUsers(db)
 * // SELECT id, name, email FROM users ORDER BY id
 * for (const user of users) freeUser(user)
 */
export function listUsers(db: Database): User[] {
  return withStatement(db, 'SELECT id, name, email FROM users ORDER BY id', [], (statement) => {
    const users: User[] = []
    try {
      while (step(statement)) users.push(hydrate(statement))
      return users
    } catch (error) {
      for (const user of users) freeUser(user)
      throw error
    }
  })
}

/**
 * Inserts a user.
 *
 * @example
 * createUser(db, "Sinéad O'Malley", 'sinead@example.com') // 3
 * // INSERT INTO users (name, email) VALUES ('Sinéad O''Malley', 'sinead@example.com')
 *
 * @returns the id that the database chose
 * @throws {UniqueViolation} when the email is taken
 * @throws {TextTooLongError} {EmbeddedNulError} for a text that a struct could not hold
 */
export function createUser(db: Database, name: string, email: string): number {
  checkText('name', name)
  checkText('email', email)
  const sql = 'INSERT INTO users (name, email) VALUES (?, ?)'
  return Number(execute(db, sql, [name, email]).lastInsertId)
}

/**
 * Writes a struct back to its row. The struct stays the caller's.
 *
 * @example
 * updateUser(db, user)
 * // UPDATE users SET name = 'Alice Smith', email = 'alice@example.com' WHERE id = 1
 *
 * @throws {MissingRowError} when there is no such row
 */
export function updateUser(db: Database, user: User): void {
  const sql = 'UPDATE users SET name = ?, email = ? WHERE id = ?'
  const { changes } = execute(db, sql, [user.name, user.email, user.id])
  if (changes === 0) throw new MissingRowError('update', user.id)
}

/**
 * Deletes a row. Structs that were read from it stay alive, and stay their owners'.
 *
 * @example
 * deleteUser(db, 2)
 * // DELETE FROM users WHERE id = 2
 *
 * @throws {MissingRowError} when there is no such row
 * @throws {ForeignKeyViolation} when posts point to it
 */
export function deleteUser(db: Database, id: number | bigint): void {
  const { changes } = execute(db, 'DELETE FROM users WHERE id = ?', [id])
  if (changes === 0) throw new MissingRowError('delete', id)
}

/** Makes a struct of the current row: id, name, email, in the order of the SELECT. */
function hydrate(statement: Statement): User {
  const user = allocateUser()
  try {
    user.id = notNull('id', columnInteger(statement, 0))
    user.name = notNull('name', columnText(statement, 1))
    user.email = notNull('email', columnText(statement, 2))
    return user
  } catch (error) {
    freeUser(user)
    throw error
  }
}

function notNull<T>(field: string, value: T | null): T {
  if (value === null) throw new NullFieldError(field)
  return value
}
