import type { Case, Place } from '../case.ts'

// Several things that belong together: units of work, transactions, many rows.

const emails = async ({ sql }: Place) =>
  (await sql('SELECT name, email FROM authors ORDER BY email')).map(
    ({ name, email }) => `${name} ${email}`,
  )

const namesOf = async ({ sql }: Place) =>
  (await sql('SELECT name FROM authors ORDER BY name')).map(({ name }) => name)

const twoAuthors = ({ sql }: Place) =>
  sql(`INSERT INTO authors (id, name, email) VALUES (1, 'Ann', 'a@x'), (2, 'Bo', 'b@x')`)

/** Ends a promise that may fail, and forgets the failure. A verb that is missing comes through. */
const attempt = (work: Promise<unknown>) =>
  work.then(
    () => true,
    (error) => {
      if (error.name === 'NotOffered') throw error
      return false
    },
  )

const pause = () => new Promise((resolve) => setTimeout(resolve, 5))

export const units: readonly Case[] = [
  {
    id: 'one-object',
    title: 'one row is one object, however often it is found',
    right: true,
    async run(place) {
      await twoAuthors(place)
      return await place.orm.unit(async (unit) => {
        const ann = await unit.find('authors', 1)
        const all = await unit.all('authors')
        return all.includes(ann) && (await unit.find('authors', 1)) === ann
      })
    },
  },
  {
    id: 'unsaved-kept',
    title: 'a query does not overwrite what was changed and not saved yet',
    right: ['Annie', 'Annie'],
    async run(place) {
      await twoAuthors(place)
      const name = await place.orm.unit(async (unit) => {
        const ann = await unit.find('authors', 1)
        ann.name = 'Annie'
        await unit.all('authors')
        const { name } = ann
        await unit.save()
        return name
      })
      return [name, (await place.sql('SELECT name FROM authors WHERE id = 1'))[0]?.name]
    },
  },
  {
    id: 'missing-not-kept',
    title: 'who was not there when a session asked may be there the next time',
    right: [false, true],
    async run(place) {
      return await place.orm.unit(async (unit) => {
        const before = await unit.find('authors', 1)
        await twoAuthors(place)
        const after = await unit.find('authors', 1)
        return [Boolean(before), Boolean(after)]
      })
    },
  },
  {
    id: 'swap',
    title: 'two unique values are swapped in one unit of work',
    right: ['Bo a@x', 'Ann b@x'],
    async run(place) {
      await twoAuthors(place)
      await place.orm.together([
        { update: 'authors', key: 1, values: { email: 'b@x' } },
        { update: 'authors', key: 2, values: { email: 'a@x' } },
      ])
      return await emails(place)
    },
  },
  {
    id: 'replace',
    title: 'one is deleted, and a new one takes its unique value',
    right: ['New a@x', 'Bo b@x'],
    async run(place) {
      await twoAuthors(place)
      await place.orm.together([
        { insert: 'authors', values: { name: 'New', email: 'a@x' } },
        { remove: 'authors', key: 1 },
      ])
      return await emails(place)
    },
  },
  {
    id: 'all-or-nothing',
    title: 'the last change of a unit fails: nothing of it is stored',
    right: [false, ['Ann', 'Bo']],
    async run(place) {
      await twoAuthors(place)
      const works = await attempt(
        place.orm.together([
          { update: 'authors', key: 1, values: { name: 'Annie' } },
          { insert: 'authors', values: { name: 'Cy', email: 'c@x' } },
          { insert: 'authors', values: { name: 'Dee', email: 'b@x' } },
        ]),
      )
      return [works, await namesOf(place)]
    },
  },
  {
    id: 'mended',
    title: 'after a save that failed, the object is mended, and saved in the same session',
    right: [false, ['Ann a@x', 'Bo b@x', 'Cy c@x']],
    async run(place) {
      await twoAuthors(place)
      const works = await place.orm.unit(async (unit) => {
        const cy = unit.add('authors', { name: 'Cy', email: 'b@x' })
        const works = await attempt(unit.save())
        cy.email = 'c@x'
        await unit.save()
        return works
      })
      return [works, await emails(place)]
    },
  },
  {
    id: 'rollback',
    title: 'a transaction fails after an await: nothing of it is stored',
    right: [false, []],
    async run(place) {
      const works = await attempt(
        place.orm.transaction(async (inner) => {
          await inner.create('authors', { name: 'Ann' })
          await pause()
          throw new Error('no')
        }),
      )
      return [works, await namesOf(place)]
    },
  },
  {
    id: 'caught',
    title:
      'a statement in a transaction fails and the program goes on: what is reported as stored is stored',
    right: ['Ann', 'Bo', 'Cy'],
    async run(place) {
      await twoAuthors(place)
      await place.orm.transaction(async (inner) => {
        await inner.create('authors', { name: 'Cy', email: 'c@x' })
        await attempt(inner.create('authors', { name: 'Dee', email: 'a@x' }))
      })
      return await namesOf(place)
    },
  },
  {
    id: 'nested',
    title: 'a transaction inside of another one fails alone',
    right: ['Ann', 'Cy'],
    async run(place) {
      await place.orm.transaction(async (outer) => {
        await outer.create('authors', { name: 'Ann' })
        const works = outer.transaction(async (inner) => {
          await inner.create('authors', { name: 'Bo' })
          throw new Error('no')
        })
        await attempt(works)
        await outer.create('authors', { name: 'Cy' })
      })
      return await namesOf(place)
    },
  },
  {
    id: 'two-at-once',
    title: 'of two transactions at the same time one fails: the other one is stored',
    right: [[true, false], ['Ann']],
    async run(place) {
      const work = (name: string, fails: boolean) =>
        place.orm.transaction(async (inner) => {
          await inner.create('authors', { name })
          await pause()
          if (fails) throw new Error('no')
        })
      const outcomes = await Promise.all([attempt(work('Ann', false)), attempt(work('Bo', true))])
      return [outcomes, await namesOf(place)]
    },
  },
  {
    id: 'insert-10000',
    title: '10,000 new rows at once: more parameters than a statement takes',
    right: 10_000,
    async run({ orm, sql }) {
      const rows = Array.from({ length: 10_000 }, (_, i) => ({
        name: `n${i}`,
        email: `e${i}`,
        nickname: `k${i}`,
        status: 'old',
      }))
      await orm.createMany('authors', rows)
      return (await sql('SELECT COUNT(*) AS count FROM authors'))[0]?.count
    },
  },
  {
    id: 'keys-of-many',
    title: 'of 500 new rows at once, each object has the key of its own row',
    right: 500,
    async run({ orm, sql }) {
      const names = Array.from({ length: 500 }, (_, i) => `n${i}`)
      const made = await orm.createMany(
        'authors',
        names.map((name) => ({ name })),
      )
      const rows = await sql('SELECT id, name FROM authors')
      const idOf = new Map(rows.map(({ id, name }) => [name, id]))
      return made.filter(({ id }, i) => id === idOf.get(names[i]!)).length
    },
  },
  {
    id: 'uneven-rows',
    title: 'of two new rows one leaves a column out: it gets the default, not NULL',
    right: ['old', 'new'],
    async run({ orm, sql }) {
      await orm.createMany('authors', [{ name: 'Ann', status: 'old' }, { name: 'Bo' }])
      return (await sql('SELECT status FROM authors ORDER BY name')).map(({ status }) => status)
    },
  },
  {
    id: 'schema-cascade',
    title:
      'a column may be NULL from now on: no row is lost, and none that hangs on it by ON DELETE CASCADE',
    right: [1, 2, 'done'],
    async run({ orm, sql }) {
      await sql(`INSERT INTO shelves VALUES (1, 'x')`)
      await sql('INSERT INTO books VALUES (1, 1), (2, 1)')
      await orm.changeSchema()
      const shelves = await sql('SELECT COUNT(*) AS count FROM shelves')
      const books = await sql('SELECT COUNT(*) AS count FROM books')
      await sql('UPDATE shelves SET label = NULL')
      return [shelves[0]?.count, books[0]?.count, 'done']
    },
  },
]
