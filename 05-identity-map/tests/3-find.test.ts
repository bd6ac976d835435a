import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  InvalidValueError,
  NotFoundError,
  type Session,
  UndefinedValueError,
} from '#stage/05-identity-map'
import { Country, loaded, open, PostTag, Star, Tag, User } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
})

describe('Task 3: ask the map first', () => {
  it('finds the same object twice, and asks the database once', () => {
    const userA = session.find(User, 1)
    const userB = session.find(User, 1)

    expect(userA).toBeInstanceOf(User)
    expect(userA === userB).toBe(true)
    expect(db).toHaveSent([{ statement: 'SELECT users', parameters: [1] }])

    userA!.name = 'A-lice'
    expect(userB!.name).toBe('A-lice')
  })

  it('sends nothing for what a query has loaded', () => {
    const [alice] = session.query(User).all()
    db.forget()

    expect(session.find(User, 1)).toBe(alice)
    expect(db).toHaveSentCount(0)
  })

  it('gives undefined for a row that is not there, and asks again the next time', () => {
    expect(session.find(User, 4)).toBeUndefined()
    db.run(
      "INSERT INTO users (id, name, email, joined_at) VALUES (4, 'Dan', 'd@x', '2026-01-01T00:00:00Z')",
    )

    expect(session.find(User, 4)?.name).toBe('Dan')
  })

  it('knows composite keys, text and 64 bits', () => {
    db.exec("INSERT INTO countries VALUES ('1', 'One'); INSERT INTO stars VALUES (1, 'Sun')")
    const pair = session.find(PostTag, { postId: 2, tagId: 1 })
    const [country, star] = [session.find(Country, '1'), session.find(Star, 1n)]
    db.forget()

    expect(pair).toBeInstanceOf(PostTag)
    expect(session.find(PostTag, { tagId: 1, postId: 2 })).toBe(pair)
    expect(session.find(Country, '1')).toBe(country)
    expect(session.find(Star, 1n)).toBe(star)
    expect(db).toHaveSentCount(0)
  })

  it('knows 0 and the empty text as keys', () => {
    db.exec("INSERT INTO countries VALUES ('', 'Nowhere'); INSERT INTO tags VALUES (0, 'zero')")

    expect(session.find(Tag, 0)?.name).toBe('zero')
    expect(session.find(Country, '')?.name).toBe('Nowhere')
  })

  it('refuses a key of another type', () => {
    session.find(User, 1)

    expect(raised(() => session.find(User, '1' as never))).toBeInstanceOf(InvalidValueError)
  })

  it('refuses a forgotten key', () => {
    expect(raised(() => session.find(User, undefined as never))).toBeInstanceOf(UndefinedValueError)
    expect(raised(() => session.find(PostTag, { postId: 1 } as never))).toBeInstanceOf(
      UndefinedValueError,
    )
  })

  it('finds nothing under null, and does not ask', () => {
    expect(session.find(User, null as never)).toBeUndefined()
    expect(session.find(PostTag, { postId: 2, tagId: null as never })).toBeUndefined()
    expect(db).toHaveSentCount(0)
  })

  it('has a sister that insists', () => {
    expect(session.get(User, 2).name).toBe('Bob')
    const error = raised(() => session.get(User, 9))

    expect(error).toBeInstanceOf(NotFoundError)
    expect((error as Error).message).toContain('no User with the key 9')
  })

  it('loads relations with the object', () => {
    const alice = session.get(User, 1, { with: { posts: true } })

    expect(loaded(db, alice).posts.length).toBe(2)
    expect(db).toHaveSentCount(0)
  })
})
