import type { AlterColumn, Operation } from './operations.ts'
import type { Warning } from './warnings.ts'

/** What an operation takes away that no way back brings again. */
export function lossOf(operation: Operation): Warning[] {
  switch (operation.kind) {
    case 'drop table':
      return [loss(`Table '${operation.table.name}' goes, with all its rows.`, aside)]
    case 'drop column':
      return [
        loss(`${columnIn(operation.column.name, operation)} goes, with all its values.`, later),
      ]
    case 'alter column':
      return retyped(operation)
    default:
      return []
  }
}

const loss = (text: string, instead: string): Warning => ({ kind: 'data loss', text, instead })

const aside = 'Safer: give it another name for now, and drop it when nobody has missed it.'

const later = 'Safer: make it nullable, stop using it, and drop it in a later migration.'

const beside = 'Safer: add a new column, fill it from this one, and look at the result.'

const columnIn = (name: string, { table }: { readonly table: string }) =>
  `Column '${name}' of table '${table}'`

function retyped(operation: AlterColumn): Warning[] {
  const { from, to } = operation
  const what = lostBetween(from.type, to.type)
  if (what === undefined) return []
  const text = `${columnIn(to.name, operation)} changes from ${from.type} to ${to.type}: ${what}.`
  return [loss(text, beside)]
}

/** A value that does not fit at all is no loss: the database refuses it, and the migration is rolled back. */
function lostBetween(from: string, to: string): string | undefined {
  if (isFraction(from) && isWhole(to)) return 'fractions are rounded away'
  if (isFraction(from) && from !== 'real' && to === 'real') return 'only about seven digits stay'
  if (isText(from) && (isWhole(to) || isFraction(to))) return "a text like '007' becomes 7"
  if (isMoment(from) && to === 'date') return 'the time of day goes'
  return undefined
}

const isWhole = (type: string) => /^(smallint|integer|bigint)/.test(type)
const isFraction = (type: string) => /^(real|double precision|numeric)/.test(type)
const isText = (type: string) => /^(text|varchar|char)/.test(type)
const isMoment = (type: string) => /^timestamp/.test(type)
