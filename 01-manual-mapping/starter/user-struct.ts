import koffi from 'koffi'
import { todo } from '#shared/todo'
import {
  DoubleFreeError,
  EmbeddedNulError,
  IntegerRangeError,
  TextTooLongError,
  UseAfterFreeError,
} from './errors.ts'
import type { Pointer } from './sqlite3.ts'

const TEXT_SIZE = 100
const charArray = koffi.array('char', TEXT_SIZE)

/** `struct User { int id; char name[100]; char email[100]; }` */
export const userStruct = koffi.struct({ id: 'int', name: charArray, email: charArray })

export type TextField = 'name' | 'email'

/** A `User *`. Each field is read from C's memory, and written into it, at the moment you touch it. */
export class User {
  get id(): number {
    return koffi.decode(addressOf(this), koffi.offsetof(userStruct, 'id'), 'int')
  }

  set id(id: number | bigint) {
    writeId(this, id)
  }

  get name(): string {
    return readText(this, 'name')
  }

  set name(text: string) {
    writeText(this, 'name', text)
  }

  get email(): string {
    return readText(this, 'email')
  }

  set email(text: string) {
    writeText(this, 'email', text)
  }
}

/** Every `User *` that somebody still has to free, with its address. */
const live = new Map<User, Pointer>()

/** How many `User *` somebody still has to free. */
export function liveUsers(): number {
  return live.size
}

/** Allocates a struct of zeros. Whoever gets it owns it, and has to free it. */
export function allocateUser(): User {
  // TODO(4): allocate one struct with koffi.alloc and enter it in the ledger.
  return todo('Task 4: who frees?')
}

/**
 * The address of a struct that is alive.
 *
 * @throws {UseAfterFreeError} when it was freed
 */
export function addressOf(user: User): Pointer {
  // TODO(4): look it up in the ledger.
  return todo('Task 4: who frees?')
}

/**
 * Gives a struct's memory back to C.
 *
 * @throws {DoubleFreeError} when it was freed before
 */
export function freeUser(user: User): void {
  // TODO(4): strike it off the ledger, and give its memory back with koffi.free.
  todo('Task 4: who frees?')
}

/**
 * Refuses a text that the struct could not give back as it is.
 *
 * @throws {TextTooLongError} when it has more than 99 bytes of UTF-8: the hundredth is for the NUL
 * @throws {EmbeddedNulError} when there is a NUL inside
 */
export function checkText(field: TextField, text: string): void {
  // TODO(5): refuse a NUL inside, and more bytes than fit.
  todo('Task 5: fit it into the struct')
}

/** Writes a text into its array of the struct: C's `strcpy(user->name, text)`, but one that looks first. */
export function writeText(user: User, field: TextField, text: string): void {
  // TODO(5): check, then encode the text at the place of its field.
  todo('Task 5: fit it into the struct')
}

/**
 * Writes the id into the struct.
 *
 * @throws {IntegerRangeError} when it is no whole number of 32 bits
 */
export function writeId(user: User, id: number | bigint): void {
  // TODO(5): check, then encode the number at the place of the id.
  todo('Task 5: fit it into the struct')
}

function readText(user: User, field: TextField): string {
  return koffi.decode(addressOf(user), koffi.offsetof(userStruct, field), charArray)
}
