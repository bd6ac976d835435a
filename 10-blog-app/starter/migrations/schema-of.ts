import type { Dialect } from '#shared/driver/dialect'
import type { Column } from '../mapping/column.ts'
import type { EnumType } from '../mapping/column-types.ts'
import { referencedBy } from '../mapping/references.ts'
import type { Registry } from '../mapping/registry.ts'
import { columnOf, type IndexRule, type Table } from '../mapping/table.ts'
import {
  checkName,
  foreignKeyName,
  indexName,
  primaryKeyName,
  uniqueName,
} from './constraint-names.ts'
import { literal } from './literal.ts'
import { canonicalType } from './normalise.ts'
import type {
  Check,
  ColumnSchema,
  Constraint,
  ForeignKey,
  IndexSchema,
  Schema,
  TableSchema,
} from './schema.ts'

/**
 * The schema that the models ask for. No database is asked.
 *
 * @example
 * schemaOf(registry, sqlite)
 * // { dialect: 'sqlite', tables: [{ name: 'users', columns: [{ name: 'id', type: 'integer', … }, …], … }] }
 */
export const schemaOf = (registry: Registry, dialect: Dialect): Schema => ({
  dialect: dialect.name,
  tables: registry.tables.map((table) => tableSchema(table, dialect)),
})

/** What one table of the models looks like in the database. */
export const tableSchema = (table: Table, dialect: Dialect): TableSchema => ({
  name: table.name,
  columns: table.columns.map((column) => columnSchema(table, column, dialect)),
  constraints: constraintsOf(table, dialect),
  indexes: indexesOf(table),
})

/** A key of several columns is never counted: which of them should it be? */
export const columnSchema = (table: Table, column: Column, dialect: Dialect): ColumnSchema => ({
  name: column.name,
  type: canonicalType(column.type.sql[dialect.name]),
  isNullable: column.isNullable && !column.isPrimaryKey,
  isGenerated: column.isPrimaryKey && column.isGenerated && table.primaryKey.length === 1,
  default: column.defaultSql ?? defaultValue(column, dialect),
})

/** A constant default is known to the database as well; a function runs in the program only. */
function defaultValue(column: Column, dialect: Dialect): string | undefined {
  const value = column.default?.value
  if (value === undefined || value === null || typeof value === 'function') return undefined
  return literal(column.type.toDatabase(value, dialect), dialect)
}

/** What was said of single columns, and of the table as a whole. */
function constraintsOf(table: Table, dialect: Dialect): Constraint[] {
  const uniques = [
    ...table.columns.filter(({ isUnique }) => isUnique).map(({ name }) => [name]),
    ...(table.rules?.uniques ?? []).map((properties) => namesOf(table, properties)),
  ]
  return [
    primaryKey(table),
    ...uniques.map((columns) => unique(table.name, columns)),
    ...table.columns.flatMap(foreignKey),
    ...checksOf(table, dialect),
  ]
}

const primaryKey = ({ name, primaryKey }: Table): Constraint => ({
  kind: 'primary key',
  name: primaryKeyName(name),
  columns: primaryKey.map((column) => column.name),
})

const unique = (table: string, columns: readonly string[]): Constraint => ({
  kind: 'unique',
  name: uniqueName(table, columns),
  columns,
})

/** None, or one. */
export function foreignKey(column: Column): ForeignKey[] {
  const target = referencedBy(column)
  if (!target) return []
  const { onDelete, onUpdate = 'no action' } = column.reference!
  return [
    {
      kind: 'foreign key',
      name: foreignKeyName(column.table, [column.name], target.table),
      columns: [column.name],
      target: { table: target.table, columns: [target.name] },
      onDelete,
      onUpdate,
    },
  ]
}

function checksOf(table: Table, dialect: Dialect): Check[] {
  const check = (about: string, sql: string): Check => ({
    kind: 'check',
    name: checkName(table.name, about),
    sql,
  })
  return [
    ...table.columns.flatMap(({ name, check: sql }) => (sql ? check(name, sql) : [])),
    ...table.columns.flatMap((column) =>
      'words' in column.type ? check(`${column.name}_enum`, oneOf(column, dialect)) : [],
    ),
    ...Object.entries(table.rules?.checks ?? {}).map(([about, sql]) => check(about, sql)),
  ]
}

/** An enum is a text and a check: so it is the same on every database, and its words can be changed. */
function oneOf(column: Column, dialect: Dialect): string {
  const words = (column.type as EnumType).words.map((word) => literal(word, dialect))
  return `${dialect.quoteIdentifier(column.name)} IN (${words.join(', ')})`
}

const indexesOf = (table: Table): IndexSchema[] => [
  ...table.columns.filter(({ isIndexed }) => isIndexed).map(({ name }) => index(table, [name])),
  ...(table.rules?.indexes ?? []).map((rule) => {
    const on = rule.on.map((part) =>
      typeof part === 'string' ? columnOf(table, part).name : part.sql,
    )
    return index(table, on, rule)
  }),
]

const index = (
  table: Table,
  on: readonly string[],
  { name = indexName(table.name, on), isUnique = false, where }: Partial<IndexRule> = {},
): IndexSchema => ({ name, on, isUnique, where })

const namesOf = (table: Table, properties: readonly string[]) =>
  properties.map((property) => columnOf(table, property).name)
