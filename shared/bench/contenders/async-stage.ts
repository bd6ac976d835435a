import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openSqliteAsync } from '../../driver/sqlite-async.ts'
import type { Stage } from '../../workbook/stages.ts'
import type { Contender, RemoteWork } from '../contender.ts'
import { stageName } from '../names.ts'

type AsyncStage = typeof import('../../../09-async/solution/index.ts')

/** The solution of a stage from 09 on, on SQLite in memory and on PostgreSQL. */
export const asyncStage = (stage: Stage): Contender => ({
  name: stageName(stage.number),
  gives: 'entities, identity map, unit of work; awaited',
  converts: true,
  sqlite: async (seed) => {
    const database = openSqliteAsync()
    for (const statement of seed) await database.run(statement)
    const run = (sql: string) => database.run(sql)
    return { ...workOn(await load(stage), database), run }
  },
  postgres: async (url) => workOn(await load(stage), openPostgres(url)),
})

const load = (stage: Stage): Promise<AsyncStage> =>
  import(`../../../${stage.folder}/solution/index.ts`)

function workOn(
  { AsyncSession, belongsTo, entity, hasMany, manyToMany, Registry, t }: AsyncStage,
  database: AsyncDatabase,
): RemoteWork {
  const registry = new Registry()
  class Author extends entity(
    'authors',
    {
      id: t.integer().primaryKey(),
      name: t.text(),
      email: t.text(),
      age: t.integer().nullable(),
      active: t.boolean(),
      bio: t.text().nullable(),
      createdAt: t.timestamp(),
      posts: () => hasMany(Post),
    },
    { registry },
  ) {}
  class Post extends entity(
    'posts',
    {
      id: t.integer().primaryKey(),
      title: t.text(),
      authorId: t.integer().references(() => Author.c.id),
      author: () => belongsTo(Author),
      tags: () => manyToMany(Tag, { through: () => PostTag }),
    },
    { registry },
  ) {}
  class Tag extends entity(
    'tags',
    {
      id: t.integer().primaryKey(),
      name: t.text(),
      posts: () => manyToMany(Post, { through: () => PostTag }),
    },
    { registry },
  ) {}
  class PostTag extends entity(
    'posts_tags',
    {
      postId: t
        .integer()
        .primaryKey({ generated: false })
        .references(() => Post.c.id),
      tagId: t
        .integer()
        .primaryKey({ generated: false })
        .references(() => Tag.c.id),
    },
    { registry },
  ) {}

  const first = (session: InstanceType<AsyncStage['AsyncSession']>, limit: number) =>
    session
      .query(Author)
      .orderBy((author) => author.id)
      .limit(limit)

  return {
    find: (id) => new AsyncSession(database).find(Author, id),
    loadAll: () => new AsyncSession(database).query(Author).all(),
    list: (age) =>
      new AsyncSession(database)
        .query(Author)
        .where((author) => author.active.eq(true).and(author.age.eq(age)))
        .orderBy((author) => author.id)
        .limit(20)
        .all(),
    insert: (authors) => {
      const session = new AsyncSession(database)
      session.add(...authors.map((author) => new Author(author)))
      return session.commit()
    },
    openForUpdate: async (limit) => {
      const session = new AsyncSession(database)
      const authors = await first(session, limit).all()
      return (name) => {
        for (const author of authors) author.name = name
        return session.commit()
      }
    },
    eager: (limit) => first(new AsyncSession(database), limit).with({ posts: true }).all(),
    manyToMany: (limit) =>
      new AsyncSession(database)
        .query(Post)
        .orderBy((post) => post.id)
        .limit(limit)
        .with({ tags: true })
        .all(),
    openForHits: async (id) => {
      const session = new AsyncSession(database)
      await session.find(Author, id)
      return () => session.find(Author, id)
    },
    close: () => database.close(),
  }
}
