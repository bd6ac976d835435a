import type { AsyncDatabase } from '#shared/driver/async-driver'
import { type RecordedDatabase, recordAsync } from '#shared/driver/async-recorder'
import type { RelatedClass } from '../relations/relation.ts'
import { RelationUsage } from '../relations/usage.ts'
import type { Html } from './html.ts'
import { explainGroups } from './plans.ts'
import { type Report, reportOf } from './report.ts'
import { toolbar } from './toolbar.ts'

export interface LensOptions {
  /** The classes whose relations may be behind the statements. */
  readonly models?: readonly RelatedClass[]
  /** From how many milliseconds on a statement is slow: 100, unless something else is said. */
  readonly slowFrom?: number
  /** Whether to look for indexes, which builds each one and takes it back: never on a database that others use. */
  readonly advise?: boolean
}

/**
 * A lens on one request: the session of the request sends through it, and at the end it says what it has seen.
 *
 * @example
 * const lens = new Lens(database, { models: [User, Post] })
 * const page = await withSession(lens.database, authorsPage, { usage: lens.usage })
 * lens.report.nPlusOnes // [{ relations: [User.posts], fix: 'session.query(User).with({ posts: true })', … }]
 * withToolbar(page, await lens.toolbar())
 */
export class Lens {
  /** The database, watched: what is sent through it belongs to this request, whoever else uses the one below. */
  readonly database: RecordedDatabase
  readonly usage = new RelationUsage()
  readonly #below: AsyncDatabase
  readonly #options: LensOptions

  constructor(database: AsyncDatabase, options: LensOptions = {}) {
    this.#below = database
    this.database = recordAsync(database)
    this.#options = options
  }

  get report(): Report {
    const { statements } = this.database
    return reportOf(statements, { ...this.#options, usage: this.usage })
  }

  /** Asks the database for the plans of what was sent: after the session was closed, for that may hold the one connection of SQLite. */
  async toolbar(): Promise<Html> {
    const { report } = this
    return toolbar(report, await explainGroups(this.#below, report.groups, this.#options))
  }
}
