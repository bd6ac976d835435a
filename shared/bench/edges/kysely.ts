import Database from 'better-sqlite3'
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import pg from 'pg'
import type { Entity, Inner, Subject, Values } from '../../workbook/conformance/subject.ts'
import { type Address, both, type Peer } from './peer.ts'
import { byKey, columnOf, toRow, toValues } from './rows.ts'

/** A query builder: it has no relations and no objects, and hands on the values of the driver. */
export const peer: Peer = {
  packages: ['kysely'],
  databases: both,
  open: async (where) => subjectOn(new Kysely<any>({ dialect: dialectOf(where) })),
}

const dialectOf = ({ database, address }: Address) =>
  database === 'sqlite'
    ? new SqliteDialect({ database: new Database(address) })
    : new PostgresDialect({ pool: new pg.Pool({ connectionString: address }) })

function subjectOn(db: Kysely<any>): Subject {
  return {
    ...verbsOn(db),
    converts: [],
    transaction: (work) => db.transaction().execute((trx) => work(verbsOn(trx))),
    changeSchema: () =>
      db.schema
        .alterTable('shelves')
        .alterColumn('label', (column) => column.dropNotNull())
        .execute(),
    close: () => db.destroy(),
  }
}

function verbsOn(db: Kysely<any>): Inner {
  const select = (entity: Entity) => db.selectFrom(entity).selectAll()
  const matching = <Q extends { where: any }>(query: Q, filter: Values): Q =>
    Object.entries(toRow(filter)).reduce((one, [name, value]) => one.where(name, '=', value), query)
  const rows = async (entity: Entity, query: { execute(): Promise<any[]> }) =>
    (await query.execute()).map((row) => toValues(entity, row))
  const where = (entity: Entity, property: string, operator: any, value: unknown) =>
    rows(entity, select(entity).where(columnOf(property), operator, value))

  return {
    create: async (entity, values) => {
      const insert = db.insertInto(entity).values(toRow(values)).returningAll()
      return toValues(entity, await insert.executeTakeFirstOrThrow())
    },
    createMany: (entity, many) =>
      rows(entity, db.insertInto(entity).values(many.map(toRow)).returningAll()),
    find: async (entity, key) => {
      const row = await matching(select(entity), byKey(key)).executeTakeFirst()
      return row && toValues(entity, row)
    },
    where: (entity, filter) => rows(entity, matching(select(entity), filter)),
    whereNot: (entity, property, value) => where(entity, property, '!=', value),
    whereIn: (entity, property, values) => where(entity, property, 'in', values),
    whereNotIn: (entity, property, values) => where(entity, property, 'not in', values),
    whereNamed: (entity, name, value) => rows(entity, select(entity).where(name, '=', value)),
    sorted: (entity, property, direction) =>
      rows(entity, select(entity).orderBy(columnOf(property), direction as 'asc')),
    skip: (entity, count) => rows(entity, select(entity).orderBy('id').offset(count)),
    count: async (entity) => {
      const counted = db.selectFrom(entity).select((eb) => eb.fn.countAll().as('count'))
      return (await counted.executeTakeFirstOrThrow()).count
    },
    update: async (entity, key, values) => {
      await matching(db.updateTable(entity).set(toRow(values)), byKey(key)).execute()
    },
    remove: async (entity, key) => {
      await matching(db.deleteFrom(entity), byKey(key)).execute()
    },
    removeWhere: async (entity, filter) => {
      await matching(db.deleteFrom(entity), filter).execute()
    },
  }
}
