import type { Value } from '#shared/driver/driver'
import { fill, hydrate } from '../mapping/hydrate.ts'
import { type MappedType, mappingOf, typeOf } from '../mapping/inheritance.ts'
import { type Mapped, type Owner, stateOf } from '../mapping/mapped.ts'
import { fillWatched, unwatch, watch } from '../mapping/watched.ts'
import { forgetRelated } from '../relations/memory.ts'
import { ClassChangeError } from './errors.ts'
import { identityKey } from './identity-key.ts'
import type { IdentityMap } from './identity-map.ts'
import { type ClassRow, rowReader } from './row-reader.ts'

/** Whose objects are made of rows, and how they are held. */
export interface Home extends Owner {
  readonly objects: IdentityMap
  /** Whether the program alone keeps the objects alive. */
  readonly isWeak: boolean
  /** Hears that an object holds what its row holds: nothing would be lost with it. */
  release(object: Mapped): void
  /** Hears of objects that were not known before. */
  arrived(objects: readonly Mapped[]): void
}

/**
 * Makes objects of rows: one row, one object. A row whose object is there already gives that object **and does not change it**,
 * because the program may have: unless the object has expired, or fresh values are asked for.
 *
 * @example
 * materialize(User, [[1, 'Alice'], [2, 'Bob']], home) // [User#1, User#2]
 * materialize(User, [[1, 'Alicia']], home)            // [User#1], still called Alice
 */
export function materialize(
  type: MappedType,
  rows: readonly (readonly Value[])[],
  home: Home,
  { isFresh = false } = {},
): Mapped[] {
  const { table } = type.mapping.root
  const known = home.objects.of(table)
  const read = rowReader(type)
  const arrived: Mapped[] = []
  const objects = rows.map((row) => {
    const key = identityKey(table, row)
    const object = known.get(key)
    if (!object) {
      const created = create(read(row), home)
      known.set(key, created)
      arrived.push(created)
      return created
    }
    if (isFresh || stateOf(object).isExpired) overwrite(object, read(row), home)
    return object
  })
  home.arrived(arrived)
  return objects
}

function create({ type, row }: ClassRow, home: Home): Mapped {
  const object = hydrate(type.mapping.table, type, row)
  stateOf(object).session = home
  if (home.isWeak) watch(type.mapping.table, object)
  return object
}

/**
 * The object holds what stands in the row, whatever was changed in it. Its relations are read again at the next touch.
 *
 * @throws {ClassChangeError} when the row has become one of another class
 */
export function overwrite(object: Mapped, { type, row }: ClassRow, home: Home): void {
  if (type !== typeOf(object)) throw new ClassChangeError(object, type)
  const state = stateOf(object)
  const { table } = mappingOf(object)
  if (home.isWeak) fillWatched(table, object, row)
  else if (state.values) unwatch(table, object, row)
  else fill(table.columns, object, row)
  state.row = row
  state.references = undefined
  state.isExpired = false
  forgetRelated(object)
  home.release(object)
}
