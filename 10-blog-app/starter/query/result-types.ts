import { type ColumnType, integer, real } from '../mapping/column-types.ts'

/** What COUNT and SUM give: PostgreSQL sends them as text or with 64 bits, because they may outgrow what they count. */
export const wholeNumber: ColumnType<number> = {
  ...integer,
  name: 'whole number',
  fromDatabase: (value) => {
    const number = Number(value)
    if (Number.isSafeInteger(number)) return number
    throw new RangeError(`${String(value)} is beyond 2^53: sum a t.bigint() column instead`)
  },
}

/** What AVG and sums of fractions give: PostgreSQL sends exact ones as text. */
export const anyNumber: ColumnType<number> = {
  ...real,
  name: 'number',
  fromDatabase: (value) => Number(value),
}
