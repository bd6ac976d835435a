import 'reflect-metadata'
import { DataSource, type EntityManager, EntitySchema, In, Not } from 'typeorm'
import {
  type Entity,
  type Inner,
  NotOffered,
  type Step,
  type Subject,
  type Values,
} from '../../workbook/conformance/subject.ts'
import { type Address, both, type Peer } from './peer.ts'
import { byKey, plain } from './rows.ts'

/** Entities that are saved one by one or in a list. Its version column is compared when an object is read, not when it is written. */
export const peer: Peer = {
  packages: ['typeorm'],
  databases: both,
  open: async (where) => subjectOn(await sourceOf(where).initialize()),
}

const types = {
  sqlite: { at: 'datetime', data: 'simple-json', bytes: 'blob', fraction: 'real' },
  postgres: { at: 'timestamptz', data: 'jsonb', bytes: 'bytea', fraction: 'double precision' },
} as const

function entitiesOn(database: Address['database']): EntitySchema<any>[] {
  const { at, data, bytes, fraction } = types[database]
  const id = { type: Number, primary: true, generated: true } as const
  const text = { type: 'text', nullable: true } as const
  const number = { type: Number, nullable: true } as const
  const parent = (target: string, column: string) =>
    ({ type: 'many-to-one', target, joinColumn: { name: column }, nullable: true }) as const
  const children = (target: string, inverseSide: string) =>
    ({ type: 'one-to-many', target, inverseSide }) as const
  // A class for each, with a name of its own, so that a list of objects may hold several kinds.
  const define = (name: Entity, columns: object, relations: object = {}) =>
    new EntitySchema<any>({
      name,
      target: { [name]: class {} }[name],
      tableName: name,
      columns,
      relations,
    } as any)

  return [
    define(
      'authors',
      {
        id,
        name: { type: 'text' },
        email: { ...text, unique: true },
        nickname: text,
        status: { type: 'text', default: 'new' },
        favouriteId: { ...number, name: 'favourite_id' },
      },
      { posts: children('posts', 'author'), favourite: parent('posts', 'favourite_id') },
    ),
    define(
      'posts',
      { id, title: { type: 'text' }, authorId: { ...number, name: 'author_id' } },
      {
        author: parent('authors', 'author_id'),
        comments: children('comments', 'post'),
        tags: {
          type: 'many-to-many',
          target: 'tags',
          joinTable: {
            name: 'posts_tags',
            joinColumn: { name: 'post_id' },
            inverseJoinColumn: { name: 'tag_id' },
          },
        },
      },
    ),
    define(
      'comments',
      {
        id,
        body: { type: 'text' },
        postId: { ...number, name: 'post_id' },
        parentId: { ...number, name: 'parent_id' },
      },
      { post: parent('posts', 'post_id'), parent: parent('comments', 'parent_id') },
    ),
    define('tags', { id, name: { type: 'text' } }),
    define('seats', {
      aisle: { type: Number, primary: true },
      number: { type: Number, primary: true },
      guest: text,
    }),
    define(
      'accounts',
      { id: { type: 'bigint', primary: true }, label: text },
      { entries: children('entries', 'account') },
    ),
    define(
      'entries',
      { id, accountId: { type: 'bigint', name: 'account_id' }, label: text },
      { account: parent('accounts', 'account_id') },
    ),
    define('documents', { id, title: { type: 'text' }, version: { type: Number, version: true } }),
    define('samples', {
      id,
      big: { type: 'bigint', nullable: true },
      fraction: { type: fraction, nullable: true },
      flag: { type: 'boolean', nullable: true },
      at: { type: at, nullable: true },
      data: { type: data, nullable: true },
      bytes: { type: bytes, nullable: true },
      text,
    }),
    define('order', { id, group: text, 'quo"te': text }),
  ]
}

const sourceOf = ({ database, address }: Address): DataSource =>
  database === 'sqlite'
    ? new DataSource({ type: 'better-sqlite3', database: address, entities: entitiesOn(database) })
    : new DataSource({ type: 'postgres', url: address, entities: entitiesOn(database) })

function subjectOn(source: DataSource): Subject {
  return {
    ...verbsOn(source.manager),
    converts: ['booleans', 'dates', 'json'],
    load: async (entity, relations, limit) =>
      source.getRepository<any>(entity).find({
        order: { id: 'ASC' },
        relations: Object.fromEntries(relations.map((relation) => [relation, true])),
        ...(limit !== undefined && { take: limit }),
      }),
    edit: async (entity, key, change) => {
      if (entity === 'documents') throw new NotOffered('a version that is compared by save')
      const repository = source.getRepository<any>(entity)
      const object = await repository.findOneByOrFail(wordOf(byKey(key)))
      await change(object)
      await repository.save(object)
    },
    together: (steps) => together(source, steps),
    transaction: (work) => transactionOn(source.manager, work),
    changeSchema: async () => {
      const runner = source.createQueryRunner()
      const table = await runner.getTable('shelves')
      const column = table!.findColumnByName('label')!.clone()
      column.isNullable = true
      await runner.changeColumn('shelves', 'label', column)
      await runner.release()
    },
    close: () => source.destroy(),
  }
}

/** Its whole numbers of 64 bits are text. */
const wordOf = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? String(value) : value,
    ]),
  )

const transactionOn = <T>(manager: EntityManager, work: (inner: Inner) => Promise<T>): Promise<T> =>
  manager.transaction((own) =>
    work({ ...verbsOn(own), transaction: (more) => transactionOn(own, more) }),
  )

/** It saves a list, or removes a list, each in one transaction; both at once it does not. */
async function together(source: DataSource, steps: readonly Step[]): Promise<void> {
  const { manager } = source
  if (steps.every((step) => 'remove' in step)) {
    const found = await Promise.all(
      steps.map((step) => manager.getRepository<any>(step.remove).findOneByOrFail(byKey(step.key))),
    )
    await manager.remove(found)
    return
  }
  const made = new Map<string, any>()
  const objects: any[] = []
  for (const step of steps) {
    if ('remove' in step) throw new NotOffered('save and remove in one')
    const repository = manager.getRepository<any>('insert' in step ? step.insert : step.update)
    const object =
      'insert' in step
        ? repository.create(step.values)
        : Object.assign(await repository.findOneByOrFail(byKey(step.key)), step.values)
    if ('insert' in step && step.as) made.set(step.as, object)
    objects.push(object)
  }
  for (const [i, step] of steps.entries())
    if ('insert' in step)
      for (const [relation, target] of Object.entries(step.relations ?? {}))
        objects[i][relation] = made.get(target)
  await manager.transaction((own) => own.save(objects))
}

function verbsOn(manager: EntityManager): Inner {
  const repository = (entity: Entity) => manager.getRepository<any>(entity)
  return {
    create: async (entity, values) => {
      const own = repository(entity)
      return plain(entity, await own.save(own.create(wordOf(values))))
    },
    createMany: async (entity, many) => {
      const own = repository(entity)
      const saved = await own.save(own.create(many.map(wordOf)), { chunk: 500 })
      return saved.map((one: any) => plain(entity, one))
    },
    find: async (entity, key) =>
      (await repository(entity).findOneBy(wordOf(byKey(key)))) ?? undefined,
    where: (entity, filter) => repository(entity).findBy(filter),
    whereNot: (entity, property, value) => repository(entity).findBy({ [property]: Not(value) }),
    whereIn: (entity, property, values) => repository(entity).findBy({ [property]: In(values) }),
    whereNotIn: (entity, property, values) =>
      repository(entity).findBy({ [property]: Not(In(values)) }),
    whereNamed: (entity, name, value) => repository(entity).findBy({ [name]: value }),
    sorted: (entity, property, direction) =>
      repository(entity).find({ order: { [property]: direction as 'asc' } }),
    skip: (entity, count) => repository(entity).find({ order: { id: 'ASC' }, skip: count }),
    count: (entity) => repository(entity).count(),
    update: async (entity, key, values) => {
      await repository(entity).update(wordOf(byKey(key)), values)
    },
    remove: async (entity, key) => {
      await repository(entity).delete(wordOf(byKey(key)))
    },
    removeWhere: async (entity, filter) => {
      await repository(entity).delete(filter)
    },
  }
}
