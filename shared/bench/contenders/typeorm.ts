import 'reflect-metadata'
import type Database from 'better-sqlite3'
import { DataSource, EntitySchema } from 'typeorm'
import type { Contender, RemoteWork } from '../contender.ts'
import { fill } from './raw.ts'

class Author {
  id!: number
  name!: string
  email!: string
  age!: number | null
  active!: boolean
  bio!: string | null
  createdAt!: Date
  posts!: Post[]
}

class Post {
  id!: number
  title!: string
  author!: Author
  tags!: Tag[]
}

class Tag {
  id!: number
  name!: string
}

/** What is a date is called otherwise on each database. */
const entities = (date: 'datetime' | 'timestamptz') => [
  new EntitySchema<Author>({
    name: 'Author',
    target: Author,
    tableName: 'authors',
    columns: {
      id: { type: Number, primary: true, generated: true },
      name: { type: 'text' },
      email: { type: 'text' },
      age: { type: 'integer', nullable: true },
      active: { type: 'boolean' },
      bio: { type: 'text', nullable: true },
      createdAt: { type: date, name: 'created_at' },
    },
    relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' } },
  }),
  new EntitySchema<Post>({
    name: 'Post',
    target: Post,
    tableName: 'posts',
    columns: {
      id: { type: Number, primary: true, generated: true },
      title: { type: 'text' },
    },
    relations: {
      author: { type: 'many-to-one', target: 'Author', joinColumn: { name: 'author_id' } },
      tags: {
        type: 'many-to-many',
        target: 'Tag',
        joinTable: {
          name: 'posts_tags',
          joinColumn: { name: 'post_id' },
          inverseJoinColumn: { name: 'tag_id' },
        },
      },
    },
  }),
  new EntitySchema<Tag>({
    name: 'Tag',
    target: Tag,
    tableName: 'tags',
    columns: { id: { type: Number, primary: true, generated: true }, name: { type: 'text' } },
  }),
]

export const contender: Contender = {
  name: 'typeorm',
  gives: 'entities',
  converts: true,
  sqlite: async (seed) => {
    const source = new DataSource({
      type: 'better-sqlite3',
      database: ':memory:',
      entities: entities('datetime'),
      prepareDatabase: (database: Database.Database) => void fill(database, seed),
    })
    return { ...workOn(await source.initialize()), run: (sql) => source.query(sql) }
  },
  postgres: async (url) => {
    const source = new DataSource({ type: 'postgres', url, entities: entities('timestamptz') })
    return workOn(await source.initialize())
  },
}

function workOn(source: DataSource): RemoteWork {
  const repository = source.getRepository(Author)
  const first = (take: number, eager = false) =>
    repository.find({
      order: { id: 'ASC' },
      take,
      // By a join, its default: with `relationLoadStrategy: 'query'` it sends one statement for each author.
      ...(eager && { relations: { posts: true } }),
    })

  return {
    find: (id) => repository.findOneBy({ id }),
    loadAll: () => repository.find(),
    list: (age) =>
      repository.find({ where: { active: true, age }, order: { id: 'ASC' }, take: 20 }),
    // Its insert() and update() are quicker than save(), which looks at each object.
    insert: (added) =>
      source.transaction(async (tx) => {
        for (let i = 0; i < added.length; i += 1000)
          await tx.insert(Author, added.slice(i, i + 1000))
      }),
    openForUpdate: async (limit) => {
      const loaded = await first(limit)
      return (name) =>
        source.transaction(async (tx) => {
          for (const { id } of loaded) await tx.update(Author, id, { name })
        })
    },
    eager: (limit) => first(limit, true),
    manyToMany: (take) =>
      source.getRepository(Post).find({ order: { id: 'ASC' }, take, relations: { tags: true } }),
    close: () => source.destroy(),
  }
}
