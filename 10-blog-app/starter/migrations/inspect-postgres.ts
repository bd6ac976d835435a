import type { AsyncConnection } from '#shared/driver/async-driver'
import type { Value } from '#shared/driver/driver'
import type { ReferentialAction } from '../mapping/column.ts'
import { groupBy } from '../relations/hand-out.ts'
import { canonicalType } from './normalise.ts'
import type { ColumnSchema, Constraint, IndexSchema, TableSchema } from './schema.ts'

// PostgreSQL keeps what it knows in tables, the catalog. information_schema shows a part of it in the words of the
// standard, but knows nothing of indexes. So this reads the catalog: one statement for each kind of thing, however many tables.

/** The tables in the schema that a connection begins with (the first of its search_path). */
export async function inspectPostgres(connection: AsyncConnection): Promise<TableSchema[]> {
  const columns = await byTable(connection, columnsSql)
  const constraints = await byTable(connection, constraintsSql)
  const indexes = await byTable(connection, indexesSql)
  const tables = await connection.values(tablesSql)
  return tables.map(([name]) => ({
    name: String(name),
    columns: (columns.get(name) ?? []).map(columnSchema),
    constraints: (constraints.get(name) ?? []).map(constraint),
    indexes: (indexes.get(name) ?? []).map(indexSchema),
  }))
}

/** The rows of a statement whose first column is the table and whose second one is JSON. */
const byTable = async (connection: AsyncConnection, sql: string): Promise<Map<unknown, any[]>> => {
  const groups = groupBy(await connection.values(sql), ([table]) => table)
  return new Map([...groups].map(([table, rows]) => [table, rows.map(readJson)]))
}

const readJson = ([, json]: readonly Value[]) => JSON.parse(String(json))

/** Tables, also partitioned ones; not their partitions, nor what belongs to an extension. */
const ours = `t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p') AND NOT t.relispartition
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')`

const tablesSql = `SELECT t.relname FROM pg_class AS t WHERE ${ours} ORDER BY t.relname`

const columnsSql = `
  SELECT t.relname, json_build_object(
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'isNullable', NOT a.attnotnull,
    'isGenerated', a.attidentity <> '',
    'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END)
  FROM pg_class AS t
  JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef AS d ON d.adrelid = t.oid AND d.adnum = a.attnum
  WHERE ${ours}
  ORDER BY t.relname, a.attnum`

type ColumnRow = Omit<ColumnSchema, 'default'> & { readonly default: string | null }

const columnSchema = ({ default: value, ...column }: ColumnRow): ColumnSchema => ({
  ...column,
  type: canonicalType(column.type),
  default: value ?? undefined,
})

/** The names of the columns with these numbers, in their order. */
const namesOf = (numbers: string, table: string) => `(
  SELECT json_agg(a.attname ORDER BY k.place)
  FROM unnest(${numbers}) WITH ORDINALITY AS k (number, place)
  JOIN pg_attribute AS a ON a.attrelid = ${table} AND a.attnum = k.number)`

const constraintsSql = `
  SELECT t.relname, json_build_object(
    'kind', c.contype,
    'name', c.conname,
    'columns', ${namesOf('c.conkey', 'c.conrelid')},
    'targetTable', target.relname,
    'targetColumns', ${namesOf('c.confkey', 'c.confrelid')},
    'onDelete', c.confdeltype,
    'onUpdate', c.confupdtype,
    'sql', pg_get_expr(c.conbin, c.conrelid))
  FROM pg_class AS t
  JOIN pg_constraint AS c ON c.conrelid = t.oid AND c.contype IN ('p', 'u', 'f', 'c')
  LEFT JOIN pg_class AS target ON target.oid = c.confrelid
  WHERE ${ours}
  ORDER BY t.relname, array_position(ARRAY['p', 'u', 'f', 'c'], c.contype::text), c.oid`

interface ConstraintRow {
  /** A letter: p, u, f, c. */
  readonly kind: string
  readonly name: string
  readonly columns: readonly string[]
  readonly targetTable: string
  readonly targetColumns: readonly string[]
  /** A letter for each action. */
  readonly onDelete: string
  readonly onUpdate: string
  readonly sql: string
}

function constraint({ kind, name, columns, ...row }: ConstraintRow): Constraint {
  if (kind === 'p') return { kind: 'primary key', name, columns }
  if (kind === 'u') return { kind: 'unique', name, columns }
  if (kind === 'c') return { kind: 'check', name, sql: row.sql }
  const target = { table: row.targetTable, columns: row.targetColumns }
  const [onDelete, onUpdate] = [actions[row.onDelete]!, actions[row.onUpdate]!]
  return { kind: 'foreign key', name, columns, target, onDelete, onUpdate }
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
}

/**
 * Those of CREATE INDEX: what stands behind a constraint is the constraint. Indexes of another kind than the usual one
 * (gin, INCLUDE, another order of the letters) cannot be said in an IndexSchema, and are left in peace.
 */
const indexesSql = `
  SELECT t.relname, json_build_object(
    'name', i.relname,
    'isUnique', x.indisunique,
    'where', pg_get_expr(x.indpred, x.indrelid),
    'on', (
      SELECT json_agg(coalesce(a.attname::text, pg_get_indexdef(x.indexrelid, k.place::int, true))
        || CASE WHEN x.indoption[k.place - 1] & 1 = 1 THEN ' DESC' ELSE '' END ORDER BY k.place)
      FROM unnest(x.indkey) WITH ORDINALITY AS k (number, place)
      LEFT JOIN pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = k.number AND k.number <> 0))
  FROM pg_class AS t
  JOIN pg_index AS x ON x.indrelid = t.oid
  JOIN pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_am AS m ON m.oid = i.relam AND m.amname = 'btree'
  WHERE ${ours}
    AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = x.indexrelid AND c.contype IN ('p', 'u', 'x'))
    AND x.indnatts = x.indnkeyatts
    AND NOT EXISTS (
      SELECT FROM unnest(x.indclass) AS k (class) JOIN pg_opclass AS o ON o.oid = k.class WHERE NOT o.opcdefault)
  ORDER BY t.relname, i.relname`

type IndexRow = Omit<IndexSchema, 'where'> & { readonly where: string | null }

const indexSchema = ({ where, ...index }: IndexRow): IndexSchema => ({
  ...index,
  where: where ?? undefined,
})
