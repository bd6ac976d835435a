import {
  Collection,
  EntitySchema,
  MikroORM,
  defineConfig as onSqlite,
  Type,
} from '@mikro-orm/better-sqlite'
import { defineConfig as onPostgres } from '@mikro-orm/postgresql'
import type { Contender, RemoteWork, WithPosts, WithTags } from '../contender.ts'
import type { NewAuthor } from '../data.ts'

class Author {
  id!: number
  name!: string
  email!: string
  age!: number | null
  active!: boolean
  bio!: string | null
  createdAt!: Date
  posts = new Collection<Post>(this)
}

class Post {
  id!: number
  title!: string
  author!: Author
  tags = new Collection<Tag>(this)
}

class Tag {
  id!: number
  name!: string
}

/** Dates as the others store them on SQLite; its own are numbers there. */
class IsoDate extends Type<Date, string> {
  override convertToDatabaseValue(date: Date) {
    return date instanceof Date ? date.toISOString() : date
  }

  override convertToJSValue(text: string) {
    return new Date(text)
  }

  override compareAsType() {
    return 'string'
  }

  override getColumnType() {
    return 'text'
  }
}

const entities = (date: typeof IsoDate | 'Date') => [
  new EntitySchema<Author>({
    class: Author,
    tableName: 'authors',
    properties: {
      id: { type: 'integer', primary: true },
      name: { type: 'text' },
      email: { type: 'text' },
      age: { type: 'integer', nullable: true },
      active: { type: 'boolean' },
      bio: { type: 'text', nullable: true },
      createdAt: { type: date, fieldName: 'created_at' },
      posts: { kind: '1:m', entity: 'Post', mappedBy: 'author' },
    },
  }),
  new EntitySchema<Post>({
    class: Post,
    tableName: 'posts',
    properties: {
      id: { type: 'integer', primary: true },
      title: { type: 'text' },
      author: { kind: 'm:1', entity: 'Author', fieldName: 'author_id' },
      tags: {
        kind: 'm:n',
        entity: 'Tag',
        pivotTable: 'posts_tags',
        joinColumn: 'post_id',
        inverseJoinColumn: 'tag_id',
      },
    },
  }),
  new EntitySchema<Tag>({
    class: Tag,
    tableName: 'tags',
    properties: { id: { type: 'integer', primary: true }, name: { type: 'text' } },
  }),
]

/** The other one with an identity map and a unit of work. */
export const contender: Contender = {
  name: 'mikro-orm',
  gives: 'entities, identity map, unit of work',
  converts: true,
  sqlite: async (seed) => {
    const orm = await MikroORM.init(onSqlite({ dbName: ':memory:', entities: entities(IsoDate) }))
    const connection = orm.em.getConnection()
    for (const statement of seed) await connection.execute(statement)
    return { ...workOn(orm), run: (sql) => connection.execute(sql) }
  },
  postgres: async (url) =>
    workOn(
      await MikroORM.init(onPostgres({ clientUrl: url, entities: entities('Date') }) as never),
    ),
}

function workOn(orm: MikroORM): RemoteWork {
  const firstOf = (limit: number) => ({ orderBy: { id: 'asc' }, limit }) as const

  return {
    find: (id) => orm.em.fork().findOne(Author, id),
    loadAll: () => orm.em.fork().find(Author, {}),
    list: (age) =>
      orm.em.fork().find(Author, { active: true, age }, { orderBy: { id: 'asc' }, limit: 20 }),
    insert: (added) => {
      const em = orm.em.fork()
      for (const author of added) em.persist(em.create(Author, author as NewAuthor & Author))
      return em.flush()
    },
    openForUpdate: async (limit) => {
      const em = orm.em.fork()
      const loaded = await em.find(Author, {}, firstOf(limit))
      return (name) => {
        for (const author of loaded) author.name = name
        return em.flush()
      }
    },
    eager: (limit) =>
      orm.em.fork().find(Author, {}, { ...firstOf(limit), populate: ['posts'] }) as Promise<
        (Author & WithPosts)[]
      >,
    manyToMany: (limit) =>
      orm.em.fork().find(Post, {}, { ...firstOf(limit), populate: ['tags'] }) as Promise<
        (Post & WithTags)[]
      >,
    openForHits: async (id) => {
      const em = orm.em.fork()
      await em.findOne(Author, id)
      return () => em.findOne(Author, id)
    },
    close: () => orm.close(),
  }
}
