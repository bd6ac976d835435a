import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import { type Mapped, type Reference, stateOf } from '../mapping/mapped.ts'
import { type Change, changeSet, type Insert, type Update } from './change-set.ts'
import { describeChange, KeyToCome, showValue } from './describe-change.ts'
import type { FlushContext } from './flush.ts'
import { plan } from './plan.ts'
import {
  deletePairOf,
  deletesOf,
  insertOf,
  insertPairOf,
  type Statement,
  updatesOf,
} from './statements.ts'

/**
 * What the next flush would do, as text: every object that it has to do with, and the statements in their order.
 * Nothing is sent, so hooks do not run and cascades do not load.
 */
export function explain({ work, session, transaction }: FlushContext): string {
  const { dialect } = session.connection
  const changes = plan(changeSet(work, dialect))
  if (changes.length === 0) return 'Nothing has changed: a flush sends nothing.'
  const statements = changes.flatMap((change) => statementsOf(change, dialect))
  const begin = { sql: transaction.isOpen ? 'SAVEPOINT' : 'BEGIN', parameters: [] }
  return [
    ...changes.map((change) => `  ${describeChange(change)}`),
    '',
    ...[begin, ...statements].map(
      ({ sql, parameters }) =>
        `  ${[sql, parameters.map(showValue).join(', ')].filter(Boolean).join('   -- ')}`,
    ),
  ].join('\n')
}

/** The statements of a change. A key that is not known yet is shown as the object that gets it. */
function statementsOf(change: Change, dialect: Dialect): readonly Statement[] {
  switch (change.kind) {
    case 'insert':
      return insertsOf(change, dialect)
    case 'update':
      return updatesOf(change.mapping, stateOf(change.object).row, withReferences(change), dialect)
    case 'delete':
      return deletesOf(change.mapping, stateOf(change.object).row, dialect)
    case 'link':
      return [insertPairOf(change.relation, pairOf(change), dialect)]
    case 'unlink':
      return [deletePairOf(change.relation, pairOf(change), dialect)]
  }
}

function insertsOf({ object, mapping, row, references }: Insert, dialect: Dialect): Statement[] {
  const shown = [...row]
  for (const [column, reference] of references) shown[column.index] = keyOf(reference)
  return mapping.parts.map((part, i) => {
    // The tables below the first take the key that the first one gets.
    if (i > 0)
      for (const column of part.key) shown[column.index] ??= keyOf({ target: object, column })
    return insertOf(part, shown, dialect)
  })
}

const withReferences = ({ assignments, references }: Update) => [
  ...assignments,
  ...[...references].map(([column, reference]) => ({ column, value: keyOf(reference) })),
]

const pairOf = ({ object, target, relation }: Extract<Change, { target: Mapped }>): Value[] => [
  keyOf({ target: object, column: relation.from }),
  keyOf({ target, column: relation.junction.targetKey }),
]

function keyOf({ target, column }: Reference): Value {
  const key = stateOf(target).row[column.index]
  return key ?? (new KeyToCome(target) as unknown as Value)
}
