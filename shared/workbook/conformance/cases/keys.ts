import type { Case, Place } from '../case.ts'

// Which row is meant.

/** Two accounts whose keys differ in the last digit, beyond what a number of JavaScript can tell apart. */
const neighbours = ({ sql }: Place) =>
  sql(`INSERT INTO accounts VALUES (9007199254740992, 'first'), (9007199254740993, 'second')`)

const second = 9_007_199_254_740_993n

export const keys: readonly Case[] = [
  {
    id: 'key-composite',
    title: 'a key of two columns: found, changed and deleted, and only that row',
    right: ['Bo', 'Dee', ['1.1 Ann', '1.2 Dee']],
    async run({ orm, sql }) {
      await orm.create('seats', { aisle: 1, number: 1, guest: 'Ann' })
      await orm.create('seats', { aisle: 1, number: 2, guest: 'Bo' })
      await orm.create('seats', { aisle: 2, number: 1, guest: 'Cy' })
      const found = await orm.find('seats', { aisle: 1, number: 2 })
      await orm.update('seats', { aisle: 1, number: 2 }, { guest: 'Dee' })
      const changed = await orm.find('seats', { aisle: 1, number: 2 })
      await orm.remove('seats', { aisle: 2, number: 1 })
      const rows = await sql('SELECT aisle, number, guest FROM seats ORDER BY aisle, number')
      const left = rows.map(({ aisle, number, guest }) => `${aisle}.${number} ${guest}`)
      return [found?.guest, changed?.guest, left]
    },
  },
  {
    id: 'key-zero',
    title: '0 is a key like any other',
    right: ['Ann', ['Annie']],
    async run({ orm, sql }) {
      await sql(`INSERT INTO authors (id, name) VALUES (0, 'Ann')`)
      const found = await orm.find('authors', 0)
      await orm.update('authors', 0, { name: 'Annie' })
      const rows = await sql('SELECT name FROM authors')
      return [found?.name, rows.map(({ name }) => name)]
    },
  },
  {
    id: 'key-int64-find',
    title: 'a key beyond 2^53 finds its row, and not the neighbour',
    right: 'second',
    async run(place) {
      await neighbours(place)
      return (await place.orm.find('accounts', second))?.label
    },
  },
  {
    id: 'key-int64-change',
    title: 'and changes its row, and not the neighbour',
    right: ['first', 'changed'],
    async run(place) {
      await neighbours(place)
      await place.orm.update('accounts', second, { label: 'changed' })
      const rows = await place.sql('SELECT label FROM accounts ORDER BY id')
      return rows.map(({ label }) => label)
    },
  },
  {
    id: 'key-int64-children',
    title: 'children of two parents whose keys differ beyond 2^53 stay apart',
    right: [
      ['first', ['one']],
      ['second', ['two']],
    ],
    async run(place) {
      await neighbours(place)
      await place.sql(
        `INSERT INTO entries (account_id, label) VALUES (9007199254740992, 'one'), (9007199254740993, 'two')`,
      )
      const accounts = await place.orm.load('accounts', ['entries'])
      return accounts.map(({ label, entries }) => [
        label,
        (entries as { label: string }[]).map((entry) => entry.label),
      ])
    },
  },
  {
    id: 'key-reused',
    title: 'the last row is deleted and a new one gets its key: a session does not confuse the two',
    right: ['Bo', true],
    run: ({ orm, database, sql }) =>
      orm.unit(async (unit) => {
        const ann = unit.add('authors', { name: 'Ann' })
        await unit.save()
        const { id } = ann
        unit.remove(ann)
        await unit.save()
        // PostgreSQL never gives a key twice by itself.
        const bo = unit.add('authors', database === 'sqlite' ? { name: 'Bo' } : { id, name: 'Bo' })
        await unit.save()
        const found = await unit.find('authors', id)
        await sql('SELECT 1')
        return [found?.name, found === bo]
      }),
  },
  {
    id: 'row-gone',
    title: 'the row of an object is gone when it is saved: somebody hears of it',
    right: undefined,
    refusal: 'only',
    refusesWith: { sqlite: 'LostRowError', postgres: 'LostRowError' },
    async run({ orm, sql }) {
      const { id } = await orm.create('authors', { name: 'Ann' })
      await orm.edit('authors', id as number, async (author) => {
        await sql('DELETE FROM authors')
        author.name = 'Annie'
      })
    },
  },
  {
    id: 'other-column',
    title: 'somebody else has changed another column meanwhile: it is not written back',
    right: ['Annie', 'A.'],
    async run({ orm, sql }) {
      const { id } = await orm.create('authors', { name: 'Ann', nickname: null })
      await orm.edit('authors', id as number, async (author) => {
        await sql(`UPDATE authors SET nickname = 'A.'`)
        author.name = 'Annie'
      })
      const [row] = await sql('SELECT name, nickname FROM authors')
      return [row?.name, row?.nickname]
    },
  },
  {
    id: 'version',
    title: 'with a version column, the second of two writers is refused',
    right: undefined,
    refusal: 'only',
    refusesWith: { sqlite: 'StaleObjectError', postgres: 'StaleObjectError' },
    async run({ orm, sql }) {
      const { id } = await orm.create('documents', { title: 'Draft', version: 1 })
      await orm.edit('documents', id as number, async (document) => {
        await sql(`UPDATE documents SET title = 'of the first', version = 2`)
        document.title = 'of the second'
      })
      return (await sql('SELECT title FROM documents'))[0]?.title
    },
  },
]
