import type { ConnectOptions } from '#shared/driver/async-driver'
import type { ResultCache } from '../query/result-cache.ts'
import type { RelationUsage } from '../relations/usage.ts'
import type { TransactionOptions } from './isolation.ts'

/** What a session is told at opening. */
export interface SessionOptions extends ConnectOptions, TransactionOptions {
  /**
   * How objects are held that nobody has changed. `'strong'`, the default: until the session ends, as long as a request lasts.
   * `'weak'`: as long as the program holds them, for sessions that live long.
   */
  readonly identity?: 'strong' | 'weak'
  /**
   * For whom a relation is loaded when it is awaited. `'one'`, the default: for the object alone.
   * `'peers'`: for all objects that came in the same result, in one statement.
   */
  readonly lazy?: 'one' | 'peers'
  /** Where the rows of `cached()` queries are kept. One cache serves all sessions of a database. */
  readonly cache?: ResultCache | undefined
  /** Where to note which relations are loaded and read, for those who look for what was loaded in vain. */
  readonly usage?: RelationUsage | undefined
}
