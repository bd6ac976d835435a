import type { Connection } from '#shared/driver/driver'
import { type RecordedConnection, record } from '#shared/driver/recorder'
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
 * const lens = new Lens(connection, { models: [User, Post] })
 * const session = new Session(lens.connection, { usage: lens.usage })
 * const page = authorsPage(session)
 * lens.report.nPlusOnes // [{ relations: [User.posts], fix: 'session.query(User).with({ posts: true })', … }]
 * withToolbar(page, lens.toolbar())
 */
export class Lens {
  /** The connection, watched. */
  readonly connection: RecordedConnection
  readonly usage = new RelationUsage()
  readonly #below: Connection
  readonly #options: LensOptions

  constructor(connection: Connection, options: LensOptions = {}) {
    this.#below = connection
    this.connection = record(connection)
    this.#options = options
  }

  get report(): Report {
    const { statements } = this.connection
    return reportOf(statements, { ...this.#options, usage: this.usage })
  }

  toolbar(): Html {
    const { report } = this
    return toolbar(report, explainGroups(this.#below, report.groups, this.#options))
  }
}
