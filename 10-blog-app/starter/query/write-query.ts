import { type Dialect, sqlite } from '#shared/driver/dialect'
import { type CompiledQuery, compile } from './compile.ts'
import type { WriteNode } from './nodes.ts'
import type { ResultQuery } from './result-query.ts'

/** What INSERT, UPDATE and DELETE have in common. Without `returning` they give no rows. */
export abstract class WriteQuery<Result> implements ResultQuery<Result> {
  declare readonly result: Result
  abstract readonly node: WriteNode

  /**
   * The SQL and its parameters. Pure: nothing is sent.
   *
   * @throws {TooManyParametersError} when the database would not take so many
   * @throws {MissingWhereError} when an UPDATE or DELETE would meet every row and nobody asked for that
   */
  compile(dialect: Dialect = sqlite): CompiledQuery {
    return compile(this.node, dialect)
  }
}
