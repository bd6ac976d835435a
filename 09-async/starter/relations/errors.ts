/** A relation that cannot be bound to a foreign key, or is used as what it is not. */
export class RelationError extends Error {
  override readonly name = 'RelationError'
}

/** A relation was touched that is not loaded. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError'

  constructor(object: string, property: string, cure = `with({ ${property}: true })`) {
    super(
      `${object}.${property} is not loaded. ` +
        'This usually happens when it is touched without await, or in a loop where strict loading forbids a statement for each object; ' +
        'and when it was loaded before a rollback, a refresh or an expire, which forget what was loaded: the rows may be others now. ' +
        `Await it, or ask for it in the query: ${cure}.`,
    )
  }
}
