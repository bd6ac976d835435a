/** A relation that cannot be bound to a foreign key, or is used as what it is not. */
export class RelationError extends Error {
  override readonly name = 'RelationError'
}

/** A relation was touched that is not loaded, where loading by itself is not allowed. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError'

  constructor(object: string, property: string, cure = `with({ ${property}: true })`) {
    super(
      `${object}.${property} is not loaded, and strict loading forbids loading it now. ` +
        'This usually happens in a loop over a list, where each object would send a statement of its own. ' +
        `Ask for it in the query: ${cure}.`,
    )
  }
}
