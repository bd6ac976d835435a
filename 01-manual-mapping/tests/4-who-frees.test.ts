import koffi from 'koffi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import { countUsers, leaveNoUsers } from './fixture.ts'

beforeEach(countUsers)
afterEach(leaveNoUsers)

import {
  addressOf,
  allocateUser,
  DoubleFreeError,
  freeUser,
  liveUsers,
  UseAfterFreeError,
  type User,
  userStruct,
} from '#stage/01-manual-mapping'

describe('Task 4: who frees?', () => {
  it('allocates a struct of zeros', () => {
    const user = allocateUser()
    const fields = { id: user.id, name: user.name, email: user.email }
    freeUser(user)

    expect(fields).toEqual({ id: 0, name: '', email: '' })
  })

  it('counts what somebody still has to free', () => {
    const before = liveUsers()
    const users = [allocateUser(), allocateUser(), allocateUser()] as const

    freeUser(users[1])
    expect(liveUsers() - before).toBe(2)

    freeUser(users[0])
    freeUser(users[2])
    expect(liveUsers() - before).toBe(0)
  })

  it('gives each struct memory of its own', () => {
    const alice = allocateUser()
    const bob = allocateUser()
    koffi.encode(addressOf(alice), userStruct, { id: 1, name: 'Alice', email: '' })
    koffi.encode(addressOf(bob), userStruct, { id: 2, name: 'Bob', email: '' })
    freeUser(bob)
    const name = alice.name
    freeUser(alice)

    expect(name).toBe('Alice')
  })

  it('refuses to read a freed struct', () => {
    const user = freed()

    expect(raised(() => user.id)).toBeInstanceOf(UseAfterFreeError)
    expect(raised(() => user.name)).toBeInstanceOf(UseAfterFreeError)
    expect(raised(() => addressOf(user))).toBeInstanceOf(UseAfterFreeError)
  })

  it('refuses to free a struct twice, and counts it once', () => {
    const before = liveUsers()
    const user = freed()

    expect(raised(() => freeUser(user))).toBeInstanceOf(DoubleFreeError)
    expect(liveUsers()).toBe(before)
  })

  it('knows a freed struct when its address has a new tenant', () => {
    const user = allocateUser()
    const address = addressOf(user)
    freeUser(user)
    const tenants = allocateUntil(address)

    const reading = raised(() => user.id)
    const freeing = raised(() => freeUser(user))
    for (const tenant of tenants) freeUser(tenant)

    expect(reading).toBeInstanceOf(UseAfterFreeError)
    expect(freeing).toBeInstanceOf(DoubleFreeError)
  })

  it('gives the memory itself back, not only its entry in the ledger', () => {
    const addresses = new Set<bigint>()
    for (let i = 0; i < 2000; i++) {
      const user = allocateUser()
      addresses.add(addressOf(user))
      freeUser(user)
    }

    // Memory that was given back is handed out again. Memory that leaks never is: 2000 addresses.
    expect(
      addresses.size,
      'no address was ever handed out again: is koffi.free called?',
    ).toBeLessThan(2000)
  })
})

function freed(): User {
  const user = allocateUser()
  freeUser(user)
  return user
}

/** Allocates until the system hands out that address again, which it may do soon, or never. */
function allocateUntil(address: bigint): User[] {
  const users: User[] = []
  for (let i = 0; i < 1000; i++) {
    const user = allocateUser()
    users.push(user)
    if (addressOf(user) === address) break
  }
  return users
}
