import type { Session } from '#stage/08-profiling'
import { Post } from './models.ts'

/** The newest posts with their authors: one statement for each page, however far the reader goes. */
export function newestPosts(session: Session, after?: string) {
  return session
    .query(Post)
    .orderBy((p) => p.createdAt.desc())
    .joined({ author: true })
    .page({ size: 20, ...(after && { after }) })
}
