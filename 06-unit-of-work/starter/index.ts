// The declaration
export { t } from './mapping/column.ts'
export { Registry, registry } from './mapping/registry.ts'
export { belongsTo, hasMany, hasOne, manyToMany } from './relations/declare.ts'
export { entity, inherit } from './session/entity.ts'

// The session
export { Session } from './session/session.ts'

// Related objects
export { Collection } from './relations/collection.ts'
export { strictLoading } from './relations/strict.ts'

// Queries: in strings, and typed
export { Query } from './query/query.ts'
export { from } from './query/select.ts'
export { insertInto } from './query/insert.ts'
export { update } from './query/update.ts'
export { deleteFrom } from './query/delete.ts'
export { execute, fetchAll, fetchFirst } from './query/execute.ts'

// What a query reads from
export { alias, cte } from './query/sources.ts'

// Expressions
export { and, not, or } from './query/logic.ts'
export { value } from './query/value.ts'
export { avg, count, countDistinct, max, min, sum } from './query/aggregates.ts'
export { denseRank, lag, lead, rank, rowNumber } from './query/window.ts'
export { abs, cast, coalesce, concat, length, lower, upper } from './query/functions.ts'
export { caseWhen } from './query/case.ts'
export { exists, notExists, scalar } from './query/subqueries.ts'
export { sql } from './query/sql.ts'

// The parts of the session, for tools and tests
export { commitOrder, type Prerequisites } from './session/commit-order.ts'
export { UndoLog } from './session/undo-log.ts'
export { identityKey, keyOfValues } from './session/identity-key.ts'
export { IdentityMap } from './session/identity-map.ts'
export { WeakObjects } from './session/weak-objects.ts'

// The metadata and the conversion, for tools and tests
export { dehydrate, hydrate } from './mapping/hydrate.ts'
export { defineTable } from './mapping/table.ts'

// The parts of loading and of DDL, for tests and tools: pure
export { batchesOf } from './relations/cut.ts'
export { groupBy, groupKey, handOut } from './relations/hand-out.ts'
export { inverseOf } from './relations/relation.ts'
export { sortTables } from './mapping/order.ts'
export { addForeignKey, createTables, dropTables } from './mapping/ddl.ts'

// Errors
export {
  DeclarationError,
  InvalidValueError,
  UndefinedValueError,
  UnknownColumnError,
  UnreadableValueError,
} from './mapping/errors.ts'
export {
  ConditionError,
  DuplicateSourceError,
  MissingTableError,
  MissingWhereError,
  MixedRowsError,
  NothingToWriteError,
  NullComparisonError,
  NullInListError,
  OperandError,
  OutputMismatchError,
  TooManyParametersError,
  UnknownSourceError,
  UnknownWordError,
  UnreadableResultError,
} from './query/errors.ts'
export { CircularDependencyError } from './session/commit-order.ts'
export { FlushOrderError } from './session/plan.ts'
export { DetachedError } from './mapping/owner.ts'
export {
  AsyncHookError,
  ClassChangeError,
  DuplicateObjectError,
  EndlessHooksError,
  IdentityChangeError,
  LostRowError,
  NotFoundError,
  ObjectStateError,
  OtherSessionError,
  SessionBusyError,
  SessionClosedError,
  StaleObjectError,
  TransactionLostError,
  UnknownClassError,
} from './session/errors.ts'
export { NotLoadedError, RelationError } from './relations/errors.ts'

// Types
export type { Column } from './mapping/column.ts'
export type { Table } from './mapping/table.ts'
export type { Columns, Insert, Key, Properties, Shape } from './mapping/types.ts'
export type { Status } from './mapping/mapped.ts'
export type { EntityClass } from './session/entity.ts'
export type { CompiledQuery } from './query/compile.ts'
export type { ColumnExpressions, RowOf, Selection } from './query/columns.ts'
export type { Condition, Expression } from './query/expression.ts'
export type { ResultQuery, Subquery } from './query/result-query.ts'
export type { EntityQuery } from './session/entity-query.ts'
export type { SessionEvent } from './session/listeners.ts'
export type { SessionOptions } from './session/session.ts'
export type { Kind, Relation, Relations } from './relations/relation.ts'
export type { With } from './relations/types.ts'
