// The declaration
export { t } from './mapping/column.ts'
export { Registry, registry } from './mapping/registry.ts'
export { Model } from './record/model.ts'

// The database
export { connect } from './record/connections.ts'

// The metadata and the conversion, for tools and tests
export { dehydrate, hydrate } from './mapping/hydrate.ts'
export { defineTable } from './mapping/table.ts'

// Errors
export {
  DeclarationError,
  InvalidValueError,
  UndefinedValueError,
  UnknownColumnError,
  UnreadableValueError,
} from './mapping/errors.ts'
export {
  AsyncHookError,
  LostRowError,
  NotConnectedError,
  RecordNotFoundError,
  RecordStatusError,
} from './record/errors.ts'

// Types
export type { Column } from './mapping/column.ts'
export type { Table } from './mapping/table.ts'
export type { Columns, Insert, Key, Properties, Shape } from './mapping/types.ts'
export type { ModelClass } from './record/model.ts'
