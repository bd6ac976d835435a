import { openSqlite } from '../../driver/sqlite.ts'
import { transaction } from '../../driver/transaction.ts'
import type { Stage } from '../../workbook/stages.ts'
import type { Contender, Work } from '../contender.ts'
import { stageName } from '../names.ts'

type SessionStage = typeof import('../../../06-unit-of-work/solution/index.ts')

/** The solution of stage 05 (one object at a time) or of one from 06 on (the unit of work). */
export const sessionStage = (stage: Stage): Contender => ({
  name: stageName(stage.number),
  gives: stage.number === '05' ? 'entities, identity map' : 'entities, identity map, unit of work',
  converts: true,
  sqlite: async (seed) => workOn(await import(`../../../${stage.folder}/solution/index.ts`), seed),
})

function workOn(
  { belongsTo, entity, hasMany, manyToMany, Session, t }: SessionStage,
  seed: readonly string[],
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
    tags: () => manyToMany(Tag, { through: () => PostTag }),
  }) {}
  class Tag extends entity('tags', {
    id: t.integer().primaryKey(),
    name: t.text(),
    posts: () => manyToMany(Post, { through: () => PostTag }),
  }) {}
  class PostTag extends entity('posts_tags', {
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

  /** In 05 each object is saved by itself; from 06 on the session knows what there is to write. */
  function store(session: InstanceType<SessionStage['Session']>, authors: readonly Author[]) {
    if (isSaving(session))
      transaction(connection, () => {
        for (const author of authors) session.save(author)
      })
    else {
      session.add(...authors)
      session.commit()
    }
  }

  return {
    find: (id) => new Session(connection).find(Author, id),
    loadAll: () => new Session(connection).query(Author).all(),
    list: (age) =>
      new Session(connection)
        .query(Author)
        .where((author) => author.active.eq(true).and(author.age.eq(age)))
        .orderBy((author) => author.id)
        .limit(20)
        .all(),
    insert: (authors) => {
      const session = new Session(connection)
      store(
        session,
        authors.map((author) => new Author(author)),
      )
    },
    openForUpdate: (limit) => {
      const session = new Session(connection)
      const authors = session
        .query(Author)
        .orderBy((author) => author.id)
        .limit(limit)
        .all()
      return (name) => {
        for (const author of authors) author.name = name
        if (isSaving(session)) store(session, authors)
        else session.commit()
      }
    },
    eager: (limit) =>
      new Session(connection)
        .query(Author)
        .orderBy((author) => author.id)
        .limit(limit)
        .with({ posts: true })
        .all(),
    manyToMany: (limit) =>
      new Session(connection)
        .query(Post)
        .orderBy((post) => post.id)
        .limit(limit)
        .with({ tags: true })
        .all(),
    openForHits: (id) => {
      const session = new Session(connection)
      session.find(Author, id)
      return () => session.find(Author, id)
    },
    run: (sql) => connection.exec(sql),
    close: () => connection.close(),
  }
}

const isSaving = (session: object): session is { save(object: object): void } => 'save' in session
