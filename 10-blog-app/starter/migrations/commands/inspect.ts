import { liveSchema } from '../live-schema.ts'
import type { ColumnSchema, Constraint, IndexSchema, TableSchema } from '../schema.ts'
import { UnknownTableError } from '../tool-errors.ts'
import { type Command, isSet } from './command.ts'

export const inspectDatabase: Command = {
  summary: 'shows the tables that the database has',
  help: `  NAME     only this table
  --json   the same as JSON, for programs`,
  options: { json: { type: 'boolean' } },
  words: 1,
  async run(tool, given) {
    const { tables: all } = await liveSchema(tool)
    const tables = chosen(all, given.words[0])
    if (isSet(given, 'json')) tool.print(JSON.stringify(tables, null, 2))
    else tool.print(tables.map(textOfTable).join('\n\n') || 'The database has no tables.')
    return 0
  },
}

function chosen(tables: readonly TableSchema[], wanted: string | undefined) {
  if (wanted === undefined) return tables
  const found = tables.filter(({ name }) => name === wanted)
  if (found.length > 0) return found
  throw new UnknownTableError(
    wanted,
    tables.map(({ name }) => name),
  )
}

function textOfTable({ name, columns, constraints, indexes }: TableSchema): string {
  const width = Math.max(...columns.map((column) => column.name.length))
  const lines = [
    ...columns.map((column) => textOfColumn(column, width)),
    ...constraints.map(textOfConstraint),
    ...indexes.map(textOfIndex),
  ]
  return [name, ...lines.map((line) => `  ${line}`)].join('\n')
}

function textOfColumn(column: ColumnSchema, width: number): string {
  const words = [
    column.name.padEnd(width),
    column.type,
    column.isNullable ? '' : 'not null',
    column.isGenerated ? 'generated' : '',
    column.default === undefined ? '' : `default ${column.default}`,
  ]
  return words.filter(Boolean).join('  ')
}

function textOfConstraint(one: Constraint): string {
  if (one.kind === 'check') return `check ${one.name} (${one.sql})`
  const own = `${one.kind} ${one.name} (${one.columns.join(', ')})`
  if (one.kind !== 'foreign key') return own
  const { target, onDelete, onUpdate } = one
  const rules = [rule('delete', onDelete), rule('update', onUpdate)].join('')
  return `${own} → ${target.table} (${target.columns.join(', ')})${rules}`
}

const rule = (event: string, action: string) =>
  action === 'no action' ? '' : ` on ${event} ${action}`

const textOfIndex = ({ name, on, isUnique, where }: IndexSchema) =>
  `${isUnique ? 'unique ' : ''}index ${name} (${on.join(', ')})${where ? ` where ${where}` : ''}`
