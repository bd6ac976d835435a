import type { Knex } from 'knex'
import objection, { type ModelClass, type RelationMappings } from 'objection'
import type { Entity, Inner, Key, Subject, Values } from '../../workbook/conformance/subject.ts'
import { changeSchema, openKnex } from './knex.ts'
import { both, type Peer } from './peer.ts'
import { plain } from './rows.ts'

const { Model, snakeCaseMappers } = objection

/** Models over Knex. Values are those of the driver, but for JSON. */
export const peer: Peer = {
  packages: ['objection', 'knex'],
  databases: both,
  open: async (where) => subjectOn(openKnex(where), where.database),
}

class Base extends Model {
  static override get columnNameMappers() {
    return snakeCaseMappers()
  }
}

class Author extends Base {
  static override tableName = 'authors'
  static override get relationMappings(): RelationMappings {
    return { posts: many(Post, 'authors.id', 'posts.author_id') }
  }
}

class Post extends Base {
  static override tableName = 'posts'
  static override get relationMappings(): RelationMappings {
    return {
      author: {
        ...many(Author, 'posts.author_id', 'authors.id'),
        relation: Model.BelongsToOneRelation,
      },
      comments: many(Comment, 'posts.id', 'comments.post_id'),
      tags: {
        relation: Model.ManyToManyRelation,
        modelClass: Tag,
        join: {
          from: 'posts.id',
          through: { from: 'posts_tags.post_id', to: 'posts_tags.tag_id' },
          to: 'tags.id',
        },
      },
    }
  }
}

class Comment extends Base {
  static override tableName = 'comments'
}

class Tag extends Base {
  static override tableName = 'tags'
}

class Seat extends Base {
  static override tableName = 'seats'
  static override idColumn = ['aisle', 'number']
}

class Account extends Base {
  static override tableName = 'accounts'
  static override get relationMappings(): RelationMappings {
    return { entries: many(Entry, 'accounts.id', 'entries.account_id') }
  }
}

class Entry extends Base {
  static override tableName = 'entries'
}

class Document extends Base {
  static override tableName = 'documents'
}

class Sample extends Base {
  static override tableName = 'samples'
  static override jsonAttributes = ['data']
}

class Word extends Model {
  static override tableName = 'order'
}

const many = (modelClass: typeof Model, from: string, to: string) => ({
  relation: Model.HasManyRelation,
  modelClass,
  join: { from, to },
})

const models: Record<Entity, ModelClass<any>> = {
  authors: Author,
  posts: Post,
  comments: Comment,
  tags: Tag,
  seats: Seat,
  accounts: Account,
  entries: Entry,
  documents: Document,
  samples: Sample,
  order: Word,
}

function subjectOn(db: Knex, database: string): Subject {
  return {
    ...verbsOn(db, database),
    converts: ['json'],
    load: async (entity, relations, limit) => {
      const query = models[entity].query(db).orderBy('id').withGraphFetched(`[${relations}]`)
      const found = await (limit === undefined ? query : query.limit(limit))
      return found.map((one: any) => one.toJSON())
    },
    transaction: (work) => transactionOn(db, database, work),
    changeSchema: () => changeSchema(db),
    close: () => db.destroy(),
  }
}

const transactionOn = <T>(
  db: Knex,
  database: string,
  work: (inner: Inner) => Promise<T>,
): Promise<T> =>
  db.transaction((trx) =>
    work({
      ...verbsOn(trx, database),
      transaction: (more) => transactionOn(trx, database, more),
    }),
  )

function verbsOn(db: Knex, database: string): Inner {
  const query = (entity: Entity) => models[entity].query(db)
  const rows = async (entity: Entity, found: PromiseLike<any[]>) =>
    (await found).map((one) => plain(entity, one))
  const byKey = (key: Key) => (typeof key === 'object' ? [key.aisle, key.number] : key) as any

  return {
    create: async (entity, values) => plain(entity, await query(entity).insertAndFetch(values)),
    // An INSERT of many rows is for PostgreSQL only; insertGraph is there for all.
    createMany: async (entity, values) =>
      rows(
        entity,
        database === 'postgres'
          ? query(entity).insert([...values] as any)
          : query(entity).insertGraph([...values] as any),
      ),
    find: async (entity, key) => {
      const one = await query(entity).findById(byKey(key))
      return one && plain(entity, one)
    },
    where: (entity, filter) => rows(entity, query(entity).where(filter)),
    whereNot: (entity, property, value) =>
      rows(entity, query(entity).whereNot(property, value as string)),
    whereIn: (entity, property, values) =>
      rows(entity, query(entity).whereIn(property, values as string[])),
    whereNotIn: (entity, property, values) =>
      rows(entity, query(entity).whereNotIn(property, values as string[])),
    whereNamed: (entity, name, value) => rows(entity, query(entity).where({ [name]: value })),
    sorted: (entity, property, direction) =>
      rows(entity, query(entity).orderBy(property, direction as 'asc')),
    skip: (entity, count) => rows(entity, query(entity).orderBy('id').offset(count)),
    count: (entity) => query(entity).resultSize(),
    update: async (entity, key, values) => {
      await query(entity).findById(byKey(key)).patch(values)
    },
    remove: async (entity, key) => {
      await query(entity).deleteById(byKey(key))
    },
    removeWhere: async (entity, filter: Values) => {
      await query(entity).where(filter).delete()
    },
  }
}
