import { openSqlite } from '../../driver/sqlite.ts'
import { transaction } from '../../driver/transaction.ts'
import type { Stage } from '../../workbook/stages.ts'
import type { Contender, Work } from '../contender.ts'
import { fill, schema } from '../data.ts'

type RecordStage = typeof import('../../../04-relations/solution/index.ts')

/** The solution of stage 04: Active Record, with the query builder and relations. */
export const recordStage = (stage: Stage): Contender => ({
  name: `stage ${stage.number}`,
  gives: 'records',
  open: async () => workOn(await import(`../../../${stage.folder}/solution/index.ts`)),
})

function workOn({ belongsTo, connect, hasMany, Model, t }: RecordStage): Work {
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
  }) {}

  const connection = openSqlite()
  connection.exec(schema)
  fill((sql, parameters) => connection.run(sql, parameters as []))
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
    run: (sql) => connection.exec(sql),
    close: () => connection.close(),
  }
}
