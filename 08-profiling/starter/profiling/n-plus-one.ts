import type { Statement } from '#shared/driver/recorder'
import { todo } from '#shared/todo'
import type { RelatedClass } from '../relations/relation.ts'
import { withFixes } from './advice.ts'
import { brief, briefSite } from './brief.ts'
import { differentIn, groupStatements, type StatementGroup } from './groups.ts'
import { inListsOf } from './in-lists.ts'
import { type NamedRelation, nameOfRelation, relationsBehind } from './relation-behind.ts'

/** One statement for each row of another statement, where one for all of them would do. */
export interface NPlusOne extends StatementGroup {
  /** The relation that was touched in the loop; several where SQL alone cannot tell; none where no relation asks this. */
  readonly relations: readonly NamedRelation[]
  /** What to write instead. */
  readonly fix: string
}

interface Options {
  /** How many of a kind are a pattern: 3, unless something else is said. */
  readonly threshold?: number
}

/**
 * Finds the questions that were asked once for each row of a list.
 *
 * @param statements those of one request, in the order in which they were sent
 * @param models the classes whose relations may be behind them
 *
 * @example
 * for (const user of session.query(User).all()) print(user.posts.at(0)?.title)
 *
 * findNPlusOnes(db.statements, [User, Post])
 * // [{ fingerprint: 'SELECT … FROM posts WHERE user_id = ?', callSite: 'authors.ts:12:40', statements: [100 of them],
 * //    relations: [User.posts], fix: 'session.query(User).with({ posts: true })' }]
 */
export function findNPlusOnes(
  statements: readonly Statement[],
  models: readonly RelatedClass[] = [],
  { threshold = 3 }: Options = {},
): NPlusOne[] {
  // TODO(2): group the statements, keep the groups that are an N+1, and say for each which `relations` may be behind it: `relationsBehind`
  // wants the statements that were sent before the first of the group. `withFixes` adds to all of them what to write.
  return todo('Task 2: find the N+1')
}

/** Many questions of one shape, asked by one line, each for another row. */
function isNPlusOne({ fingerprint, statements }: StatementGroup, threshold: number): boolean {
  // TODO(2): SELECTs for at least so many different rows as the threshold says (`differentIn`), none of them a batch.
  return todo('Task 2: find the N+1')
}

/**
 * Whether they ask for several keys at once: the loader sends a few such statements when one cannot take all keys.
 * A list that all of them have in common holds no keys: `status IN ('new', 'open')`.
 */
function areBatches(statements: readonly Statement[]): boolean {
  // TODO(2): whether any of the statements has a long list (`longListsOf`) that not all of them have.
  return todo('Task 2: find the N+1')
}

/** The lists behind IN that hold several values, each as one text. */
const longListsOf = (statement: Statement): string[] =>
  inListsOf(statement)
    .filter((values) => values.length > 1)
    .map((values) => values.join())

/**
 * What was found, for people.
 *
 * @example
 * describeNPlusOne(found)
 * // N+1: 100 times SELECT … FROM posts WHERE user_id = ?
 * //   asked by  authors.ts:12:40
 * //   relation  User.posts
 * //   fix       session.query(User).with({ posts: true })
 */
export function describeNPlusOne({
  fingerprint,
  statements,
  callSite,
  relations,
  fix,
}: NPlusOne): string {
  const names = relations.map(nameOfRelation).join(' or ')
  return [
    `N+1: ${statements.length} times ${brief(fingerprint)}`,
    `  asked by  ${briefSite(callSite)}`,
    ...(names ? [`  relation  ${names}`] : []),
    `  fix       ${fix}`,
  ].join('\n')
}
