import { belongsTo, entity, hasMany, hasOne, Registry, t } from '#stage/08-profiling'

/** The page's own, so that a program can have other classes for the same tables beside it. */
const registry = new Registry()

export class User extends entity(
  'users',
  {
    id: t.integer().primaryKey(),
    name: t.text(),
    email: t.text().unique(),
    joinedAt: t.timestamp().default(() => new Date()),
    posts: () => hasMany(Post),
    latestPost: () => hasOne(Post, { latestBy: 'createdAt' }),
  },
  { registry },
) {}

export class Post extends entity(
  'posts',
  {
    id: t.integer().primaryKey(),
    title: t.text(),
    content: t.text(),
    published: t.boolean(),
    createdAt: t.timestamp(),
    userId: t.integer().references(() => User.c.id),
    author: () => belongsTo(User),
  },
  { registry },
) {}

export const models = [User, Post]
