import type { AsyncSession, Lazy, Loaded } from '#stage/09-async'
import { Post, Tag, User } from './models.ts'

// What must compile, and what must not: the two type checks of the workbook read this file. Nobody runs it.

export async function notLoaded(session: AsyncSession): Promise<void> {
  const user = await session.get(User, 1)
  for (const post of await user.posts) post.title.toUpperCase()
  ;(await (await session.get(Post, 1)).author).name.toUpperCase()
  user.posts.add(new Post({ title: 'New', author: user }))
  const count: number = await user.posts.count()

  // @ts-expect-error it is not loaded
  user.posts.length
  // @ts-expect-error it is not loaded
  for (const post of user.posts) post.title
  // @ts-expect-error it is not loaded
  user.posts.map((post) => post.title)
  // @ts-expect-error it is not loaded, and may be null as well
  user.profile.bio
  // @ts-expect-error there may be none, even when it is awaited
  ;(await user.profile).bio
  // @ts-expect-error it is a promise of a number
  user.posts.count() + count
}

export async function loaded(session: AsyncSession): Promise<void> {
  const user = await session.get(User, 1, {
    with: { profile: true, posts: { author: true, comments: { parent: true } } },
  })
  user.profile?.bio.toUpperCase()
  for (const post of user.posts) {
    post.author.name.toUpperCase()
    for (const comment of post.comments) comment.parent?.body.toUpperCase()
  }
  // To await what is loaded is right as well.
  ;(await user.posts).length

  // @ts-expect-error there may be none
  user.profile.bio
  // @ts-expect-error the tags were not asked for
  for (const post of user.posts) post.tags.length
  // @ts-expect-error the comments were asked for, and their authors were not
  for (const post of user.posts) for (const { author } of post.comments) author.name
}

export async function loadedByAQuery(session: AsyncSession): Promise<void> {
  const posts = await session.query(Post).with({ tags: true }).joined({ author: true }).all()
  for (const post of posts) post.author.name + post.tags.map((tag) => tag.name).join()
  const [first] = await session.load(await session.query(Post).all(), { comments: true })
  first?.comments.length
  const one = await session.query(Post).with({ author: true }).first()
  one?.author.name

  // @ts-expect-error there may be none
  one.author.name
  // @ts-expect-error the comments were not asked for
  for (const post of posts) post.comments.length
  // @ts-expect-error there is no such relation
  session.query(Post).with({ autor: true })
  // @ts-expect-error a column is no relation
  session.query(Post).with({ title: true })
  // @ts-expect-error there is no such relation of a comment
  session.query(Post).with({ comments: { tags: true } })
  // @ts-expect-error many rows cannot come in the row of one
  session.query(Post).joined({ tags: true })
}

/** Functions may say what they need to be loaded, and take an object with more. */
export function handingOn(
  user: Loaded<User, { posts: true }>,
  more: Loaded<User, { posts: { tags: true }; profile: true }>,
  unloaded: User,
): void {
  const lengthOf = (one: Loaded<User, { posts: true }>) => one.posts.length
  lengthOf(user)
  lengthOf(more)
  const posts: Lazy<unknown> = unloaded.posts
  void posts

  // @ts-expect-error the posts of this one are not loaded
  lengthOf(unloaded)
}

export async function keysAndHooks(session: AsyncSession): Promise<void> {
  await session.find(Tag, 1)
  // @ts-expect-error the key of a tag is a number
  await session.find(Tag, 'sql')
  session.on('beforeFlush', async (session) => void (await session.query(Tag).count()))
  // @ts-expect-error there is no such event
  session.on('beforeBreakfast', () => {})
}
