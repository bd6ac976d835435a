import type { Session } from '#stage/08-profiling'
import { Comment, Post, Profile, Tag, User } from './models.ts'

/** Gives a function that changes something by chance, and then writes it, keeps it, or takes it back. */
export function randomWriter(session: Session, random: (below: number) => number): () => void {
  const some = <T>(list: readonly T[]): T => list[random(list.length)]!
  const post = () => some(session.query(Post).all())
  const user = () => some(session.query(User).all())
  const changes = [
    () => {
      user().name = `n${random(100)}`
    },
    () => {
      post().author = user()
    },
    () => session.add(new Comment({ body: `b${random(100)}`, post: post() })),
    () => {
      for (const profile of session.query(Profile).limit(1).all()) session.delete(profile)
    },
    () => post().tags.add(some(session.query(Tag).all())),
  ]
  const change = () => some(changes)()
  const ends = [
    () => session.flush(),
    () => session.commit(),
    () => session.rollback(),
    () => session.transaction(change),
    () => takeBack(session, change),
  ]
  return () => {
    change()
    some(ends)()
  }
}

class TakenBack extends Error {}

/** A transaction that fails when it has written. */
function takeBack(session: Session, change: () => void): void {
  try {
    session.transaction(() => {
      change()
      session.flush()
      throw new TakenBack()
    })
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error
  }
}
