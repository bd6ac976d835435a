import type { Knex } from 'knex'
import objection, { type Transaction } from 'objection'
import type { Contender, RemoteWork } from '../contender.ts'
import type { NewAuthor } from '../data.ts'
import { postgresKnex, sqliteKnex } from './knex.ts'
import { textRow, typedRow } from './kysely.ts'

const { Model } = objection

class Author extends Model {
  static override tableName = 'authors'
  static override relationMappings = () => ({
    posts: {
      relation: Model.HasManyRelation,
      modelClass: Post,
      join: { from: 'authors.id', to: 'posts.author_id' },
    },
  })

  declare id: number
  declare name: string
  declare posts: Post[]
}

class Post extends Model {
  static override tableName = 'posts'
  static override relationMappings = () => ({
    tags: {
      relation: Model.ManyToManyRelation,
      modelClass: Tag,
      join: {
        from: 'posts.id',
        through: { from: 'posts_tags.post_id', to: 'posts_tags.tag_id' },
        to: 'tags.id',
      },
    },
  })

  declare id: number
  declare title: string
  declare tags: Tag[]
}

class Tag extends Model {
  static override tableName = 'tags'

  declare name: string
}

/** Model classes on Knex. It leaves the values as the driver gives them, and the columns with their own names. */
export const contender: Contender = {
  name: 'objection',
  gives: 'models',
  converts: false,
  sqlite: async (seed) => {
    const db = sqliteKnex(seed)
    // Many rows in one INSERT are for PostgreSQL only.
    const insert = async (authors: readonly NewAuthor[], tx: Transaction) => {
      for (const author of authors) await Author.query(tx).insert(textRow(author) as object)
    }
    return { ...workOn(db, { yes: 1, insert }), run: (sql) => db.raw(sql) }
  },
  postgres: async (url) => {
    const insert = async (authors: readonly NewAuthor[], tx: Transaction) => {
      for (let i = 0; i < authors.length; i += 10_000)
        await Author.query(tx).insert(authors.slice(i, i + 10_000).map(typedRow) as object[])
    }
    return workOn(postgresKnex(url), { yes: true, insert })
  },
}

interface Words {
  readonly yes: number | boolean
  insert(authors: readonly NewAuthor[], tx: Transaction): Promise<void>
}

function workOn(db: Knex, { yes, insert }: Words): RemoteWork {
  Model.knex(db)
  const first = (limit: number) => Author.query().orderBy('id').limit(limit)

  return {
    find: (id) => Author.query().findById(id) as never,
    loadAll: () => Author.query() as never,
    list: (age) => Author.query().where({ active: yes, age }).orderBy('id').limit(20) as never,
    insert: (added) => Author.transaction((tx) => insert(added, tx)),
    openForUpdate: async (limit) => {
      const loaded = await first(limit)
      return (name) =>
        Author.transaction(async (tx) => {
          for (const { id } of loaded) await Author.query(tx).findById(id).patch({ name })
        })
    },
    eager: (limit) => first(limit).withGraphFetched('posts') as never,
    manyToMany: (limit) =>
      Post.query().orderBy('id').limit(limit).withGraphFetched('tags') as never,
    close: () => db.destroy(),
  }
}
