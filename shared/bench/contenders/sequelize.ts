import pg from 'pg'
import {
  DataTypes,
  type HasMany,
  type Model,
  type ModelStatic,
  type Options,
  Sequelize,
} from 'sequelize'
import type { Contender, RemoteWork } from '../contender.ts'
import type { NewAuthor } from '../data.ts'
import * as sqlite3 from './sqlite3-face.ts'

interface AuthorModel extends Model, NewAuthor {
  readonly id: number
  readonly posts: { title: string }[]
  name: string
}

interface PostModel extends Model {
  readonly tags: { name: string }[]
}

/** It speaks to SQLite through node-sqlite3; here it is given better-sqlite3 with that face, so that all use the same driver. */
export const contender: Contender = {
  name: 'sequelize',
  gives: 'models',
  converts: true,
  // It looks at the declared types of the columns, and reads dates in its own format only.
  storedAs: { boolean: 'TINYINT(1)', date: 'DATETIME', format: '%Y-%m-%d %H:%M:%f +00:00' },
  sqlite: async (seed) => {
    const db = open({ dialect: 'sqlite', storage: ':memory:', dialectModule: sqlite3 })
    for (const statement of seed) await db.query(statement)
    return { ...workOn(db), run: (sql) => db.query(sql) }
  },
  postgres: async (url) => workOn(open({ dialect: 'postgres', dialectModule: pg }, url)),
}

const open = (options: Options, url?: string): Sequelize => {
  const all = { ...options, logging: false, pool: { max: 1 } } as const
  return url ? new Sequelize(url, all) : new Sequelize(all)
}

function workOn(db: Sequelize): RemoteWork {
  const { Author, Post, posts } = define(db)
  const first = (limit: number) => Author.findAll({ order: ['id'], limit })

  return {
    find: (id) => Author.findByPk(id),
    loadAll: () => Author.findAll(),
    list: (age) => Author.findAll({ where: { active: true, age }, order: ['id'], limit: 20 }),
    insert: (added) =>
      db.transaction((transaction) => Author.bulkCreate(added as never, { transaction })),
    openForUpdate: async (limit) => {
      const authors = await first(limit)
      return (name) =>
        db.transaction(async (transaction) => {
          for (const author of authors) await author.update({ name }, { transaction })
        })
    },
    // In a statement of its own, which is quicker than its join.
    eager: (limit) =>
      Author.findAll({
        order: ['id'],
        limit,
        include: [{ association: posts, separate: true }],
      }),
    manyToMany: (limit) => Post.findAll({ order: ['id'], limit, include: 'tags' }),
    close: () => db.close(),
  }
}

interface Models {
  readonly Author: ModelStatic<AuthorModel>
  readonly Post: ModelStatic<PostModel>
  readonly posts: HasMany
}

function define(db: Sequelize): Models {
  const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }
  const options = (tableName: string) => ({ tableName, timestamps: false })
  const Author = db.define<AuthorModel>(
    'Author',
    {
      id,
      name: DataTypes.TEXT,
      email: DataTypes.TEXT,
      age: DataTypes.INTEGER,
      active: DataTypes.BOOLEAN,
      bio: DataTypes.TEXT,
      createdAt: { type: DataTypes.DATE, field: 'created_at' },
    },
    options('authors'),
  )
  const Post = db.define<PostModel>('Post', { id, title: DataTypes.TEXT }, options('posts'))
  const Tag = db.define('Tag', { id, name: DataTypes.TEXT }, options('tags'))
  const PostTag = db.define('PostTag', {}, options('posts_tags'))
  const authorKey = { name: 'authorId', field: 'author_id' }
  const posts = Author.hasMany(Post, { as: 'posts', foreignKey: authorKey })
  Post.belongsToMany(Tag, {
    as: 'tags',
    through: PostTag,
    foreignKey: { name: 'postId', field: 'post_id' },
    otherKey: { name: 'tagId', field: 'tag_id' },
  })
  Tag.belongsToMany(Post, {
    as: 'posts',
    through: PostTag,
    foreignKey: { name: 'tagId', field: 'tag_id' },
    otherKey: { name: 'postId', field: 'post_id' },
  })
  return { Author, Post, posts }
}
