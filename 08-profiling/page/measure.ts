import type { Connection } from '#shared/driver/driver'
import { record } from '#shared/driver/recorder'
import { TodoError } from '#shared/todo'
import {
  type Curve,
  curves,
  flame,
  type Point,
  profileCpu,
  ResultCache,
  Session,
} from '#stage/08-profiling'
import type { Databases } from './app.ts'
import { eager, type Line, latest, slow, type Version, versions } from './authors.ts'
import { openLargeBlog } from './database.ts'
import { Post } from './models.ts'

// The figures of the pages, each taken from a run.

/** What one version of the page costs. */
export interface Figures {
  readonly version: Version
  readonly statements: number
  readonly rows: number
  readonly milliseconds: number
  readonly lines: readonly Line[]
}

/** A version for which a part of the ORM is not written yet. */
export interface Unwritten {
  readonly version: Version
  readonly task: string
}

/**
 * Each version is run once without counting: then SQLite has its statements prepared, and the cache its rows. Of three runs more
 * the quickest counts, in which nothing else on the machine was in the way.
 */
export function measureVersions({ plain, indexed }: Databases): (Figures | Unwritten)[] {
  return versions.map((version) => {
    const cache = new ResultCache()
    const connection = version.isIndexed ? indexed : plain
    return whenWritten(version, () => {
      const run = () => runVersion(version, connection, cache)
      run()
      return [run(), run(), run()].reduce(quicker)
    })
  })
}

const quicker = (one: Figures, other: Figures) =>
  other.milliseconds < one.milliseconds ? other : one

/** A learner who is half way through sees the figures of the versions that work. */
function whenWritten(version: Version, run: () => Figures): Figures | Unwritten {
  try {
    return run()
  } catch (error) {
    if (error instanceof TodoError) return { version, task: error.task }
    throw error
  }
}

function runVersion(version: Version, connection: Connection, cache: ResultCache): Figures {
  const db = record(connection)
  const start = performance.now()
  using session = new Session(db, { lazy: version.lazy ?? 'one', cache })
  const lines = version.list(session)
  const milliseconds = performance.now() - start
  const rows = db.statements.reduce((sum, statement) => sum + statement.rows, 0)
  return { version, statements: db.statements.length, rows, milliseconds, lines }
}

const ways: readonly (readonly [string, (session: Session) => unknown, ('one' | 'peers')?])[] = [
  ['lazy', slow],
  ['lazy, for all peers', slow, 'peers'],
  ['select-in', eager],
  ['only the latest', latest],
  ['join (posts → author)', (session) => session.query(Post).joined({ author: true }).all()],
]

/** Statements and time of each way of loading, for lists of 10 to 1000 authors with 5 posts each. */
export function measureCurves(sizes: readonly number[] = [10, 30, 100, 300, 1000]): Curve[] {
  const blogs = sizes.map((n) => ({ n, connection: indexedBlog(n) }))
  return ways.map(([name, load, lazy = 'one']) => ({
    name,
    points: blogs.map(({ n, connection }) => measurePoint(n, connection, load, lazy)),
  }))
}

function indexedBlog(authors: number): Connection {
  const connection = openLargeBlog({ authors, posts: 5 })
  connection.exec('CREATE INDEX ix_posts_user_id_created_at ON posts (user_id, created_at)')
  return connection
}

/** The quickest of three runs: what comes on top is what else the machine was doing. */
function measurePoint(
  n: number,
  connection: Connection,
  load: (session: Session) => unknown,
  lazy: 'one' | 'peers',
): Point {
  const runs = [1, 2, 3].map(() => {
    const db = record(connection)
    const start = performance.now()
    using session = new Session(db, { lazy })
    load(session)
    const milliseconds = performance.now() - start
    return { n, statements: db.statements.length, milliseconds }
  })
  return runs.toSorted((a, b) => a.milliseconds - b.milliseconds)[0]!
}

export const drawCurves = () => curves(measureCurves())

/** Where the time of the slow page goes, without the lens: it would see itself. */
export function profileSlowPage(connection: Connection) {
  return profileCpu(() => {
    for (let i = 0; i < 20; i++) {
      using session = new Session(connection)
      slow(session)
    }
  }).profile
}

export const drawFlame = (connection: Connection) => flame(profileSlowPage(connection))
