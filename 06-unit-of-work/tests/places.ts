import fc from 'fast-check'
import { expect } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import type { Session } from '#stage/06-unit-of-work'
import { open, Place } from './models.ts'
import { tryRandomly } from './random.ts'

// Five places change their unique values in three columns at once, while some of them are replaced by new rows, or end.

/** What becomes of five places: the values that each of them gets, by the number of the place that had them. */
export interface Exchange {
  readonly fates: readonly ('stays' | 'is replaced' | 'ends')[]
  readonly number: readonly number[]
  readonly letter: readonly number[]
  readonly code: readonly number[]
  /** To which place each points, before and after; 5 is none. */
  readonly nextBefore: readonly number[]
  readonly nextAfter: readonly number[]
  /** In which order the program goes through them. */
  readonly order: readonly number[]
}

/** The five places, changed as asked for and not flushed yet; those that end are undefined. */
export function exchange(
  db: RecordedConnection,
  session: Session,
  plan: Exchange,
): (Place | undefined)[] {
  for (const i of all)
    db.run('INSERT INTO places VALUES (?, ?, ?, ?, NULL)', [i + 1, i, `letter ${i}`, `code ${i}`])
  for (const i of all)
    db.run('UPDATE places SET next_id = ? WHERE id = ?', [keyOf(plan.nextBefore[i]!), i + 1])
  const before = all.map((i) => session.get(Place, i + 1))
  const after = before.map((place, i) => becomes(place, plan.fates[i]!))
  for (const i of plan.order) if (after[i]) change(after[i], i, after, plan)
  session.add(...plan.order.flatMap((i) => after[i] ?? []))
  for (const i of plan.order) if (after[i] !== before[i]) session.delete(before[i]!)
  return after
}

const all = [0, 1, 2, 3, 4]

const keyOf = (i: number) => (i === 5 ? null : i + 1)

function becomes(place: Place, fate: Exchange['fates'][number]): Place | undefined {
  if (fate === 'stays') return place
  return fate === 'ends' ? undefined : new Place({ number: -1, code: '' })
}

function change(place: Place, i: number, after: readonly (Place | undefined)[], plan: Exchange) {
  const { number, letter, code, nextAfter } = plan
  Object.assign(place, {
    number: number[i],
    letter: `letter ${letter[i]}`,
    code: `code ${code[i]}`,
  })
  place.next = after[nextAfter[i]!] ?? null
}

const permutation = fc.shuffledSubarray(all, { minLength: 5, maxLength: 5 })
const links = fc.array(fc.nat(5), { minLength: 5, maxLength: 5 })

const exchanges = fc.record<Exchange>({
  fates: fc.array(fc.constantFrom('stays', 'stays', 'is replaced', 'ends'), {
    minLength: 5,
    maxLength: 5,
  }),
  number: permutation,
  letter: permutation,
  code: permutation,
  nextBefore: links,
  nextAfter: links,
  order: permutation,
})

/** Whatever is exchanged, one commit brings it about. */
export function tryExchanges(): void {
  const property = fc.property(exchanges, (plan) => {
    const { db, session } = open()
    const places = exchange(db, session, plan).filter((place) => place !== undefined)
    session.commit()
    const rows = places.map(({ number, letter, code, next }) => [
      number,
      letter,
      code,
      next?.number ?? null,
    ])
    expect(stored(db)).toEqual(rows.toSorted(([one], [other]) => Number(one) - Number(other)))
    expect(session.dirty).toEqual([])
    db.close()
  })
  tryRandomly(property, 30)
}

const stored = (db: RecordedConnection) =>
  db.values(
    'SELECT p.number, p.letter, p.code, n.number FROM places p LEFT JOIN places n ON n.id = p.next_id ORDER BY 1',
  )
