import type { Pointer } from './sqlite3.ts'

/** A pointer that C lends us: usable until it is given back, an error after. C itself would crash, or worse, go on. */
export abstract class Handle {
  #pointer: Pointer | null

  constructor(pointer: Pointer) {
    this.#pointer = pointer
  }

  get pointer(): Pointer {
    if (this.#pointer === null) throw this.usedAfterRelease()
    return this.#pointer
  }

  /** Forgets the pointer. Giving the thing itself back to C is the caller's part. */
  release(): void {
    this.#pointer = null
  }

  protected abstract usedAfterRelease(): Error
}
