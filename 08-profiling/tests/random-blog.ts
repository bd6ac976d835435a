import { Session } from '#stage/08-profiling'
import { Comment, open, Post, Profile, User } from './models.ts'

/** The same numbers every time, for the same seed: a test that fails can be run again. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A blog in which chance has decided who belongs to whom, and who to nobody. */
export function openRandomBlog(seed: number) {
  const random = randomNumbers(seed)
  const { db } = open()
  const session = new Session(db)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const users = Array.from({ length: 12 }, (_, i) => new User({ name: `u${i}`, email: `${i}@x` }))
  for (const user of users)
    if (random(2)) session.add(new Profile({ bio: `of ${user.name}`, user }))
  const posts = Array.from({ length: 20 }, (_, i) => {
    const editor = random(3) ? pick(users) : null
    return new Post({ title: `p${i}`, author: pick(users), editor })
  })
  const comments: Comment[] = []
  for (let i = 0; i < 30; i++) {
    const post = pick(posts)
    const author = random(2) ? pick(users) : null
    const parent = comments.length > 0 && random(2) ? pick(comments) : null
    comments.push(new Comment({ body: `c${i}`, post, author, parent }))
  }
  session.add(...users, ...posts, ...comments)
  session.commit()
  db.forget()
  return { db, random }
}

/** What can be seen of a comment and of all that it leads to. */
export const seen = ({ body, post, author, parent }: Comment) => ({
  body,
  post: { title: post.title, author: seenUser(post.author), editor: seenUser(post.editor) },
  author: seenUser(author),
  parent: parent && { body: parent.body, author: seenUser(parent.author) },
})

const seenUser = (user: User | null) => user && { name: user.name, bio: user.profile?.bio ?? null }
