import {
  type AsyncSession,
  and,
  deleteFrom,
  diff,
  execute,
  inspect,
  Query,
  runStatements,
  type Schema,
  statements,
  withSession,
} from '#stage/10-blog-app'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { models } from './own-models.ts'
import { columns } from './schema.ts'
import type { Entity, Inner, Step, Subject, Tree, Unit, Values, Verbs } from './subject.ts'

/** The ORM of the workbook, in the words of the cases. */
export function ownSubject(database: AsyncDatabase): Subject {
  const inSession = <T>(work: (session: AsyncSession) => Promise<T>) => withSession(database, work)
  return {
    ...verbsIn(inSession),
    converts: ['booleans', 'dates', 'json'],

    load: (entity, relations, limit) =>
      inSession(async (session) => {
        const wanted = Object.fromEntries(relations.map((relation) => [relation, true]))
        const query = session
          .query(models[entity])
          .orderBy((one: any) => one.id)
          .with(wanted as never)
        const objects = await (limit === undefined ? query : query.limit(limit)).all()
        return objects.map((object) => treeOf(object, entity, relations))
      }),

    edit: (entity, key, change) =>
      inSession(async (session) => {
        await change(await session.get(models[entity], key as never))
        await session.commit()
      }),

    together: (steps) => inSession((session) => doAll(session, steps)),
    unit: (work) => inSession((session) => work(unitOf(session))),
    transaction: (work) => inSession((session) => transactionIn(session, work)),
    changeSchema: () => changeSchema(database),
    close: () => database.close(),
  }
}

type InSession = <T>(work: (session: AsyncSession) => Promise<T>) => Promise<T>

/** Each verb in a session of its own, which is committed; or all in one, whose transaction is open. */
function verbsIn(inSession: InSession, save = (session: AsyncSession) => session.commit()): Verbs {
  const rows = (entity: Entity, condition: (one: any) => any) =>
    inSession(async (session) =>
      (await session.query(models[entity]).where(condition).all()).map((one) => plain(one, entity)),
    )

  return {
    create: (entity, values) =>
      inSession(async (session) => {
        const object = new models[entity](values)
        session.add(object)
        try {
          await save(session)
        } catch (error) {
          // A new object that was refused stays with its session, to be mended. Here it is given up.
          session.expunge(object)
          throw error
        }
        return plain(object, entity)
      }),

    createMany: (entity, many) =>
      inSession(async (session) => {
        const objects = many.map((values) => new models[entity](values))
        session.add(...objects)
        await save(session)
        return objects.map((object) => plain(object, entity))
      }),

    find: (entity, key) =>
      inSession(async (session) => {
        const object = await session.find(models[entity], key as never)
        return object && plain(object, entity)
      }),

    where: (entity, filter) => rows(entity, equals(filter)),
    whereNot: (entity, property, value) => rows(entity, (one) => one[property].ne(value)),
    whereIn: (entity, property, values) => rows(entity, (one) => one[property].in(values)),
    whereNotIn: (entity, property, values) => rows(entity, (one) => one[property].notIn(values)),
    contains: (entity, property, text) => rows(entity, (one) => one[property].contains(text)),

    whereNamed: (entity, name, value) =>
      inSession((session) => fetch(session, new Query().from(entity).where(name, '=', value))),

    sorted: (entity, property, direction) =>
      inSession((session) =>
        fetch(session, new Query().from(entity).orderBy(property, direction as never)),
      ),

    skip: (entity, count) =>
      inSession(async (session) => {
        const query = session.query(models[entity]).orderBy((one: any) => one.id)
        return (await query.offset(count).all()).map((one) => plain(one, entity))
      }),

    count: (entity) => inSession((session) => session.query(models[entity]).count()),

    update: (entity, key, values) =>
      inSession(async (session) => {
        Object.assign(await session.get(models[entity], key as never), values)
        await save(session)
      }),

    remove: (entity, key) =>
      inSession(async (session) => {
        session.delete(await session.get(models[entity], key as never))
        await save(session)
      }),

    removeWhere: (entity, filter) =>
      inSession(async (session) => {
        await execute(session.connection, deleteFrom(models[entity]).where(equals(filter)))
      }),
  }
}

const equals = (filter: Values) => (one: any) =>
  and(...Object.entries(filter).map(([property, value]) => one[property].eq(value)))

/** A query in strings, as one writes it where names come from outside. */
async function fetch({ connection }: AsyncSession, query: Query): Promise<Values[]> {
  const { sql, params } = query.build(connection.dialect)
  const rows = await connection.values(sql, params)
  return rows.map(([id, name]) => ({ id, name }))
}

function transactionIn<T>(session: AsyncSession, work: (inner: Inner) => Promise<T>): Promise<T> {
  return session.transaction(() =>
    work({
      ...verbsIn(
        (verb) => verb(session),
        (own) => own.flush(),
      ),
      transaction: (more) => transactionIn(session, more),
    }),
  )
}

async function doAll(session: AsyncSession, steps: readonly Step[]): Promise<void> {
  const made = new Map<string, any>()
  const open: [object: any, relations: Readonly<Record<string, string>>][] = []
  for (const step of steps) {
    if ('insert' in step) {
      const object = new models[step.insert](step.values)
      if (step.as) made.set(step.as, object)
      open.push([object, step.relations ?? {}])
    } else await touch(session, step)
  }
  for (const [object, relations] of open) {
    for (const [relation, target] of Object.entries(relations)) object[relation] = made.get(target)
    session.add(object)
  }
  await session.commit()
}

/** What a migration does: from the schema that is there to the one that is wanted. */
async function changeSchema(database: AsyncDatabase): Promise<void> {
  await using connection = await database.connect()
  const before = await inspect(connection)
  const after: Schema = {
    ...before,
    tables: before.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) =>
        table.name === 'shelves' && column.name === 'label'
          ? { ...column, isNullable: true }
          : column,
      ),
    })),
  }
  await runStatements(connection, statements(diff(before, after), before, connection.dialect))
}

async function touch(session: AsyncSession, step: Exclude<Step, { insert: Entity }>) {
  const entity = 'update' in step ? step.update : step.remove
  const object: any = await session.get(models[entity], step.key as never)
  if ('update' in step) Object.assign(object, step.values)
  else session.delete(object)
}

const unitOf = (session: AsyncSession): Unit => ({
  find: (entity, key) => session.find(models[entity], key as never),
  all: (entity) => session.query(models[entity]).all(),
  add: (entity, values) => {
    const object = new models[entity](values)
    session.add(object)
    return object
  },
  remove: (object) => session.delete(object),
  save: () => session.commit(),
})

const plain = (object: any, entity: Entity): Values =>
  Object.fromEntries(columns[entity].map((property) => [property, object[property]]))

const treeOf = (object: any, entity: Entity, relations: readonly string[]): Tree => ({
  ...plain(object, entity),
  ...Object.fromEntries(relations.map((relation) => [relation, related(object[relation])])),
})

/** A list, one object, or null. */
const related = (value: any): unknown => (value?.toArray ? value.toArray() : value)
