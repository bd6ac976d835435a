import koffi from 'koffi'
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
  const user = new User()
  live.set(user, koffi.alloc(userStruct, 1))
  return user
}

/**
 * The address of a struct that is alive.
 *
 * @throws {UseAfterFreeError} when it was freed
 */
export function addressOf(user: User): Pointer {
  const address = live.get(user)
  if (address === undefined) throw new UseAfterFreeError()
  return address
}

/**
 * Gives a struct's memory back to C.
 *
 * @throws {DoubleFreeError} when it was freed before
 */
export function freeUser(user: User): void {
  const address = live.get(user)
  if (address === undefined) throw new DoubleFreeError()
  live.delete(user)
  koffi.free(address)
}

/**
 * Refuses a text that the struct could not give back as it is.
 *
 * @throws {TextTooLongError} when it has more than 99 bytes of UTF-8: the hundredth is for the NUL
 * @throws {EmbeddedNulError} when there is a NUL inside
 */
export function checkText(field: TextField, text: string): void {
  const nul = text.indexOf('\0')
  if (nul >= 0) throw new EmbeddedNulError(field, nul)
  const bytes = Buffer.byteLength(text)
  if (bytes >= TEXT_SIZE) throw new TextTooLongError(field, bytes, TEXT_SIZE - 1)
}

/** Writes a text into its array of the struct: C's `strcpy(user->name, text)`, but one that looks first. */
export function writeText(user: User, field: TextField, text: string): void {
  checkText(field, text)
  koffi.encode(addressOf(user), koffi.offsetof(userStruct, field), charArray, text)
}

/**
 * Writes the id into the struct.
 *
 * @throws {IntegerRangeError} when it is no whole number of 32 bits
 */
export function writeId(user: User, id: number | bigint): void {
  const number = Number(id)
  const fits = Number.isInteger(number) && number >= -(2 ** 31) && number < 2 ** 31
  if (!fits) throw new IntegerRangeError('id', id)
  koffi.encode(addressOf(user), koffi.offsetof(userStruct, 'id'), 'int', number)
}

function readText(user: User, field: TextField): string {
  return koffi.decode(addressOf(user), koffi.offsetof(userStruct, field), charArray)
}
