import { type Mapped, type Owner, stateOf } from './mapped.ts'
import { nameOf } from './name-of.ts'

/** Something has to be read for an object that belongs to no session. */
export class DetachedError extends Error {
  override readonly name = 'DetachedError'

  constructor(object: Mapped, wanted: string, cure: string) {
    super(
      `Cannot load ${wanted} of ${nameOf(object)}: it belongs to no session. ` +
        `This usually happens when an object outlives its session, or is new and was not added to one. ${cure}`,
    )
  }
}

/**
 * The session that an object belongs to.
 *
 * @throws {DetachedError} when it belongs to none
 */
export function ownerOf(object: Mapped, wanted: string, cure: string): Owner {
  const { session } = stateOf(object)
  if (!session) throw new DetachedError(object, wanted, cure)
  return session
}
