import type { Case, Place } from '../case.ts'
import type { Values } from '../subject.ts'

// What is asked for, and nothing else.

/** Ann has a nickname, Bo and Cy have none. */
const threeAuthors = async ({ orm }: Place): Promise<void> => {
  await orm.create('authors', { name: 'Ann', nickname: 'Annie' })
  await orm.create('authors', { name: 'Bo', nickname: null })
  await orm.create('authors', { name: 'Cy', nickname: null })
}

const names = (rows: readonly Values[]) => rows.map(({ name }) => name).sort()

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)

export const filters: readonly Case[] = [
  {
    id: 'where-null',
    title: 'nickname = null finds those who have none',
    right: ['Bo', 'Cy'],
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.where('authors', { nickname: null }))
    },
  },
  {
    id: 'where-undefined',
    title: 'nickname = undefined: a forgotten value is neither everybody nor nobody',
    right: undefined,
    refusal: 'only',
    refusesWith: { sqlite: 'UndefinedValueError', postgres: 'UndefinedValueError' },
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.where('authors', { nickname: undefined }))
    },
  },
  {
    id: 'find-undefined',
    title: 'find with a key that is undefined finds nobody, and not the first one',
    right: undefined,
    refusal: 'right',
    refusesWith: { sqlite: 'UndefinedValueError', postgres: 'UndefinedValueError' },
    async run(place) {
      await threeAuthors(place)
      return (await place.orm.find('authors', undefined))?.name
    },
  },
  {
    id: 'delete-undefined',
    title: 'delete where nickname = undefined does not delete everybody',
    right: ['Ann', 'Bo', 'Cy'],
    refusal: 'right',
    refusesWith: { sqlite: 'UndefinedValueError', postgres: 'UndefinedValueError' },
    async run(place) {
      await threeAuthors(place)
      await place.orm.removeWhere('authors', { nickname: undefined })
      return names(await place.sql('SELECT name FROM authors'))
    },
  },
  {
    id: 'not-equal',
    title: "nickname ≠ 'Annie' finds those who have none, too (SQL itself would not)",
    right: ['Bo', 'Cy'],
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.whereNot('authors', 'nickname', 'Annie'))
    },
  },
  {
    id: 'in-nothing',
    title: 'in an empty list is nobody',
    right: [],
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.whereIn('authors', 'name', []))
    },
  },
  {
    id: 'not-in-nothing',
    title: 'outside of an empty list is everybody',
    right: ['Ann', 'Bo', 'Cy'],
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.whereNotIn('authors', 'name', []))
    },
  },
  {
    id: 'in-null',
    title: 'a null in the list finds those who have none, or is refused',
    right: ['Ann', 'Bo', 'Cy'],
    refusal: 'right',
    refusesWith: { sqlite: 'NullInListError', postgres: 'NullInListError' },
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.whereIn('authors', 'nickname', ['Annie', null]))
    },
  },
  {
    id: 'not-in-null',
    title: 'a null in the list of not in does not hide everybody',
    right: ['Bo', 'Cy'],
    refusal: 'right',
    refusesWith: { sqlite: 'NullInListError', postgres: 'NullInListError' },
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.whereNotIn('authors', 'name', ['Ann', null]))
    },
  },
  {
    id: 'in-40000',
    title: 'in a list of 40,000 keys',
    right: ['Ann', 'Bo', 'Cy'],
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.whereIn('authors', 'id', numbers(1, 40_000)))
    },
  },
  {
    id: 'contains-percent',
    title: 'contains "50%" means the percent sign',
    right: ['50% off'],
    async run({ orm }) {
      for (const name of ['50% off', '500 off']) await orm.create('authors', { name })
      return names(await orm.contains('authors', 'name', '50%'))
    },
  },
  {
    id: 'contains-signs',
    title: 'contains "a_b", contains a backslash',
    right: [['a_b'], ['a\\b']],
    async run({ orm }) {
      for (const name of ['a_b', 'axb', 'a\\b']) await orm.create('authors', { name })
      const underscore = await orm.contains('authors', 'name', 'a_b')
      return [names(underscore), names(await orm.contains('authors', 'name', '\\'))]
    },
  },
  {
    id: 'unknown-name',
    title: 'a filter whose name came from outside, and is no column, is refused',
    right: undefined,
    refusal: 'only',
    refusesWith: { sqlite: 'DatabaseError', postgres: 'DatabaseError' },
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.whereNamed('authors', 'nmae', 'Ann'))
    },
  },
  {
    id: 'inherited-name',
    title: 'also when it is called __proto__ or constructor, which every object has',
    right: ['refused', 'refused'],
    async run(place) {
      await threeAuthors(place)
      const refused = (name: string) =>
        place.orm.whereNamed('authors', name, 'Ann').then(names, (error) => {
          if (error.name === 'NotOffered') throw error
          return 'refused'
        })
      return [await refused('__proto__'), await refused('constructor')]
    },
  },
  {
    id: 'direction',
    title: 'the direction of an order came from outside: it never stands in the SQL',
    right: ['Ann', 'Bo', 'Cy'],
    refusal: 'right',
    refusesWith: { sqlite: 'UnknownWordError', postgres: 'UnknownWordError' },
    async run(place) {
      await threeAuthors(place)
      const rows = await place.orm.sorted('authors', 'name', 'desc, id')
      return rows.map(({ name }) => name)
    },
  },
  {
    id: 'skip',
    title: 'all but the first two: an offset without a limit',
    right: ['Cy'],
    async run(place) {
      await threeAuthors(place)
      return names(await place.orm.skip('authors', 2))
    },
  },
  {
    id: 'count',
    title: 'a count is a number',
    right: 3,
    async run(place) {
      await threeAuthors(place)
      return await place.orm.count('authors')
    },
  },
]
