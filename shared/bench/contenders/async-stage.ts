import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openSqliteAsync } from '../../driver/sqlite-async.ts'
import type { Stage } from '../../workbook/stages.ts'
import type { Contender, Work } from '../contender.ts'
import { fill, schema } from '../data.ts'
import { inSchema } from '../postgres-data.ts'
import { openFilled, runAndClean } from './raw-pg.ts'

type AsyncStage = typeof import('../../../09-async/solution/index.ts')

const gives = 'entities, identity map, unit of work; awaited'

/** The solution of a stage from 09 on, on SQLite in memory. */
export const asyncStage = (stage: Stage): Contender => ({
  name: `stage ${stage.number} (async)`,
  gives,
  open: async () => {
    const database = openSqliteAsync()
    await using connection = await database.connect()
    await connection.exec(schema)
    const statements: [sql: string, parameters: readonly unknown[]][] = []
    fill((sql, parameters) => statements.push([sql, parameters]))
    for (const [sql, parameters] of statements) await connection.run(sql, parameters as [])
    const run = (sql: string) => database.run(sql)
    return workOn(await load(stage), database, { run, close: () => database.close() })
  },
})

/** The same on PostgreSQL. */
export const postgresStage = (stage: Stage, server: string): Contender => ({
  name: `stage ${stage.number}`,
  gives,
  open: async () => {
    const name = `bench_${stage.number}`
    const client = await openFilled(server, name)
    const database = openPostgres(inSchema(server, name))
    const run = (sql: string) => runAndClean(client, sql)
    const close = async () => {
      await database.close()
      await client.end()
    }
    return workOn(await load(stage), database, { run, close })
  },
})

const load = (stage: Stage): Promise<AsyncStage> =>
  import(`../../../${stage.folder}/solution/index.ts`)

function workOn(
  { AsyncSession, belongsTo, entity, hasMany, t }: AsyncStage,
  database: AsyncDatabase,
  rest: Pick<Work, 'run' | 'close'>,
): Work {
  class Author extends entity('authors', {
    id: t.integer().primaryKey(),
    name: t.text(),
    email: t.text(),
    age: t.integer().nullable(),
    active: t.boolean(),
    bio: t.text().nullable(),
    createdAt: t.timestamp(),
    posts: () => hasMany(Post),
  }) {}
  class Post extends entity('posts', {
    id: t.integer().primaryKey(),
    title: t.text(),
    authorId: t.integer().references(() => Author.c.id),
    author: () => belongsTo(Author),
  }) {}

  const first = (session: InstanceType<AsyncStage['AsyncSession']>, limit: number) =>
    session
      .query(Author)
      .orderBy((author) => author.id)
      .limit(limit)

  return {
    ...rest,
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
    openForHits: async (id) => {
      const session = new AsyncSession(database)
      await session.find(Author, id)
      return () => session.find(Author, id)
    },
  }
}
