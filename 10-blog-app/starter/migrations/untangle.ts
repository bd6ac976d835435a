import { connectedGroups } from '../mapping/order.ts'
import type { Operation } from './operations.ts'
import {
  columnNamed,
  type ForeignKey,
  foreignKeysOf,
  type Schema,
  type TableSchema,
  tableNamed,
} from './schema.ts'

/** What a difference consists of. */
export interface Difference {
  readonly dropped: readonly TableSchema[]
  readonly created: readonly TableSchema[]
  /** In tables that stay. */
  readonly changes: readonly Operation[]
}

/**
 * The operations of a difference, with the foreign keys taken apart that would hold something fast: circles, and keys
 * that stay while what they point to changes. Tables are dropped children first, and created parents first.
 *
 * @example
 * untangled(before, after, { dropped: [], created: [chickens, eggs], changes: [] })
 * // create chickens (without the key to eggs), create eggs, add the foreign key of chickens
 */
export const untangled = (
  before: Schema,
  after: Schema,
  { dropped, created, changes }: Difference,
): Operation[] => [
  ...drops(before, after, dropped),
  ...creations(before, after, created),
  ...changes,
  ...putAside(before, after, changes),
]

/** New tables, each after those that it points to. A foreign key to what is not there yet comes later. */
function creations(before: Schema, after: Schema, tables: readonly TableSchema[]): Operation[] {
  return byReference(tables).flatMap((group) =>
    group.flatMap((table) => {
      const { whole, apart } = split(table, (key) => !isAsleep(key, table, group, before, after))
      return [
        { kind: 'create table' as const, table: whole },
        ...apart.map((constraint) => addConstraint(table, constraint)),
      ]
    }),
  )
}

/** The way back of the same: a foreign key that holds on to something that goes earlier is dropped alone. */
function drops(before: Schema, after: Schema, tables: readonly TableSchema[]): Operation[] {
  return byReference(tables)
    .reverse()
    .flatMap((group) =>
      group.toReversed().flatMap((table) => {
        const { whole, apart } = split(table, (key) => !isAsleep(key, table, group, after, before))
        return [
          ...apart.map((constraint) => dropConstraint(table, constraint)),
          { kind: 'drop table' as const, table: whole },
        ]
      }),
    )
}

/** Whether what a foreign key points to is not there, or not in its final form, when its table is created. */
function isAsleep(
  key: ForeignKey,
  table: TableSchema,
  group: readonly TableSchema[],
  before: Schema,
  after: Schema,
): boolean {
  const names = namesOf(group)
  const isLater = names.indexOf(key.target.table) > names.indexOf(table.name)
  const isOld = tableNamed(before, key.target.table) !== undefined
  return isLater || (isOld && !isSteady(key, before, after))
}

function split(table: TableSchema, isInside: (key: ForeignKey) => boolean) {
  const apart = foreignKeysOf(table).filter((key) => !isInside(key))
  const constraints = table.constraints.filter((one) => !apart.includes(one as ForeignKey))
  return { whole: { ...table, constraints }, apart }
}

/** Groups of tables that point to each other, each after those that it points to. */
const byReference = (tables: readonly TableSchema[]): TableSchema[][] =>
  connectedGroups(tables, (table) =>
    foreignKeysOf(table).flatMap(
      ({ target }) => tables.find(({ name }) => name === target.table) ?? [],
    ),
  )

/**
 * A foreign key that stays holds on to both of its ends: neither can change its type, and the key that it points to
 * cannot be dropped. So it is dropped before and added again.
 */
function putAside(before: Schema, after: Schema, changes: readonly Operation[]): Operation[] {
  return after.tables.flatMap((table) => {
    const old = tableNamed(before, table.name)
    const kept = old ? foreignKeysOf(old).filter((key) => !isTouched(key, table, changes)) : []
    return kept
      .filter(
        (key) => !isSteady(key, before, after) || !isSame(table.name, key.columns, before, after),
      )
      .flatMap((key) => [dropConstraint(table, key), addConstraint(table, key)])
  })
}

const isTouched = (key: ForeignKey, { name }: TableSchema, changes: readonly Operation[]) =>
  changes.some(
    (one) => one.kind === 'drop constraint' && one.table === name && one.constraint === key,
  )

/** Whether what a foreign key points to is the same before and after. */
const isSteady = ({ target }: ForeignKey, before: Schema, after: Schema): boolean =>
  isSame(target.table, target.columns, before, after) &&
  keyKind(before, target) === keyKind(after, target)

function isSame(table: string, columns: readonly string[], before: Schema, after: Schema): boolean {
  const typesIn = (schema: Schema) =>
    columns.map((name) => columnNamed(tableNamed(schema, table), name)?.type).join()
  return typesIn(before) === typesIn(after)
}

/** The constraint that makes the columns a key: primary or unique, with its columns in their order. */
function keyKind(schema: Schema, { table, columns }: ForeignKey['target']): string | undefined {
  const wanted = [...columns].sort().join()
  const keys = (tableNamed(schema, table)?.constraints ?? []).flatMap((one) =>
    one.kind === 'primary key' || one.kind === 'unique' ? one : [],
  )
  const key = keys.find((one) => [...one.columns].sort().join() === wanted)
  return key && `${key.kind} ${key.columns}`
}

const addConstraint = ({ name }: TableSchema, constraint: ForeignKey): Operation => ({
  kind: 'add constraint',
  table: name,
  constraint,
})

const dropConstraint = ({ name }: TableSchema, constraint: ForeignKey): Operation => ({
  kind: 'drop constraint',
  table: name,
  constraint,
})

const namesOf = (tables: readonly TableSchema[]) => tables.map(({ name }) => name)
