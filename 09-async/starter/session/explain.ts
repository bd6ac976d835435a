import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import type { Part } from '../mapping/inheritance.ts'
import { type Mapped, type Reference, stateOf } from '../mapping/mapped.ts'
import { type Change, changeSet, type Insert, type Update } from './change-set.ts'
import { describeChange, KeyToCome, showValue } from './describe-change.ts'
import type { FlushContext } from './flush.ts'
import { insertManyOf, openKeyOf, takeKeysOf } from './insert-batches.ts'
import { plan } from './plan.ts'
import { inRuns } from './runs.ts'
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
  const statements = inRuns(changes, dialect).flatMap((run) => statementsOfRun(run, dialect))
  const { before, after } = transaction.brackets
  return [
    ...changes.map((change) => `  ${describeChange(change)}`),
    '',
    ...[before, ...statements.map(showStatement), ...after].map((line) => `  ${line}`),
  ].join('\n')
}

const showStatement = ({ sql, parameters }: Statement): string =>
  [sql, parameters.map(showValue).join(', ')].filter(Boolean).join('   -- ')

/** Where the database takes many rows in one statement, a run of inserts is one, and its keys are taken before. */
function statementsOfRun(run: readonly Change[], dialect: Dialect): readonly Statement[] {
  const [first] = run as [Change]
  if (run.length === 1 || first.kind !== 'insert' || dialect.name === 'sqlite')
    return run.flatMap((change) => statementsOf(change, dialect))
  const inserts = run as readonly Insert[]
  const [part] = first.mapping.parts as [Part]
  const key = openKeyOf(part, first.row)
  const rows = inserts.map(shownRow)
  if (!key) return [insertManyOf(part, rows, dialect)]
  for (const [i, row] of rows.entries())
    row[key.index] = keyOf({ target: inserts[i]!.object, column: key })
  return [takeKeysOf(key, rows.length, dialect), insertManyOf(part, rows, dialect)]
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

function insertsOf(insert: Insert, dialect: Dialect): Statement[] {
  const { object, mapping } = insert
  const shown = shownRow(insert)
  return mapping.parts.map((part, i) => {
    // The tables below the first take the key that the first one gets.
    if (i > 0)
      for (const column of part.key) shown[column.index] ??= keyOf({ target: object, column })
    return insertOf(part, shown, dialect)
  })
}

function shownRow({ row, references }: Insert): (Value | undefined)[] {
  const shown = [...row]
  for (const [column, reference] of references) shown[column.index] = keyOf(reference)
  return shown
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
