import { sqlite } from '#shared/driver/dialect'
import { foreignKeyName, indexName, primaryKeyName, uniqueName } from './constraint-names.ts'
import {
  type Constraint,
  columnNamed,
  type IndexSchema,
  type Schema,
  type TableSchema,
} from './schema.ts'
import { sqlTokens } from './sql-tokens.ts'

/** Both databases quote in the same way. */
const { quoteIdentifier } = sqlite

// A name stands in many places: in the keys that point to it, in conditions, in the names of constraints. The database
// changes them all when a table or a column is renamed. Here they are changed in the values.

/** The schema after a table got another name. */
export const renameTable = (schema: Schema, from: string, to: string): Schema =>
  renameAll(schema, {
    table: (name) => (name === from ? to : name),
    column: (_, name) => name,
  })

/** The schema after a column got another name. */
export const renameColumn = (schema: Schema, table: string, from: string, to: string): Schema =>
  renameAll(schema, {
    table: (name) => name,
    column: (owner, name) => (owner === table && name === from ? to : name),
  })

/** What a name becomes. */
interface Names {
  table(name: string): string
  /** `owner` is the table's name before. */
  column(owner: string, name: string): string
}

const renameAll = (schema: Schema, names: Names): Schema => ({
  ...schema,
  tables: schema.tables.map((table) => renameWithin(table, names)),
})

function renameWithin(table: TableSchema, names: Names): TableSchema {
  const column = (name: string) => names.column(table.name, name)
  return {
    ...table,
    name: names.table(table.name),
    columns: table.columns.map((one) => ({ ...one, name: column(one.name) })),
    constraints: table.constraints.map((one) => renameConstraint(table.name, one, names)),
    indexes: table.indexes.map((one) => renameIndex(table, one, names)),
    ...staleTriggers(table),
  }
}

/** SQLite changes the names in a trigger too. What its text is then, only SQLite knows. */
function staleTriggers({ triggers = [], extras = [] }: TableSchema): Partial<TableSchema> {
  if (triggers.length === 0) return {}
  return {
    triggers: [],
    extras: [...extras, 'triggers, which a rename in the same migration changes'],
  }
}

/** A name by the convention follows what it names; any other stays. */
function renameConstraint(table: string, before: Constraint, names: Names): Constraint {
  const after = renameParts(table, before, names)
  if (before.kind === 'check') return { ...after, name: renameCheck(table, before.name, names) }
  const isByConvention = before.name === nameByConvention(table, before)
  return isByConvention ? { ...after, name: nameByConvention(names.table(table), after)! } : after
}

function renameParts(owner: string, constraint: Constraint, names: Names): Constraint {
  const column = (name: string) => names.column(owner, name)
  if (constraint.kind === 'check') return { ...constraint, sql: renameIn(constraint.sql, column) }
  const columns = constraint.columns.map(column)
  if (constraint.kind !== 'foreign key') return { ...constraint, columns }
  const { table, columns: targets } = constraint.target
  const target = {
    table: names.table(table),
    columns: targets.map((name) => names.column(table, name)),
  }
  return { ...constraint, columns, target }
}

function nameByConvention(table: string, constraint: Constraint): string | undefined {
  if (constraint.kind === 'primary key') return primaryKeyName(table)
  if (constraint.kind === 'unique') return uniqueName(table, constraint.columns)
  if (constraint.kind === 'check') return undefined
  return foreignKeyName(table, constraint.columns, constraint.target.table)
}

/** `ck_users_age`: the table, and often a column. */
function renameCheck(table: string, name: string, names: Names): string {
  const start = `ck_${table}_`
  if (!name.startsWith(start)) return name
  const [, about = '', kind = ''] = name.slice(start.length).match(/^(.*?)(_enum)?$/) ?? []
  return `ck_${names.table(table)}_${names.column(table, about)}${kind}`
}

function renameIndex(table: TableSchema, before: IndexSchema, names: Names): IndexSchema {
  const column = (name: string) => names.column(table.name, name)
  const isColumn = (part: string) => columnNamed(table, part) !== undefined
  const on = before.on.map((part) => (isColumn(part) ? column(part) : renameIn(part, column)))
  const isByConvention = before.name === indexName(table.name, before.on)
  return {
    ...before,
    on,
    name: isByConvention ? indexName(names.table(table.name), on) : before.name,
    where: before.where && renameIn(before.where, column),
  }
}

/**
 * An expression after its columns got other names. What is followed by a parenthesis is a function.
 *
 * @example
 * renameIn("name <> 'name'", () => 'title') // title <> 'name'
 */
function renameIn(sql: string, column: (name: string) => string): string {
  const tokens = sqlTokens(sql)
  return tokens
    .map(({ kind, text }, i) => {
      const isQuoted = kind === 'quoted' && text.startsWith('"')
      if (kind !== 'word' && !isQuoted) return text
      const name = isQuoted ? text.slice(1, -1) : text
      const isFunction = tokens.slice(i + 1).find((next) => next.kind !== 'space')?.text === '('
      return isFunction || column(name) === name ? text : quoteIdentifier(column(name))
    })
    .join('')
}
