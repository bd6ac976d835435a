import { isDeepStrictEqual } from 'node:util'
import type { Row } from '../../driver/driver.ts'
import { NotOffered, type Subject } from './subject.ts'

/** Where a case runs. */
export interface Place {
  readonly database: 'sqlite' | 'postgres'
  /** The ORM. A verb that it does not have is a `NotOffered`. */
  readonly orm: Required<Subject>
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
  /** It needs an ORM that converts types. */
  readonly isAboutTypes?: boolean
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
  if (one.isAboutTypes && !subject.convertsTypes) return { kind: 'not offered' }
  try {
    const value = await one.run({ ...place, orm: complete(subject) })
    const isRight = one.refusal !== 'only' && isDeepStrictEqual(value, one.right)
    return { kind: isRight ? 'right' : 'wrong', value }
  } catch (error) {
    if (error instanceof NotOffered) return { kind: 'not offered' }
    return { kind: one.refusal ? 'right' : 'refused', error }
  }
}

/** The subject, with an error for each verb that it does not have. */
function complete(subject: Subject): Required<Subject> {
  return new Proxy(subject, {
    get(target, verb) {
      const own = Reflect.get(target, verb)
      if (own !== undefined) return typeof own === 'function' ? own.bind(target) : own
      return () => Promise.reject(new NotOffered(String(verb)))
    },
  }) as Required<Subject>
}
