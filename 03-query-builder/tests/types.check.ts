import { expectTypeOf } from 'vitest'
import type { Connection } from '#shared/driver/driver'
import {
  alias,
  caseWhen,
  coalesce,
  count,
  cte,
  deleteFrom,
  fetchAll,
  fetchFirst,
  from,
  insertInto,
  max,
  Query,
  rowNumber,
  scalar,
  sql,
  sum,
  update,
  value,
} from '#stage/03-query-builder'
import { Comment, Post, Tag, User } from './models.ts'

// What must compile, with which types, and what must not. Nothing here runs: TypeScript is the test.

export function whatASelectionGives(db: Connection) {
  const everything = fetchAll(db, from(User))
  expectTypeOf(everything).items.toEqualTypeOf<{
    id: number
    name: string
    email: string
    age: number | null
    accountType: 'free' | 'premium'
    joinedAt: Date
  }>()

  const query = from(User)
    .innerJoin(Post, (u, p) => p.userId.eq(u.id))
    .select((u, p) => ({
      name: u.name,
      age: u.age,
      title: p.title,
      posts: count(p.id),
      last: max(p.createdAt),
      years: sum(u.age),
      safe: coalesce(u.age, 0),
      isAdult: u.age.gte(18),
      hasAge: u.age.isNotNull(),
      kind: caseWhen(u.age.gte(18), 'adult').else('young'),
      place: rowNumber().over({ orderBy: p.createdAt }),
      initial: sql<string>`substr(${u.name}, 1, 1)`,
      seven: value(7),
    }))
  expectTypeOf(fetchFirst(db, query)).toEqualTypeOf<
    | {
        name: string
        age: number | null
        title: string
        posts: number
        last: Date | null
        years: number | null
        safe: number
        isAdult: boolean | null
        hasAge: boolean
        kind: string
        place: number
        initial: string
        seven: number
      }
    | undefined
  >()
}

export function whatAJoinMakesNull(db: Connection) {
  const left = from(User)
    .leftJoin(Post, (u, p) => p.userId.eq(u.id))
    .select((u, p) => ({ name: u.name, title: p.title }))
  expectTypeOf(fetchAll(db, left)).items.toEqualTypeOf<{ name: string; title: string | null }>()

  const right = from(User)
    .rightJoin(Post, (u, p) => p.userId.eq(u.id))
    .select((u, p) => ({ name: u.name, title: p.title }))
  expectTypeOf(fetchAll(db, right)).items.toEqualTypeOf<{ name: string | null; title: string }>()

  const full = from(User)
    .fullJoin(Post, (u, p) => p.userId.eq(u.id))
    .select((u, p) => ({ name: u.name, title: p.title }))
  expectTypeOf(fetchAll(db, full)).items.toEqualTypeOf<{
    name: string | null
    title: string | null
  }>()

  const whole = from(Tag).rightJoin(Post, (tag, p) => tag.id.eq(p.id))
  expectTypeOf(fetchAll(db, whole)).items.toEqualTypeOf<{
    id: number | null
    name: string | null
  }>()
}

export function whatOtherSourcesGive(db: Connection) {
  const inner = from(Post).select((p) => ({ userId: p.userId, at: max(p.createdAt) }))
  const rows = fetchAll(db, from(inner.as('latest')))
  expectTypeOf(rows).items.toEqualTypeOf<{ userId: number; at: Date | null }>()

  const named = cte('named', inner)
  const joined = from(User)
    .leftJoin(named, (u, n) => n.userId.eq(u.id))
    .innerJoin(alias(User, 'boss'), (u, _, boss) => boss.id.eq(u.id))
    .select((u, n, boss) => ({ name: u.name, at: n.at, userId: n.userId, boss: boss.name }))
  expectTypeOf(fetchAll(db, joined)).items.toEqualTypeOf<{
    name: string
    at: Date | null
    userId: number | null
    boss: string
  }>()

  const age = scalar(from(User).select((u) => ({ age: u.age })))
  expectTypeOf(fetchAll(db, from(Tag).select({ age }))).items.toEqualTypeOf<{
    age: number | null
  }>()
}

export function whatAWriteGives(db: Connection) {
  const inserted = insertInto(User)
    .values({ name: 'Dan', email: 'dan@example.com' })
    .returning((u) => ({ id: u.id, at: u.joinedAt }))
  expectTypeOf(fetchAll(db, inserted)).items.toEqualTypeOf<{ id: number; at: Date }>()

  const updated = update(User).set({ age: null }).where(User.c.id.eq(1)).returning()
  expectTypeOf(fetchAll(db, updated)).items.toHaveProperty('age').toEqualTypeOf<number | null>()
}

export function whatAModelGives() {
  expectTypeOf(User.query().all()).items.toEqualTypeOf<User>()
  expectTypeOf(User.query().first()).toEqualTypeOf<User | undefined>()
  expectTypeOf(
    User.query()
      .select((u) => ({ name: u.name }))
      .all(),
  ).items.toEqualTypeOf<{ name: string }>()
}

export function whatDoesNotCompile() {
  // @ts-expect-error there is no such column
  from(User).where((u) => u.nmae.eq('Alice'))
  // @ts-expect-error a number is compared with text
  from(User).where((u) => u.age.gt('18'))
  // @ts-expect-error a column is compared with one of another type
  from(User).where((u) => u.age.eq(u.name))
  // @ts-expect-error this column is never null
  from(User).where((u) => u.name.eq(null))
  // @ts-expect-error nothing is greater than null
  from(User).where((u) => u.age.gt(null))
  // @ts-expect-error like is for text
  from(User).where((u) => u.age.like('1%'))
  // @ts-expect-error plus is for numbers
  from(User).select((u) => ({ x: u.name.plus('x') }))
  // @ts-expect-error not one of the words
  from(User).where((u) => u.accountType.eq('gold'))
  // @ts-expect-error the list holds text
  from(User).where((u) => u.id.in(['1']))
  // @ts-expect-error the query gives text
  from(User).where((u) => u.id.in(from(Post).select((p) => ({ title: p.title }))))
  // @ts-expect-error JavaScript compares here, not the database
  from(User).where((u) => u.name === 'Alice')
  // @ts-expect-error a number is no condition
  from(User).where((u) => u.age)
  // @ts-expect-error there is no second source
  from(User).where((_, p) => p.title.eq('x'))
  // @ts-expect-error a value is no expression
  from(User).select(() => ({ seven: 7 }))
  // @ts-expect-error a window function needs its window
  from(User).select(() => ({ place: rowNumber() }))
  from(User)
    .select((u) => ({ id: u.id }))
    // @ts-expect-error the two queries give different rows
    .union(from(Tag).select((tag) => ({ id: tag.name })))
  // @ts-expect-error the table has no such column
  from(Comment).select((c) => ({ name: c.name }))

  // @ts-expect-error email is missing
  insertInto(User).values({ name: 'Dan' })
  // @ts-expect-error there is no such column
  insertInto(Tag).values({ name: 'x', nmae: 'y' })
  // @ts-expect-error name is text
  insertInto(Tag).values({ name: 5 })
  // @ts-expect-error the query gives no name
  insertInto(Tag).select(from(User).select((u) => ({ id: u.id })))
  // @ts-expect-error name is never null
  update(User).set({ name: null })
  // @ts-expect-error there is no such column
  update(User).set({ nmae: 'x' })
  // @ts-expect-error there is no such column
  deleteFrom(User).where((u) => u.nmae.eq('x'))

  // @ts-expect-error there is no such operator
  new Query().where('age', '=>', 18)
  // @ts-expect-error there is no such direction
  new Query().orderBy('name', 'UP')
}
