import { todo } from '#shared/todo'
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
  // TODO(6): select the row by its id and hydrate it.
  return todo('Task 6: hydrate a row')
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
  // TODO(6): select all rows and hydrate each; if one fails, free those before it.
  return todo('Task 6: hydrate a row')
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
  // TODO(7): check both texts, insert, and give back the new id.
  return todo('Task 7: complete the CRUD')
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
  // TODO(7): update the row of this id; no row changed is an error.
  todo('Task 7: complete the CRUD')
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
  // TODO(7): delete the row of this id; no row changed is an error.
  todo('Task 7: complete the CRUD')
}

/** Makes a struct of the current row: id, name, email, in the order of the SELECT. */
function hydrate(statement: Statement): User {
  // TODO(6): allocate a struct and fill it from the columns; if that fails, free it.
  return todo('Task 6: hydrate a row')
}

function notNull<T>(field: string, value: T | null): T {
  if (value === null) throw new NullFieldError(field)
  return value
}
