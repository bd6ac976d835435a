import { isDeepStrictEqual } from 'node:util'
import type { Row } from '../../driver/driver.ts'
import { type Convertible, type Inner, NotOffered, type Subject } from './subject.ts'

/** Where a case runs. */
export interface Place {
  readonly database: 'sqlite' | 'postgres'
  /** The ORM. A verb that it does not have is a `NotOffered`. */
  readonly orm: Complete
  /** Sends SQL on another connection: what somebody else does meanwhile, and what really stands in the database. */
  readonly sql: (text: string) => Promise<Row[]>
}

/** A trap, and how to see whether an ORM falls into it. */
export interface Case {
  readonly id: string
  /** The trap, for a reader. */
  readonly title: string
  /** What `run` gives when all is right. */
  readonly right: unknown
  /** An error in its place is right as well, or (`only`) the one right answer: whoever is told is not deceived. */
  readonly refusal?: 'right' | 'only'
  /** It needs an ORM that converts these. */
  readonly about?: Convertible
  /** The errors with which the ORM of the workbook refuses, where it does. */
  readonly refusesWith?: Partial<Record<Place['database'], string>>
  run(place: Place): Promise<unknown>
}

/** What came of a case. */
export interface Outcome {
  readonly kind: 'right' | 'wrong' | 'refused' | 'not offered'
  /** What came back, or what the error said, where that is not what it should be. */
  readonly value?: unknown
  readonly error?: unknown
}

/** Runs a case, and says what came of it. */
export async function judge(
  one: Case,
  place: Omit<Place, 'orm'>,
  subject: Subject,
): Promise<Outcome> {
  if (one.about && !subject.converts.includes(one.about)) return { kind: 'not offered' }
  try {
    const value = await one.run({ ...place, orm: complete(subject) })
    const isRight = one.refusal !== 'only' && isDeepStrictEqual(value, one.right)
    return { kind: isRight ? 'right' : 'wrong', value }
  } catch (error) {
    if (error instanceof NotOffered) return { kind: 'not offered' }
    return { kind: one.refusal ? 'right' : 'refused', error }
  }
}

/** An ORM that can be asked everything. */
export type Complete = Required<Omit<Subject, 'transaction'>> & {
  transaction<T>(work: (inner: Complete) => Promise<T>): Promise<T>
}

/** The subject, with an error for each verb that it does not have. */
function complete(subject: Inner): Complete {
  const { transaction } = subject
  const whole = transaction && {
    transaction: (work: (inner: Complete) => Promise<unknown>) =>
      transaction((inner) => work(complete(inner))),
  }
  return new Proxy({ ...subject, ...whole } as Complete, {
    get: (target, verb) =>
      Reflect.get(target, verb) ?? (() => Promise.reject(new NotOffered(String(verb)))),
  })
}
