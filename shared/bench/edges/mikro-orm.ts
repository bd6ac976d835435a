import { MikroORM as SqliteORM } from '@mikro-orm/better-sqlite'
import { BigIntType, Collection, EntitySchema, type Options, wrap } from '@mikro-orm/core'
import { MikroORM as PostgresORM } from '@mikro-orm/postgresql'
import type {
  Entity,
  Inner,
  Key,
  Step,
  Subject,
  Unit,
  Values,
} from '../../workbook/conformance/subject.ts'
import { type Address, both, type Peer } from './peer.ts'

/** Objects, identity map and unit of work. */
export const peer: Peer = {
  packages: ['@mikro-orm/core'],
  databases: both,
  open: async (where) => subjectOn(await openOn(where, entities(where.database)), where),
}

const id = { type: 'integer', primary: true } as const
const text = { type: 'text', nullable: true } as const
const big = { type: new BigIntType('bigint') }
const parent = (entity: string, column: string) =>
  ({ kind: 'm:1', entity, fieldName: column, nullable: true }) as const
const children = (entity: string, mappedBy: string) => ({ kind: '1:m', entity, mappedBy }) as const

const define = (name: Entity, properties: object) =>
  new EntitySchema<any>({ name, tableName: name, properties } as any)

const entities = (database: Address['database']) => [
  define('authors', {
    id,
    name: { type: 'text' },
    email: { ...text, unique: true },
    nickname: text,
    status: { type: 'text', default: 'new' },
    favourite: parent('posts', 'favourite_id'),
    posts: children('posts', 'author'),
  }),
  define('posts', {
    id,
    title: { type: 'text' },
    author: parent('authors', 'author_id'),
    comments: children('comments', 'post'),
    tags: {
      kind: 'm:n',
      entity: 'tags',
      owner: true,
      pivotTable: 'posts_tags',
      joinColumn: 'post_id',
      inverseJoinColumn: 'tag_id',
    },
  }),
  define('comments', {
    id,
    body: { type: 'text' },
    post: parent('posts', 'post_id'),
    parent: parent('comments', 'parent_id'),
  }),
  define('tags', { id, name: { type: 'text' } }),
  define('seats', {
    aisle: { type: 'integer', primary: true },
    number: { type: 'integer', primary: true },
    guest: text,
  }),
  define('accounts', {
    id: { ...big, primary: true },
    label: text,
    entries: children('entries', 'account'),
  }),
  define('entries', {
    id,
    account: { ...parent('accounts', 'account_id'), nullable: false },
    label: text,
  }),
  define('documents', { id, title: { type: 'text' }, version: { type: 'integer', version: true } }),
  define('samples', {
    id,
    big: { ...big, nullable: true },
    fraction: { type: 'double', nullable: true },
    flag: { type: 'boolean', nullable: true },
    at: { type: 'datetime', nullable: true, ...(database === 'postgres' && { length: 3 }) },
    data: { type: 'json', nullable: true },
    bytes: { type: 'blob', nullable: true },
    text,
  }),
  define('order', { id, group: text, 'quo"te': text }),
]

/** The tables after the change: it compares them with those that are there. */
const shelves = [
  new EntitySchema<any>({
    name: 'shelves',
    tableName: 'shelves',
    properties: { id: { ...id, autoincrement: false }, label: text },
  } as any),
]

async function changeSchema(where: Address): Promise<void> {
  const orm = await openOn(where, shelves, { schema: 'orm_workbook_edges' })
  await orm.schema.updateSchema({ safe: true, dropTables: false })
  await orm.close(true)
}

async function openOn(
  { database, address }: Address,
  entities: readonly EntitySchema<any>[],
  onPostgres: object = {},
): Promise<any> {
  const options = { entities: [...entities], discovery: { warnWhenNoEntities: false } }
  return database === 'sqlite'
    ? await SqliteORM.init({ ...options, dbName: address } as Options as never)
    : await PostgresORM.init({
        ...options,
        ...onPostgres,
        clientUrl: address,
        driverOptions: { connection: { options: new URL(address).searchParams.get('options') } },
      } as Options as never)
}

function subjectOn(orm: any, where: Address): Subject {
  return {
    ...verbsOn(() => orm.em.fork()),
    converts: ['booleans', 'dates', 'json'],
    load: async (entity, relations, limit) => {
      const found = await orm.em.fork().find(
        entity,
        {},
        {
          populate: relations,
          orderBy: { id: 'asc' },
          ...(limit !== undefined && { limit }),
        },
      )
      return found.map((one: any) => ({
        ...wrap(one).toPOJO(),
        ...Object.fromEntries(relations.map((relation) => [relation, related(one[relation])])),
      }))
    },
    edit: async (entity, key, change) => {
      const em = orm.em.fork()
      const object = await em.findOneOrFail(entity, keyOf(key))
      await change(object)
      await em.flush()
    },
    together: (steps) => together(orm.em.fork(), steps),
    unit: (work) => work(unitOn(orm.em.fork())),
    transaction: (work) => transactionOn(orm.em.fork(), work),
    changeSchema: () => changeSchema(where),
    close: () => orm.close(true),
  }
}

const related = (value: unknown): unknown =>
  value instanceof Collection ? value.getItems().map((one: any) => wrap(one).toPOJO()) : value

const keyOf = (key: Key): any => (typeof key === 'object' ? { ...key } : key)

/** What others call `authorId` is the object, or its key. */
const toEntity = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name.replace(/Id$/, ''), value]),
  )

const transactionOn = (em: any, work: (inner: Inner) => Promise<any>): Promise<any> =>
  em.transactional((own: any) =>
    work({ ...verbsOn(() => own), transaction: (more) => transactionOn(own, more) }),
  )

async function together(em: any, steps: readonly Step[]): Promise<void> {
  const made = new Map<string, any>()
  const open: [object: any, relations: Readonly<Record<string, string>>][] = []
  for (const step of steps) {
    if ('insert' in step) {
      const object = em.create(step.insert, toEntity(step.values))
      if (step.as) made.set(step.as, object)
      open.push([object, step.relations ?? {}])
    } else if ('update' in step)
      em.assign(await em.findOneOrFail(step.update, keyOf(step.key)), step.values)
    else em.remove(await em.findOneOrFail(step.remove, keyOf(step.key)))
  }
  for (const [object, relations] of open) {
    for (const [relation, target] of Object.entries(relations)) object[relation] = made.get(target)
    em.persist(object)
  }
  await em.flush()
}

const unitOn = (em: any): Unit => ({
  find: (entity, key) => em.findOne(entity, keyOf(key)),
  all: (entity) => em.find(entity, {}),
  add: (entity, values) => {
    const object = em.create(entity, toEntity(values))
    em.persist(object)
    return object
  },
  remove: (object) => em.remove(object),
  save: () => em.flush(),
})

function verbsOn(manager: () => any): Inner {
  const find = (entity: Entity, filter: object, options?: object): Promise<Values[]> =>
    manager().find(entity, filter, options)

  return {
    create: async (entity, values) => {
      const em = manager()
      const object = em.create(entity, toEntity(values))
      await em.persistAndFlush(object)
      return object
    },
    createMany: async (entity, many) => {
      const em = manager()
      const objects = many.map((values) => em.create(entity, toEntity(values)))
      await em.persistAndFlush(objects)
      return objects
    },
    find: async (entity, key) => (await manager().findOne(entity, keyOf(key))) ?? undefined,
    where: (entity, filter) => find(entity, filter),
    whereNot: (entity, property, value) => find(entity, { [property]: { $ne: value } }),
    whereIn: (entity, property, values) => find(entity, { [property]: { $in: values } }),
    whereNotIn: (entity, property, values) => find(entity, { [property]: { $nin: values } }),
    whereNamed: (entity, name, value) => find(entity, { [name]: value }),
    sorted: (entity, property, direction) =>
      find(entity, {}, { orderBy: { [property]: direction } }),
    skip: (entity, count) => find(entity, {}, { orderBy: { id: 'asc' }, offset: count }),
    count: (entity) => manager().count(entity),
    update: async (entity, key, values) => {
      const em = manager()
      em.assign(await em.findOneOrFail(entity, keyOf(key)), values)
      await em.flush()
    },
    remove: async (entity, key) => {
      const em = manager()
      em.remove(await em.findOneOrFail(entity, keyOf(key)))
      await em.flush()
    },
    removeWhere: async (entity, filter) => {
      await manager().nativeDelete(entity, filter)
    },
  }
}
