// The declaration
export { t } from './mapping/column.ts'
export { Registry, registry } from './mapping/registry.ts'
export { belongsTo, hasMany, hasOne, manyToMany } from './relations/declare.ts'
export { entity, inherit } from './session/entity.ts'

// The session
export { AsyncSession } from './session/session.ts'
export { currentSession, withSession, withTransaction } from './session/context.ts'
export { retry } from './session/retry.ts'
export { Turns } from './session/turns.ts'

// Related objects
export { Collection } from './relations/collection.ts'
export { strictLoading } from './relations/strict.ts'
export { RelationUsage } from './relations/usage.ts'

// Results that are used again
export { ResultCache } from './query/result-cache.ts'

// The lens
export { Lens } from './profiling/lens.ts'
export { fingerprint } from './profiling/fingerprint.ts'
export { describeNPlusOne, findNPlusOnes } from './profiling/n-plus-one.ts'
export { explainPlan, explainWith, fullScansOf, readPlan } from './profiling/explain-plan.ts'
export { showPlan } from './profiling/show-plan.ts'
export { proposeIndexes } from './profiling/index-advisor.ts'
export { slowQueries, timingsOf } from './profiling/slow-queries.ts'
export { unusedEagerLoads } from './profiling/unused-eager-loads.ts'
export { reportOf } from './profiling/report.ts'
export { toolbar, toolbarRows, withToolbar } from './profiling/toolbar.ts'
export { Html, html } from './profiling/html.ts'
export { waterfall } from './profiling/waterfall.ts'
export { curves } from './profiling/curves.ts'
export { profileCpu, writeCpuProfile } from './profiling/cpu-profile.ts'
export { callTree, timeByPart } from './profiling/call-tree.ts'
export { flame } from './profiling/flame.ts'
export { expectQueries, QueryCountError } from './profiling/expect-queries.ts'

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
export { padded } from './relations/padded.ts'
export { groupBy, groupKey, handOut } from './relations/hand-out.ts'
export { inverseOf } from './relations/relation.ts'
export { sortTables } from './mapping/order.ts'

// The migration tool
export { manage } from './migrations/cli.ts'
export { migrateToLatest } from './migrations/migrate-to-latest.ts'
export type { Project } from './migrations/tool.ts'

// The parts of the tool, for tests: pure, but for the last two
export { splitStatements } from './migrations/split.ts'
export { formatMigration, parseMigration } from './migrations/migration-file.ts'
export { migrationName, summaryOf } from './migrations/migration-name.ts'
export { checksumOf, headsOf, inOrder, pendingOf, problemsOf } from './migrations/history.ts'
export { findMigration, stepsDown, stepsUp } from './migrations/plan.ts'
export { prepareHistory, readHistory } from './migrations/history-table.ts'
export { type Run, runStep } from './migrations/migrator.ts'
export type { Migration } from './migrations/migration-file.ts'

// Migrations: two schemas, and the way from one to the other
export { schemaOf } from './migrations/schema-of.ts'
export { inspect } from './migrations/inspect.ts'
export { reflect } from './migrations/reflect.ts'
export { diff } from './migrations/diff.ts'
export { describeOperation, reverse } from './migrations/operations.ts'
export { schemaAfter } from './migrations/schema-after.ts'
export { questions } from './migrations/questions.ts'
export { warnings } from './migrations/warnings.ts'
export { statements } from './migrations/statements.ts'
export { runStatements } from './migrations/run-statements.ts'
export { createAll, dropAll } from './migrations/create-all.ts'
export {
  columnDefinition,
  constraintDefinition,
  createIndex,
  createTable,
} from './migrations/ddl.ts'
export { canonicalExpression } from './migrations/expression.ts'
export { canonicalType } from './migrations/normalise.ts'

// Errors
export { SmallPoolError } from './migrations/lock.ts'
export { RebuildError } from './migrations/rebuild.ts'
export { RenameError } from './migrations/renames.ts'
export {
  AlreadyAppliedError,
  BrokenChainError,
  DanglingRowsError,
  DataLossError,
  ForkedHistoryError,
  HistoryError,
  IrreversibleMigrationError,
  LockTimeoutError,
  MigrationError,
  MigrationFailedError,
  MigrationNameError,
  UnknownMigrationError,
  UnreadableMigrationError,
  UnreadableScriptError,
} from './migrations/tool-errors.ts'
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
export { CursorError } from './query/cursor.ts'
export { PageOrderError } from './query/keyset.ts'
export { UncachedError } from './query/tables-of.ts'
export { CircularDependencyError } from './session/commit-order.ts'
export { FlushOrderError } from './session/plan.ts'
export { DetachedError } from './mapping/owner.ts'
export { ExpiredError } from './mapping/watched.ts'
export {
  ClassChangeError,
  ConcurrentUseError,
  DuplicateObjectError,
  EndlessHooksError,
  IdentityChangeError,
  LostRowError,
  NoSessionError,
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
export type { Page, PageRequest } from './session/page.ts'
export type { CachedStatement, Caching } from './query/result-cache.ts'
export type { Kind, Relation, Relations } from './relations/relation.ts'
export type { Lazy, Loaded, With } from './relations/types.ts'
export type { Joined } from './relations/types.ts'
export type { Call } from './profiling/call-tree.ts'
export type { CpuProfile } from './profiling/cpu-profile.ts'
export type { Curve, Point } from './profiling/curves.ts'
export type { PlanStep } from './profiling/explain-plan.ts'
export type { StatementGroup } from './profiling/groups.ts'
export type { Proposal } from './profiling/index-advisor.ts'
export type { LensOptions } from './profiling/lens.ts'
export type { NPlusOne } from './profiling/n-plus-one.ts'
export type { Explained } from './profiling/plans.ts'
export type { Report } from './profiling/report.ts'
export type { ToolbarRow } from './profiling/toolbar.ts'
export type {
  Check,
  ColumnSchema,
  Constraint,
  ForeignKey,
  IndexSchema,
  Schema,
  TableSchema,
} from './migrations/schema.ts'
export type { Operation } from './migrations/operations.ts'
export type { DiffOptions } from './migrations/diff.ts'
export type { Question } from './migrations/questions.ts'
export type { Warning } from './migrations/warnings.ts'
export type { TableRules } from './mapping/table.ts'
