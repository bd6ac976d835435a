import { t } from '../mapping/column.ts'
import { Registry } from '../mapping/registry.ts'
import { belongsTo, hasMany, manyToMany } from '../relations/declare.ts'
import { entity } from '../session/entity.ts'

/** The tables of the blog, apart from those of any other program. */
export const registry = new Registry()

export class User extends entity(
  'users',
  {
    id: t.integer().primaryKey(),
    username: t.text().unique(),
    email: t.text().unique(),
    /** Never the password: what `createPasswords().hash` made of it. */
    password: t.text(),
    bio: t.text().default(''),
    image: t.text().default(''),
    articles: () => hasMany(Article),
    posts: () => hasMany(Post),
  },
  { registry },
) {}

/** One user wants to read what another one writes. The pair is the key, so it cannot stand there twice. */
export class Follow extends entity(
  'follows',
  {
    followerId: t
      .integer()
      .references(() => User.c.id, { onDelete: 'cascade' })
      .primaryKey({ generated: false }),
    followedId: t
      .integer()
      .references(() => User.c.id, { onDelete: 'cascade' })
      .primaryKey({ generated: false })
      .index(),
  },
  { registry },
) {}

export class Article extends entity(
  'articles',
  {
    id: t.integer().primaryKey(),
    /** The name in the address. The database says who has it, not the program: two requests may ask at once. */
    slug: t.text().unique(),
    title: t.text(),
    description: t.text(),
    body: t.text(),
    createdAt: t
      .timestamp()
      .default(() => new Date())
      .index(),
    updatedAt: t.timestamp().default(() => new Date()),
    authorId: t
      .integer()
      .references(() => User.c.id, { onDelete: 'cascade' })
      .index(),
    version: t.integer().version(),
    author: () => belongsTo(User),
    tags: () => manyToMany(Tag, { through: () => ArticleTag }),
    comments: () => hasMany(Comment),
    favorites: () => hasMany(Favorite),
  },
  { registry },
) {
  override beforeUpdate() {
    this.updatedAt = new Date()
  }
}

export class Tag extends entity(
  'tags',
  { id: t.integer().primaryKey(), name: t.text().unique() },
  { registry },
) {}

export class ArticleTag extends entity(
  'articles_tags',
  {
    articleId: t
      .integer()
      .references(() => Article.c.id, { onDelete: 'cascade' })
      .primaryKey({ generated: false }),
    tagId: t
      .integer()
      .references(() => Tag.c.id, { onDelete: 'cascade' })
      .primaryKey({ generated: false })
      .index(),
  },
  { registry },
) {}

export class Comment extends entity(
  'comments',
  {
    id: t.integer().primaryKey(),
    body: t.text(),
    createdAt: t.timestamp().default(() => new Date()),
    updatedAt: t.timestamp().default(() => new Date()),
    articleId: t
      .integer()
      .references(() => Article.c.id, { onDelete: 'cascade' })
      .index(),
    authorId: t.integer().references(() => User.c.id, { onDelete: 'cascade' }),
    article: () => belongsTo(Article),
    author: () => belongsTo(User),
  },
  { registry },
) {}

export class Favorite extends entity(
  'favorites',
  {
    userId: t
      .integer()
      .references(() => User.c.id, { onDelete: 'cascade' })
      .primaryKey({ generated: false }),
    articleId: t
      .integer()
      .references(() => Article.c.id, { onDelete: 'cascade' })
      .primaryKey({ generated: false })
      .index(),
  },
  { registry },
) {}

/** The short posts of `/posts/`: a title and who wrote it. */
export class Post extends entity(
  'posts',
  {
    id: t.integer().primaryKey(),
    title: t.text(),
    userId: t
      .integer()
      .references(() => User.c.id, { onDelete: 'cascade' })
      .index(),
    author: () => belongsTo(User),
  },
  { registry },
) {}
