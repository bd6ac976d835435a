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
        'This usually happens when it is touched without await, or in a loop where strict loading forbids a statement for each object. ' +
        `Await it, or ask for it in the query: ${cure}.`,
    )
  }
}
