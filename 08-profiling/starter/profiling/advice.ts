import { isToMany } from '../relations/relation.ts'
import type { StatementGroup } from './groups.ts'
import { type NamedRelation, nameOfModel } from './relation-behind.ts'

/** What to write in place of a loop that asks for one row after the other. */
export function adviceFor(
  { fingerprint }: StatementGroup,
  relations: readonly NamedRelation[],
): string {
  if (relations.length === 0) return 'Ask once for all keys: where((row) => row.id.in(keys)).'
  const one = (relation: NamedRelation) => fixFor(relation, isCount(fingerprint))
  return relations.map(one).join(' or ')
}

const isCount = (fingerprint: string) => /^SELECT (\w+ AS owner_key, )?count\(/i.test(fingerprint)

function fixFor({ model, relation }: NamedRelation, counts: boolean): string {
  const query = `session.query(${nameOfModel(model)})`
  const wanted = `{ ${relation.property}: true }`
  if (counts) return `${query}.withCount(${wanted})`
  if (isToMany(relation) || relation.latestBy) return `${query}.with(${wanted})`
  return `${query}.joined(${wanted}) or .with(${wanted})`
}
