import { openSqlite } from '../../driver/sqlite.ts'
import { transaction } from '../../driver/transaction.ts'
import type { Stage } from '../../workbook/stages.ts'
import type { Contender, Work } from '../contender.ts'
import { stageName } from '../names.ts'

type RecordStage = typeof import('../../../04-relations/solution/index.ts')

/** The solution of stage 04: Active Record, with the query builder and relations. */
export const recordStage = (stage: Stage): Contender => ({
  name: stageName(stage.number),
  gives: 'records',
  converts: true,
  sqlite: async (seed) => workOn(await import(`../../../${stage.folder}/solution/index.ts`), seed),
})

function workOn(
  { belongsTo, connect, hasMany, manyToMany, Model, t }: RecordStage,
  seed: readonly string[],
): Work {
  class Author extends Model('authors', {
    id: t.integer().primaryKey(),
    name: t.text(),
    email: t.text(),
    age: t.integer().nullable(),
    active: t.boolean(),
    bio: t.text().nullable(),
    createdAt: t.timestamp(),
    posts: () => hasMany(Post),
  }) {}
  class Post extends Model('posts', {
    id: t.integer().primaryKey(),
    title: t.text(),
    authorId: t.integer().references(() => Author.c.id),
    author: () => belongsTo(Author),
    tags: () => manyToMany(Tag, { through: () => PostTag }),
  }) {}
  class Tag extends Model('tags', {
    id: t.integer().primaryKey(),
    name: t.text(),
    posts: () => manyToMany(Post, { through: () => PostTag }),
  }) {}
  class PostTag extends Model('posts_tags', {
    postId: t
      .integer()
      .primaryKey({ generated: false })
      .references(() => Post.c.id),
    tagId: t
      .integer()
      .primaryKey({ generated: false })
      .references(() => Tag.c.id),
  }) {}

  const connection = openSqlite()
  for (const statement of seed) connection.exec(statement)
  connect(connection)
  const first = (limit: number) =>
    Author.query()
      .orderBy((author) => author.id)
      .limit(limit)

  return {
    find: (id) => Author.find(id),
    loadAll: () => Author.all(),
    list: (age) =>
      Author.query()
        .where((author) => author.active.eq(true).and(author.age.eq(age)))
        .orderBy((author) => author.id)
        .limit(20)
        .all(),
    insert: (authors) =>
      transaction(connection, () => {
        for (const author of authors) Author.create(author)
      }),
    openForUpdate: (limit) => {
      const authors = first(limit).all()
      return (name) =>
        transaction(connection, () => {
          for (const author of authors) {
            author.name = name
            author.save()
          }
        })
    },
    eager: (limit) => first(limit).with({ posts: true }).all(),
    manyToMany: (limit) =>
      Post.query()
        .orderBy((post) => post.id)
        .limit(limit)
        .with({ tags: true })
        .all(),
    run: (sql) => connection.exec(sql),
    close: () => connection.close(),
  }
}
