import type { Statement } from '#shared/driver/recorder'
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
  const groups = groupStatements(statements).filter((group) => isNPlusOne(group, threshold))
  const suspects = groups.map((group) => {
    const [first] = group.statements as [Statement]
    const before = statements.slice(0, statements.indexOf(first))
    return { ...group, relations: relationsBehind(first.sql, models, before) }
  })
  return withFixes(suspects)
}

/** Many questions of one shape, asked by one line, each for another row. */
function isNPlusOne({ fingerprint, statements }: StatementGroup, threshold: number): boolean {
  if (!fingerprint.startsWith('SELECT')) return false
  if (areBatches(statements)) return false
  return differentIn(statements) >= threshold
}

/**
 * Whether they ask for several keys at once: the loader sends a few such statements when one cannot take all keys.
 * A list that all of them have in common holds no keys: `status IN ('new', 'open')`.
 */
function areBatches(statements: readonly Statement[]): boolean {
  const lists = statements.map(longListsOf)
  const common = lists[0]!.filter((list) => lists.every((others) => others.includes(list)))
  return lists.some((own) => own.some((list) => !common.includes(list)))
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
