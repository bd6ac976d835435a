import 'reflect-metadata'
import { DataSource, EntitySchema } from 'typeorm'
import type { Contender, Work } from '../contender.ts'
import { fill, schema } from '../data.ts'

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
}

const authors = new EntitySchema<Author>({
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
    createdAt: { type: 'datetime', name: 'created_at' },
  },
  relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' } },
})
const posts = new EntitySchema<Post>({
  name: 'Post',
  target: Post,
  tableName: 'posts',
  columns: {
    id: { type: Number, primary: true, generated: true },
    title: { type: 'text' },
  },
  relations: {
    author: { type: 'many-to-one', target: 'Author', joinColumn: { name: 'author_id' } },
  },
})

export const contender: Contender = {
  name: 'typeorm',
  gives: 'entities',
  open: async () => {
    const source = new DataSource({
      type: 'better-sqlite3',
      database: ':memory:',
      entities: [authors, posts],
      prepareDatabase: (database) => {
        database.exec(schema)
        fill((sql, parameters) => database.prepare(sql).run(...parameters))
      },
    })
    return workOn(await source.initialize())
  },
}

function workOn(source: DataSource): Work {
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
    insert: (added) => repository.save(repository.create([...added]), { chunk: 1000 }),
    openForUpdate: async (limit) => {
      const loaded = await first(limit)
      return (name) => {
        for (const author of loaded) author.name = name
        return repository.save(loaded, { chunk: 500 })
      }
    },
    eager: (limit) => first(limit, true),
    run: (sql) => source.query(sql),
    close: () => source.destroy(),
  }
}
