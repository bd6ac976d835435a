import knex, { type Knex } from 'knex'
import type { Entity, Inner, Subject } from '../../workbook/conformance/subject.ts'
import { type Address, both, type Peer } from './peer.ts'
import { byKey, columnOf, toRow, toValues } from './rows.ts'

/** A query builder: it has no relations and no objects, and hands on the values of the driver. */
export const peer: Peer = {
  packages: ['knex'],
  databases: both,
  open: async (where) => subjectOn(openKnex(where)),
}

/** As its documentation tells for SQLite. */
export const openKnex = ({ database, address }: Address): Knex =>
  database === 'sqlite'
    ? knex({ client: 'better-sqlite3', connection: { filename: address }, useNullAsDefault: true })
    : knex({ client: 'pg', connection: { connectionString: address } })

function subjectOn(db: Knex): Subject {
  return {
    ...verbsOn(db),
    converts: [],
    transaction: (work) => transactionOn(db, work),
    changeSchema: () => changeSchema(db),
    close: () => db.destroy(),
  }
}

export const changeSchema = async (db: Knex): Promise<void> => {
  await db.schema.alterTable('shelves', (table) => void table.setNullable('label'))
}

const transactionOn = <T>(db: Knex, work: (inner: Inner) => Promise<T>): Promise<T> =>
  db.transaction((trx) =>
    work({ ...verbsOn(trx), transaction: (more) => transactionOn(trx, more) }),
  )

function verbsOn(db: Knex): Inner {
  const rows = async (entity: Entity, query: PromiseLike<any[]>) =>
    (await query).map((row) => toValues(entity, row))

  return {
    create: async (entity, values) => {
      const [row] = await db(entity).insert(toRow(values)).returning('*')
      return toValues(entity, row)
    },
    createMany: (entity, many) =>
      rows(entity, db.batchInsert(entity, many.map(toRow)).returning('*')),
    find: async (entity, key) => {
      const row = await db(entity).where(byKey(key)).first()
      return row && toValues(entity, row)
    },
    where: (entity, filter) => rows(entity, db(entity).where(toRow(filter))),
    whereNot: (entity, property, value) =>
      rows(entity, db(entity).whereNot(columnOf(property), value as string)),
    whereIn: (entity, property, values) =>
      rows(entity, db(entity).whereIn(columnOf(property), values as string[])),
    whereNotIn: (entity, property, values) =>
      rows(entity, db(entity).whereNotIn(columnOf(property), values as string[])),
    whereNamed: (entity, name, value) => rows(entity, db(entity).where({ [name]: value })),
    sorted: (entity, property, direction) =>
      rows(entity, db(entity).orderBy(columnOf(property), direction)),
    skip: (entity, count) => rows(entity, db(entity).orderBy('id').offset(count)),
    count: async (entity) => (await db(entity).count({ count: '*' }))[0]?.count,
    update: async (entity, key, values) => {
      await db(entity).where(byKey(key)).update(toRow(values))
    },
    remove: async (entity, key) => {
      await db(entity).where(byKey(key)).delete()
    },
    removeWhere: async (entity, filter) => {
      await db(entity).where(toRow(filter)).delete()
    },
  }
}
