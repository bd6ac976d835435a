import type { Mapped } from '../mapping/mapped.ts'
import { nameOf } from '../mapping/name-of.ts'

/** `get` found no row. `find` gives undefined in its place. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError'

  constructor(type: string, key: unknown) {
    super(
      `There is no ${type} with the key ${show(key)}. This usually happens when the row was deleted, or the key belongs to another class. ` +
        'Where a missing row is no surprise, use find(), which gives undefined.',
    )
  }
}

/** A session was used after `close`. */
export class SessionClosedError extends Error {
  override readonly name = 'SessionClosedError'

  constructor(doing: string) {
    super(
      `Cannot ${doing}: the session is closed. ` +
        'This usually happens when objects outlive the session that loaded them, as in a callback that runs later. ' +
        'Open a new session for it, or close this one last.',
    )
  }
}

/** An object belongs to one session, and was given to another. */
export class OtherSessionError extends Error {
  override readonly name = 'OtherSessionError'

  constructor(object: Mapped) {
    super(
      `${nameOf(object)} belongs to another session. Two sessions would write it twice, and neither would see what the other wrote. ` +
        'This usually happens when an object is kept in a variable from one request to the next. ' +
        'Find it in this session, or expunge it from the other one first.',
    )
  }
}

/** A session has an object for this row already, and was given another one. */
export class DuplicateObjectError extends Error {
  override readonly name = 'DuplicateObjectError'

  constructor(object: Mapped) {
    super(
      `The session has another object for the row of ${nameOf(object)}. One row is one object: changes of the two would overwrite each other. ` +
        'This usually happens when a detached object comes back after the row was loaded again. ' +
        'Find the object of the session, and copy to it what has changed.',
    )
  }
}

/** Something was asked of an object that its state does not allow. */
export class ObjectStateError extends Error {
  override readonly name = 'ObjectStateError'

  constructor(doing: string, object: Mapped, status: string, cure: string) {
    super(
      `Cannot ${doing} ${nameOf(object)}: it is ${status}. ` +
        `This usually happens when one object is used in two places. ${cure}`,
    )
  }
}

/** A statement for one object met no row: it went away since it was read. */
export class LostRowError extends Error {
  override readonly name = 'LostRowError'

  constructor(object: Mapped, doing: 'SELECT' | 'UPDATE' | 'DELETE') {
    super(
      `The ${doing} of ${nameOf(object)} met no row: it is not in the database any more. ` +
        'This usually happens when somebody else deleted it since it was loaded. Find it again and decide what to do.',
    )
  }
}

/** A column that tells rows apart was given another value. */
export class IdentityChangeError extends Error {
  override readonly name = 'IdentityChangeError'

  constructor(object: Mapped, property: string, value: unknown) {
    super(
      `The ${property} of ${nameOf(object)} was changed to ${show(value)}. It says which row the object stands for, and as what: it cannot change. ` +
        'This usually happens when an object is used as a template for a new one. Make a new object, and delete this one if it is not wanted any more.',
    )
  }
}

/** A row says that it is of a class that nobody declared. */
export class UnknownClassError extends Error {
  override readonly name = 'UnknownClassError'

  constructor(column: string, word: unknown, known: readonly unknown[]) {
    super(
      `${column} holds ${show(word)}, and no class has that word. ` +
        `This usually happens when the file that declares the class is not imported, or when another program wrote the row. Import the class, or mend the row. Known words: ${known.map(show).join(', ')}.`,
    )
  }
}

/** A row has become one of another class since its object was made. */
export class ClassChangeError extends Error {
  override readonly name = 'ClassChangeError'

  constructor(object: Mapped, type: { readonly name: string }) {
    super(
      `The row of ${nameOf(object)} is one of the class ${type.name} now, and an object cannot change its class: half of its columns would be those of the other. ` +
        'This usually happens when another program has changed the discriminator of the row. Expunge the object and find it again.',
    )
  }
}

/** A hook is an async function, and a synchronous session cannot wait for it. */
export class AsyncHookError extends Error {
  override readonly name = 'AsyncHookError'

  constructor(hook: string) {
    super(
      `The hook ${hook} returned a promise. Writing is synchronous here: the rest of the hook would run after the statement, and its errors would be lost. ` +
        'This usually happens when the hook is marked async. Remove async and await from it.',
    )
  }
}

export function show(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value))
}
