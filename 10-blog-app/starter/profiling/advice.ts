import { isToMany } from '../relations/relation.ts'
import type { StatementGroup } from './groups.ts'
import { type NamedRelation, nameOfModel } from './relation-behind.ts'

/** An N+1, and the relations that may be behind it. */
interface Suspect extends StatementGroup {
  readonly relations: readonly NamedRelation[]
}

/**
 * Adds to each N+1 what to write in place of it. A loop inside of a loop is mended where the outer one begins:
 *
 * @example
 * withFixes([{ …, relations: [User.posts] }, { …, relations: [Post.comments] }])
 * // session.query(User).with({ posts: true })
 * // session.query(User).with({ posts: { comments: true } })
 */
export const withFixes = <S extends Suspect>(
  suspects: readonly S[],
): (S & { readonly fix: string })[] =>
  suspects.map((suspect) => ({ ...suspect, fix: fixFor(suspect, suspects) }))

function fixFor({ fingerprint, relations }: Suspect, suspects: readonly Suspect[]): string {
  if (relations.length === 0) return 'Ask once for all keys: where((row) => row.id.in(keys)).'
  return relations
    .map((relation) => fixOf(pathTo(relation, suspects), isCount(fingerprint)))
    .join(' or ')
}

const isCount = (fingerprint: string) => /^SELECT (\w+ AS owner_key, )?count\(/i.test(fingerprint)

/** The relations from the first query down: the owners of this one may have come in a loop themselves. */
function pathTo(
  to: NamedRelation,
  suspects: readonly Suspect[],
  known: readonly NamedRelation[] = [],
): NamedRelation[] {
  const outer = suspects
    .flatMap(({ relations }) => relations)
    .find(
      (one) =>
        one.relation.target.table === to.model.table &&
        isToMany(one.relation) &&
        !known.includes(one),
    )
  if (!outer || outer.relation === to.relation) return [to]
  return [...pathTo(outer, suspects, [...known, to, outer]), to]
}

function fixOf(path: readonly NamedRelation[], counts: boolean): string {
  const [outer] = path as [NamedRelation]
  const { relation } = path.at(-1)!
  const query = `session.query(${nameOfModel(outer.model)})`
  const wanted = path.reduceRight((inner, one) => `{ ${one.relation.property}: ${inner} }`, 'true')
  if (counts && path.length === 1) return `${query}.withCount(${wanted})`
  if (path.length > 1 || isToMany(relation) || relation.latestBy) return `${query}.with(${wanted})`
  return `${query}.joined(${wanted}) or .with(${wanted})`
}
