import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  createUser,
  type Database,
  deleteUser,
  EmbeddedNulError,
  exec,
  ForeignKeyViolation,
  findUserById,
  freeUser,
  MissingRowError,
  NotNullViolation,
  TextTooLongError,
  trace,
  transaction,
  UniqueViolation,
  type User,
  updateUser,
} from '#stage/01-manual-mapping'
import { leaveNothingBehind, openUsers, ownedUsers, readNumber, readText } from './fixture.ts'

let db: Database
beforeEach(() => {
  db = openUsers()
})
afterEach((context) => leaveNothingBehind(db, context))

const nameOf = (id: number) => readText(db, `SELECT name FROM users WHERE id = ${id}`)

/** Finds a user, lends the struct, and frees it. */
function withUser<T>(id: number, use: (user: User) => T): T {
  const user = findUserById(db, id) as User
  try {
    return use(user)
  } finally {
    freeUser(user)
  }
}

describe('Task 7: complete the CRUD', () => {
  it('creates a user and says which id it got', () => {
    let id: number | undefined
    const statements = trace(db, () => {
      id = createUser(db, 'Carol', 'carol@example.com')
    })

    expect(id).toBe(3)
    expect(statements, 'the connection knows the id: no second question').toHaveLength(1)
    expect(readText(db, 'SELECT name || email FROM users WHERE id = 3')).toBe(
      'Carolcarol@example.com',
    )
  })

  it("creates O'Malley, and takes an attack for a strange address", () => {
    createUser(db, "Sinéad O'Malley", 'sinead@example.com')
    createUser(db, 'Mallory', "m@example.com'); DELETE FROM users; --")

    expect(nameOf(3)).toBe("Sinéad O'Malley")
    expect(readNumber(db, 'SELECT count(*) FROM users')).toBe(4)
  })

  it('says that an email is taken', () => {
    expect(raised(() => createUser(db, 'Eve', 'bob@example.com'))).toBeInstanceOf(UniqueViolation)
  })

  it.each([
    ['too long a name', 'x'.repeat(100), 'a@example.com', TextTooLongError],
    ['too long an email', 'A', `${'é'.repeat(45)}@example.com`, TextTooLongError],
    ['a name with a NUL', 'A\0B', 'a@example.com', EmbeddedNulError],
  ])(
    'refuses %s before it sends anything: no struct could ever read it',
    (_what, name, email, Refusal) => {
      let error: unknown
      const statements = trace(db, () => {
        error = raised(() => createUser(db, name, email))
      })

      expect(error).toBeInstanceOf(Refusal)
      expect(String(error)).toContain(email === 'a@example.com' ? 'The name has' : 'The email has')
      expect(statements).toEqual([])
    },
  )

  it('writes a changed struct back to its row, and to no other', () => {
    withUser(1, (alice) => {
      alice.name = 'Alice Smith'
      alice.email = 'smith@example.com'
      updateUser(db, alice)
    })

    expect(readText(db, 'SELECT group_concat(name || email) FROM users')).toBe(
      'Alice Smithsmith@example.com,Bobbob@example.com',
    )
  })

  it('leaves the struct to its owner after an update', () => {
    const alice = findUserById(db, 1) as User
    updateUser(db, alice)
    const owned = ownedUsers()
    freeUser(alice)

    expect(owned).toBe(1)
  })

  it('notices that the row to update is gone', () => {
    withUser(2, (bob) => {
      deleteUser(db, 2)

      const error = raised(() => updateUser(db, bob))
      expect(error).toBeInstanceOf(MissingRowError)
      expect(String(error)).toContain('Could not update the user with id 2')
      expect(bob.name).toBe('Bob') // the row is gone, the struct is not
    })
  })

  it('leaves the row as it was when the update is refused', () => {
    withUser(1, (alice) => {
      alice.name = 'Bobby'
      alice.email = 'bob@example.com'

      expect(raised(() => updateUser(db, alice))).toBeInstanceOf(UniqueViolation)
    })
    expect(nameOf(1)).toBe('Alice')
  })

  it('deletes one row', () => {
    const statements = trace(db, () => deleteUser(db, 2))

    expect(readText(db, 'SELECT group_concat(name) FROM users')).toBe('Alice')
    expect(statements, 'one statement is enough').toHaveLength(1)
  })

  it('notices that the row to delete is not there', () => {
    const error = raised(() => deleteUser(db, 99))

    expect(error).toBeInstanceOf(MissingRowError)
    expect(String(error)).toContain('Could not delete the user with id 99')
  })

  it('refuses to delete a user whose posts would point to nobody', () => {
    expect(raised(() => deleteUser(db, 1))).toBeInstanceOf(ForeignKeyViolation)
    expect(nameOf(1)).toBe('Alice')
  })

  it('takes part in a transaction: all or nothing', () => {
    const move = () =>
      transaction(db, () => {
        deleteUser(db, 2)
        createUser(db, 'Robert', 'alice@example.com')
      })

    expect(raised(move)).toBeInstanceOf(UniqueViolation)
    expect(nameOf(2)).toBe('Bob')
  })

  it('breaks when a migration adds a column that must have a value', () => {
    exec(
      db,
      `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, joined_at TEXT NOT NULL);
              DROP TABLE posts; DROP TABLE users; ALTER TABLE people RENAME TO users`,
    )
    const error = raised(() => createUser(db, 'Carol', 'carol@example.com'))

    expect(error).toBeInstanceOf(NotNullViolation)
    expect((error as NotNullViolation).message).toContain('users.joined_at')
  })

  it('finds, renames, updates and frees Alice with one SELECT and one UPDATE', () => {
    const statements = trace(db, () => {
      withUser(1, (alice) => {
        alice.name = 'Alice Smith'
        updateUser(db, alice)
      })
    })

    expect(statements.map((sql) => sql.trim().split(/\s/)[0]?.toUpperCase())).toEqual([
      'SELECT',
      'UPDATE',
    ])
    expect(nameOf(1)).toBe('Alice Smith')
  })
})
