import type { ResultCache, Session } from '#stage/08-profiling'
import { type Post, User } from './models.ts'

// The page that lists all authors and the title of their latest post, in the versions in which it became fast.

export interface Line {
  readonly name: string
  readonly title: string | undefined
}

/** As it is written on the first day. */
export function slow(session: Session): Line[] {
  const users = session.query(User).all()
  return users.map((user) => ({ name: user.name, title: newest(user.posts)?.title }))
}

/** Say in the query what is needed. */
export function eager(session: Session): Line[] {
  const users = session.query(User).with({ posts: true }).all()
  return users.map((user) => ({ name: user.name, title: newest(user.posts)?.title }))
}

/** Load no more than what is shown. */
export function latest(session: Session): Line[] {
  const users = session.query(User).with({ latestPost: true }).all()
  return users.map((user) => ({ name: user.name, title: user.latestPost?.title }))
}

/** Do not ask twice what nobody has changed. */
export function cached(session: Session): Line[] {
  const users = session.query(User).cached({ seconds: 60 }).with({ latestPost: true }).all()
  return users.map((user) => ({ name: user.name, title: user.latestPost?.title }))
}

function newest(posts: Iterable<Post>): Post | undefined {
  return [...posts].toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0]
}

export interface Version {
  readonly path: string
  readonly title: string
  readonly list: (session: Session) => Line[]
  /** Whether a touch loads for all objects of a result. */
  readonly lazy?: 'peers'
  /** Whether the table of posts has an index on its authors. */
  readonly isIndexed?: boolean
  readonly cache?: ResultCache
  readonly says: string
}

export const versions: readonly Version[] = [
  {
    path: 'slow',
    title: 'As it was written',
    list: slow,
    says: 'One statement for the list, and one for each of its lines. Each of them reads the whole table of posts.',
  },
  {
    path: 'index',
    title: 'With an index',
    list: slow,
    isIndexed: true,
    says: 'Just as many statements, but each one finds its rows at once.',
  },
  {
    path: 'peers',
    title: 'Load for all peers',
    list: slow,
    lazy: 'peers',
    says: 'The same code. The first author who is asked for posts fetches those of all authors.',
  },
  {
    path: 'eager',
    title: 'Say it in the query',
    list: eager,
    says: 'Two statements, however many authors there are. But all posts are read, and one of each author is shown.',
  },
  {
    path: 'latest',
    title: 'Only the latest',
    list: latest,
    isIndexed: true,
    says: 'Two statements, and one post for each author. The database chooses.',
  },
  {
    path: 'cached',
    title: 'Cached',
    list: cached,
    isIndexed: true,
    says: 'Load the page twice: the second time nothing is sent, until somebody commits a change of users or posts.',
  },
]
