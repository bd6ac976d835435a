import type { Case, Place } from '../case.ts'
import type { Values } from '../subject.ts'

// What goes in comes out again.

/** Stores a sample, finds it again, and gives one of its properties. */
async function thereAndBack({ orm }: Place, property: string, value: unknown): Promise<unknown> {
  const { id } = await orm.create('samples', { [property]: value })
  return (await orm.find('samples', id as number))?.[property]
}

const eachThereAndBack = async (place: Place, property: string, values: readonly unknown[]) => {
  const found: unknown[] = []
  for (const value of values) found.push(await thereAndBack(place, property, value))
  return found
}

const signs = [
  "O'Malley",
  '"; DROP TABLE authors; --',
  '? $1 :name @name ?? {1}',
  "\\ \\' \\\\",
  '50% a_b',
  'two\r\nlines\t',
  '👩‍👩‍👧 e\u0301 \ufeff',
]

const fractions = [0.1, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1.5, 1e21]

const large = 9_007_199_254_740_993n

const plain = (bytes: unknown) => (bytes instanceof Uint8Array ? [...bytes] : bytes)

const json = (text: string): Values => JSON.parse(text)

export const values: readonly Case[] = [
  {
    id: 'null',
    title: 'null comes back as null',
    right: null,
    run: (place) => thereAndBack(place, 'text', null),
  },
  {
    id: 'empty-text',
    title: 'an empty text stays a text',
    right: '',
    run: (place) => thereAndBack(place, 'text', ''),
  },
  {
    id: 'undefined-new',
    title: 'a new object leaves a property undefined: it gets the default of the column',
    right: 'new',
    refusal: 'right',
    async run({ orm, sql }) {
      await orm.create('authors', { name: 'Ann', status: undefined })
      return (await sql('SELECT status FROM authors'))[0]?.status
    },
  },
  {
    id: 'undefined-changed',
    title: 'a change sets a property to undefined: what was stored is not lost',
    right: 'Ann',
    refusal: 'right',
    refusesWith: { sqlite: 'UndefinedValueError', postgres: 'UndefinedValueError' },
    async run({ orm, sql }) {
      const { id } = await orm.create('authors', { name: 'Ann', nickname: 'Annie' })
      await orm.update('authors', id as number, { name: undefined, nickname: 'A.' })
      return (await sql('SELECT name FROM authors'))[0]?.name
    },
  },
  {
    id: 'unknown-property',
    title: 'a new object has a property that the table does not know: nobody loses it silently',
    right: undefined,
    refusal: 'only',
    refusesWith: { sqlite: 'UnknownColumnError', postgres: 'UnknownColumnError' },
    async run({ orm }) {
      await orm.create('authors', { name: 'Ann', nickmane: 'Annie' })
      return 'stored without it'
    },
  },
  {
    id: 'int64-read',
    title: 'a whole number of 64 bits is read, to the last digit',
    right: String(large),
    async run({ orm, sql }) {
      await sql(`INSERT INTO samples (id, big) VALUES (1, ${large})`)
      return String((await orm.find('samples', 1))?.big)
    },
  },
  {
    id: 'int64-written',
    title: 'a whole number of 64 bits is written, to the last digit',
    right: [String(large), String(-(2n ** 63n))],
    async run({ orm, sql }) {
      await orm.create('samples', { big: large })
      await orm.create('samples', { big: -(2n ** 63n) })
      const rows = await sql('SELECT CAST(big AS TEXT) AS big FROM samples ORDER BY id')
      return rows.map(({ big }) => big)
    },
  },
  {
    id: 'fractions',
    title: 'fractions keep every bit: 0.1, the smallest one, the largest one',
    right: fractions,
    run: (place) => eachThereAndBack(place, 'fraction', fractions),
  },
  {
    id: 'nan',
    title: 'NaN is no NULL',
    right: Number.NaN,
    refusal: 'right',
    refusesWith: { sqlite: 'InvalidValueError', postgres: 'InvalidValueError' },
    run: (place) => thereAndBack(place, 'fraction', Number.NaN),
  },
  {
    id: 'infinity',
    title: 'Infinity is Infinity, or an error',
    right: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    refusal: 'right',
    run: (place) =>
      eachThereAndBack(place, 'fraction', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
  },
  {
    id: 'minus-zero',
    title: '-0 is found as 0',
    right: [1, 1],
    async run({ orm }) {
      await orm.create('samples', { fraction: -0 })
      const zero = await orm.where('samples', { fraction: 0 })
      const minusZero = await orm.where('samples', { fraction: -0 })
      return [zero.length, minusZero.length]
    },
  },
  {
    id: 'booleans',
    title: 'true and false come back as true and false',
    right: [true, false, null],
    about: 'booleans',
    run: (place) => eachThereAndBack(place, 'flag', [true, false, null]),
  },
  {
    id: 'booleans-in-where',
    title: 'true and false can be searched for',
    right: [1, 2],
    about: 'booleans',
    async run({ orm }) {
      for (const flag of [true, false, false, null]) await orm.create('samples', { flag })
      const yes = await orm.where('samples', { flag: true })
      const no = await orm.where('samples', { flag: false })
      return [yes.length, no.length]
    },
  },
  {
    id: 'moments',
    title: 'a moment comes back to the millisecond, and is found, far from UTC',
    right: ['2026-07-05T09:00:00.123Z', 1],
    about: 'dates',
    async run(place) {
      const at = new Date('2026-07-05T09:00:00.123Z')
      const back = (await thereAndBack(place, 'at', at)) as Date
      return [back.toISOString(), (await place.orm.where('samples', { at })).length]
    },
  },
  {
    id: 'moments-twice',
    title: 'in the night when clocks are set back, 1:30 and 1:30 are two moments',
    right: ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z'],
    about: 'dates',
    async run(place) {
      const moments = ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'].map((text) => new Date(text))
      const back = (await eachThereAndBack(place, 'at', moments)) as Date[]
      return back.map((moment) => moment.toISOString())
    },
  },
  {
    id: 'no-moment',
    title: 'a Date that is none is not stored',
    right: undefined,
    refusal: 'only',
    about: 'dates',
    refusesWith: { sqlite: 'InvalidValueError', postgres: 'InvalidValueError' },
    run: (place) => thereAndBack(place, 'at', new Date('no date')),
  },
  {
    id: 'text-signs',
    title: 'quotes, question marks, $1, backslashes, emoji: text is text',
    right: signs,
    run: (place) => eachThereAndBack(place, 'text', signs),
  },
  {
    id: 'text-signs-in-where',
    title: 'and is found as it stands',
    right: signs.map(() => 1),
    async run({ orm }) {
      await orm.createMany(
        'samples',
        signs.map((text) => ({ text })),
      )
      const found: number[] = []
      for (const text of signs) found.push((await orm.where('samples', { text })).length)
      return found
    },
  },
  {
    id: 'nul',
    title: 'a text with a NUL comes back whole, or is refused',
    right: 'a\0b',
    refusal: 'right',
    refusesWith: { postgres: 'DataError' },
    run: (place) => thereAndBack(place, 'text', 'a\0b'),
  },
  {
    id: 'long-text',
    title: 'a text of a million characters',
    right: true,
    async run(place) {
      const text = 'äö'.repeat(500_000)
      return (await thereAndBack(place, 'text', text)) === text
    },
  },
  {
    id: 'bytes',
    title: 'bytes: all 256, none, and a part of a larger buffer',
    right: [Array.from({ length: 256 }, (_, i) => i), [], [2, 3]],
    async run(place) {
      const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
      const part = Buffer.from([1, 2, 3, 4]).subarray(1, 3)
      return (await eachThereAndBack(place, 'bytes', [all, Buffer.alloc(0), part])).map(plain)
    },
  },
  {
    id: 'json',
    title: 'JSON: an object',
    right: { a: [1, null, 'x'], b: { c: true, d: '' } },
    about: 'json',
    run: (place) => thereAndBack(place, 'data', { a: [1, null, 'x'], b: { c: true, d: '' } }),
  },
  {
    id: 'json-list',
    title: 'JSON: a list',
    right: [1, [2], 'three'],
    about: 'json',
    run: (place) => thereAndBack(place, 'data', [1, [2], 'three']),
  },
  {
    id: 'json-text',
    title: 'JSON: a text, and one that looks like a number',
    right: ["it's text", '5'],
    about: 'json',
    run: (place) => eachThereAndBack(place, 'data', ["it's text", '5']),
  },
  {
    id: 'json-proto',
    title: 'JSON: a key that is called __proto__',
    right: '{"__proto__":{"admin":true}}',
    about: 'json',
    async run(place) {
      const given = json('{"__proto__": {"admin": true}}')
      return JSON.stringify(await thereAndBack(place, 'data', given))
    },
  },
  {
    id: 'json-in-place',
    title: 'a list in JSON is changed in place: the change is saved',
    right: [1, 2, 3],
    about: 'json',
    async run({ orm }) {
      const { id } = await orm.create('samples', { data: { list: [1, 2] } })
      await orm.edit('samples', id as number, ({ data }) => void data.list.push(3))
      const back = await orm.find('samples', id as number)
      return (back as { data: { list: number[] } }).data.list
    },
  },
  {
    id: 'date-in-place',
    title: 'a Date is changed in place: the change is saved',
    right: '2027-01-05T09:00:00.000Z',
    about: 'dates',
    async run({ orm }) {
      const { id } = await orm.create('samples', { at: new Date('2026-01-05T09:00:00Z') })
      await orm.edit('samples', id as number, ({ at }) => void at.setUTCFullYear(2027))
      const back = await orm.find('samples', id as number)
      return (back as { at: Date }).at.toISOString()
    },
  },
  {
    id: 'names',
    title: 'a table called order, a column called group, a quote in a name',
    right: ['a', 'b'],
    async run({ orm }) {
      const { id } = await orm.create('order', { group: 'a', 'quo"te': 'x' })
      await orm.update('order', id as number, { 'quo"te': 'b' })
      const [row] = await orm.where('order', { 'quo"te': 'b' })
      return [row?.group, row?.['quo"te']]
    },
  },
]
