/** A model was used before its registry had a database. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError'

  constructor() {
    super(
      'The models have no database yet. This usually happens when a model is used before connect(), ' +
        'or when it belongs to another registry. Call connect(openSqlite("blog.db")) first, with the registry when it is not the common one.',
    )
  }
}

/** `get` found no row. `find` gives undefined in its place. */
export class RecordNotFoundError extends Error {
  override readonly name = 'RecordNotFoundError'

  constructor(table: string, key: unknown) {
    super(
      `There is no row in ${table} with the key ${show(key)}. This usually happens when the row was deleted, or the key belongs to another table. ` +
        'Where a missing row is no surprise, use find(), which gives undefined.',
    )
  }
}

/** A statement for one record met no row: it went away since it was read. */
export class LostRowError extends Error {
  override readonly name = 'LostRowError'

  constructor(table: string, key: unknown, doing: 'SELECT' | 'UPDATE' | 'DELETE') {
    super(
      `The ${doing} of ${table} ${show(key)} met no row: it is not in the database any more. ` +
        'This usually happens when another part of the program deleted it since it was loaded, or when the statement looked for a key that the row does not have. ' +
        'Load it again with find() and decide what to do.',
    )
  }
}

/** Something was asked of a record that its status does not allow. */
export class RecordStatusError extends Error {
  override readonly name = 'RecordStatusError'

  constructor(table: string, doing: string, status: 'new' | 'deleted') {
    const reason =
      status === 'new'
        ? 'it was never saved. Call save() first'
        : 'it was deleted. Create a new record to store it again'
    super(
      `Cannot ${doing} this record of ${table}: ${reason}. This usually happens when one record is used in two places.`,
    )
  }
}

/** A hook is an async function, and a synchronous ORM cannot wait for it. */
export class AsyncHookError extends Error {
  override readonly name = 'AsyncHookError'

  constructor(hook: string) {
    super(
      `The hook ${hook} returned a promise. Saving is synchronous here: the rest of the hook would run after the statement, and its errors would be lost. ` +
        'This usually happens when the hook is marked async. Remove async and await from it.',
    )
  }
}

function show(key: unknown): string {
  return typeof key === 'bigint' ? `${key}n` : (JSON.stringify(key) ?? String(key))
}
