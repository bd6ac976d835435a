import koffi from 'koffi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import { countUsers, leaveNoUsers } from './fixture.ts'

beforeEach(countUsers)
afterEach(leaveNoUsers)

import {
  addressOf,
  allocateUser,
  checkText,
  EmbeddedNulError,
  freeUser,
  IntegerRangeError,
  TextTooLongError,
  UseAfterFreeError,
  type User,
  userStruct,
} from '#stage/01-manual-mapping'

/** What C would see at the struct's address. */
const inMemory = (user: User) => koffi.decode(addressOf(user), userStruct)

describe('Task 5: fit it into the struct', () => {
  let user: User | undefined
  afterEach(() => {
    if (user) freeUser(user)
    user = undefined
  })

  const aUser = () => {
    user = allocateUser()
    return user
  }

  it('writes every field where C expects it', () => {
    const alice = aUser()
    alice.id = 1
    alice.name = 'Alice'
    alice.email = 'alice@example.com'

    expect(inMemory(alice)).toEqual({ id: 1, name: 'Alice', email: 'alice@example.com' })
  })

  it('reads back what it wrote, in any script', () => {
    const alice = aUser()
    alice.name = "Zoë O'Malley 🎈"

    expect(alice.name).toBe("Zoë O'Malley 🎈")
  })

  it('leaves nothing of a longer text behind a shorter one', () => {
    const alice = aUser()
    alice.name = 'Bartholomew'
    alice.name = 'Al'

    expect(alice.name).toBe('Al')
  })

  it('holds 99 bytes, and the neighbour stays as it was', () => {
    const alice = aUser()
    alice.email = 'alice@example.com'
    alice.name = 'x'.repeat(99)

    expect(alice.name).toBe('x'.repeat(99))
    expect(alice.email).toBe('alice@example.com')
  })

  it('refuses 100 bytes instead of cutting them, and keeps the old value', () => {
    const alice = aUser()
    alice.name = 'Alice'
    const error = raised(() => {
      alice.name = 'x'.repeat(100)
    })

    expect(error).toBeInstanceOf(TextTooLongError)
    expect((error as Error).message).toContain('100 bytes')
    expect((error as Error).message).toContain('char name[100] holds 99')
    expect(alice.name).toBe('Alice')
  })

  it('counts bytes of UTF-8, not characters', () => {
    expect(raised(() => checkText('name', 'é'.repeat(50)))).toBeInstanceOf(TextTooLongError)
    expect(raised(() => checkText('email', '🎈'.repeat(25)))).toBeInstanceOf(TextTooLongError)
    checkText('name', `${'é'.repeat(49)}x`) // 99 bytes
  })

  it('refuses a NUL inside a text, where C would end it', () => {
    const alice = aUser()
    alice.email = 'alice@example.com'
    const error = raised(() => {
      alice.email = 'alice\0@example.com'
    })

    expect(error).toBeInstanceOf(EmbeddedNulError)
    expect(alice.email).toBe('alice@example.com')
    expect(raised(() => checkText('name', '\0Alice'))).toBeInstanceOf(EmbeddedNulError)
  })

  it.each([0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 7n])('holds the id %s', (id) => {
    const alice = aUser()
    alice.id = id

    expect(alice.id).toBe(Number(id))
  })

  it('writes the id into its four bytes: the name behind it stays', () => {
    const alice = aUser()
    alice.name = 'Alice'
    alice.id = 7

    expect(inMemory(alice)).toEqual({ id: 7, name: 'Alice', email: '' })
  })

  it.each([2 ** 31, -(2 ** 31) - 1, 2n ** 32n + 1n, 2n ** 63n, 1.5, Number.NaN])(
    'refuses the id %s, which is no whole number of 32 bits',
    (id) => {
      const alice = aUser()
      alice.id = 1
      const error = raised(() => {
        alice.id = id
      })

      expect(error).toBeInstanceOf(IntegerRangeError)
      expect(alice.id).toBe(1)
    },
  )

  it('refuses to write into a freed struct', () => {
    const gone = allocateUser()
    freeUser(gone)
    const write = () => {
      gone.name = 'Alice'
    }

    expect(raised(write)).toBeInstanceOf(UseAfterFreeError)
  })
})
