import { Collection, EntitySchema, MikroORM, Type } from '@mikro-orm/better-sqlite'
import type { Contender, Work } from '../contender.ts'
import { fill, type NewAuthor, schema } from '../data.ts'

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
}

/** Dates as the others store them; its own are numbers. */
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

const authors = new EntitySchema<Author>({
  class: Author,
  tableName: 'authors',
  properties: {
    id: { type: 'integer', primary: true },
    name: { type: 'text' },
    email: { type: 'text' },
    age: { type: 'integer', nullable: true },
    active: { type: 'boolean' },
    bio: { type: 'text', nullable: true },
    createdAt: { type: IsoDate, fieldName: 'created_at' },
    posts: { kind: '1:m', entity: 'Post', mappedBy: 'author' },
  },
})
const posts = new EntitySchema<Post>({
  class: Post,
  tableName: 'posts',
  properties: {
    id: { type: 'integer', primary: true },
    title: { type: 'text' },
    author: { kind: 'm:1', entity: 'Author', fieldName: 'author_id' },
  },
})

/** The other one with an identity map and a unit of work. */
export const contender: Contender = {
  name: 'mikro-orm',
  gives: 'entities, identity map, unit of work',
  open: async () => {
    const orm = await MikroORM.init({
      dbName: ':memory:',
      entities: [authors, posts],
      discovery: { warnWhenNoEntities: false },
    })
    return workOn(orm, await prepare(orm))
  },
}

async function prepare(orm: MikroORM): Promise<Work['run']> {
  const connection = orm.em.getConnection()
  for (const statement of schema.split(';').filter((text) => text.trim()))
    await connection.execute(statement)
  const statements: [string, readonly unknown[]][] = []
  fill((sql, parameters) => statements.push([sql, parameters]))
  for (const [sql, parameters] of statements) await connection.execute(sql, [...parameters])
  return (sql) => connection.execute(sql)
}

function workOn(orm: MikroORM, run: Work['run']): Work {
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
        (Author & { posts: Collection<Post> })[]
      >,
    openForHits: async (id) => {
      const em = orm.em.fork()
      await em.findOne(Author, id)
      return () => em.findOne(Author, id)
    },
    run,
    close: () => orm.close(),
  }
}
