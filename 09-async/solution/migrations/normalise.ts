import { canonicalExpression } from './expression.ts'
import type { ColumnSchema, Constraint, IndexSchema } from './schema.ts'

// A database does not give back what it was given: TIMESTAMPTZ comes back as `timestamp with time zone`, DEFAULT 'free' as
// `'free'::text`. Who compares texts finds a difference in every run. So both sides are brought into one spelling first.

/**
 * The name of a type in one spelling.
 *
 * @example
 * canonicalType('TIMESTAMP WITH TIME ZONE') // timestamptz
 * canonicalType('VARCHAR(255)')             // varchar(255)
 * canonicalType('"Mood"')                   // "Mood": in quotes it is a name, and capitals count
 */
export function canonicalType(sql: string): string {
  if (sql.includes('"')) return sql
  const type = sql
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),]) ?/g, '$1')
    .trim()
  const [name = '', ...rest] = type.split(/(?=[([])/)
  return `${aliases[name] ?? name}${rest.join('')}`
}

/** @see https://www.postgresql.org/docs/current/datatype.html the names and their aliases */
const aliases: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'character varying': 'varchar',
  character: 'char',
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  int2: 'smallint',
  bool: 'boolean',
  float8: 'double precision',
  float4: 'real',
  decimal: 'numeric',
}

/**
 * What a column means: two columns with the same meaning need no migration.
 *
 * @example
 * meaningOfColumn({ …, type: 'text', default: "'free'::text" }).default // 'free'
 */
export const meaningOfColumn = ({ default: value, ...column }: ColumnSchema): string =>
  JSON.stringify({ ...sorted(column), default: value && canonicalDefault(value, column.type) })

/** NULL is what a column without a default gets anyway. */
export function canonicalDefault(sql: string, type: string): string | undefined {
  const expression = canonicalExpression(sql)
  if (expression === 'null') return undefined
  const text = expression.match(/^'((?:[^']|'')*)'$/)?.[1]
  if (text === undefined) return expression
  return `'${asRead(type, text.replaceAll("''", "'"))}'`
}

/** What its type makes of a text. What it cannot read, such as the time 'tomorrow', stays. */
function asRead(type: string, text: string): string {
  try {
    return readAs[type]?.(text) ?? text
  } catch {
    return text
  }
}

/** PostgreSQL reads a default once and writes it again in its own way. */
const readAs: Readonly<Record<string, (text: string) => string>> = {
  jsonb: (text) => JSON.stringify(inOrder(JSON.parse(text))),
}

/**
 * What a constraint means. Its name is left out: it says how to drop the constraint, not what the constraint does.
 *
 * @example
 * meaningOfConstraint({ kind: 'check', name: 'a', sql: 'age >= 0' }) === meaningOfConstraint({ kind: 'check', name: 'b', sql: '(age >= 0)' })
 */
export const meaningOfConstraint = ({ name: _, ...constraint }: Constraint): string =>
  JSON.stringify(
    constraint.kind === 'check'
      ? { ...constraint, sql: canonicalExpression(constraint.sql) }
      : sorted(constraint),
  )

export const meaningOfIndex = ({ on, isUnique, where }: IndexSchema): string =>
  JSON.stringify([on.map(canonicalPart), isUnique, where && canonicalExpression(where)])

/** Ascending is how an index is kept when nothing is said. */
function canonicalPart(part: string): string {
  const [, expression = part, order = ''] = part.match(/^(.*?)(?:\s+(asc|desc))?$/is) ?? []
  return `${canonicalExpression(expression)}${order.toLowerCase() === 'desc' ? ' desc' : ''}`
}

const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(byKey))

/** The keys of an object have no order that counts. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(byKey)
      .map(([key, inner]) => [key, inOrder(inner)]),
  )
}

type Entry = readonly [key: string, value: unknown]

const byKey = ([one]: Entry, [other]: Entry) => (one < other ? -1 : 1)
