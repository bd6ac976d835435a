import type { Connection, Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { hydrate } from '../mapping/hydrate.ts'
import { Mapped, type Status, stateOf } from '../mapping/mapped.ts'
import type { Registry } from '../mapping/registry.ts'
import { columnOf, type Table } from '../mapping/table.ts'
import { columnsOf, type Selection } from '../query/columns.ts'
import { from } from '../query/select.ts'
import { leaveRelated } from '../relations/gone.ts'
import { forgetRelated } from '../relations/memory.ts'
import { followParents } from '../relations/parents.ts'
import type { Relations } from '../relations/relation.ts'
import type { With } from '../relations/types.ts'
import { checkPairs, writePairs } from '../relations/write-pairs.ts'
import { connectionOf } from './connections.ts'
import { remove } from './delete.ts'
import { LostRowError, RecordNotFoundError, RecordStatusError } from './errors.ts'
import { withHooks } from './hooks.ts'
import { insert } from './insert.ts'
import { keyConditions, keyOfRow } from './key.ts'
import { loadRelated } from './load-related.ts'
import { ModelQuery } from './model-query.ts'
import { type Conditions, count, select } from './select.ts'
import { changesOf, update } from './update.ts'

/**
 * An object that carries a row and knows how to store itself. `Model()` makes a subclass of it for each table.
 *
 * @see https://martinfowler.com/eaaCatalog/activeRecord.html
 */
export class ActiveRecord extends Mapped {
  declare static readonly table: Table
  declare static readonly registry: Registry
  declare static readonly relations: Relations

  constructor(values: object) {
    super()
    const { table } = modelOf(this)
    const related = relatedIn(values, modelOf(this))
    for (const column of table.columns)
      Reflect.set(this, column.property, initialValue(column, values))
    for (const [property, object] of related) Reflect.set(this, property, object)
  }

  static get c(): Selection {
    return columnsOf(this.table)
  }

  /** The database of its registry: the one that `connect` was given. */
  static get connection(): Connection {
    return connectionOf(this.registry)
  }

  // The class stands for the table: its methods read rows and give records.

  static find(key: unknown): ActiveRecord | undefined {
    return this.findBy(keyConditions(this.table, key))
  }

  static get(key: unknown): ActiveRecord {
    const record = this.find(key)
    if (!record) throw new RecordNotFoundError(this.table.name, key)
    return record
  }

  static findBy(conditions: Conditions): ActiveRecord | undefined {
    return this.where(conditions, { limit: 1 })[0]
  }

  static where(conditions: Conditions, options?: { limit: number }): ActiveRecord[] {
    const rows = select(this.table, conditions, connectionOf(this.registry), options)
    return rows.map((row) => hydrate(this.table, this, row))
  }

  static query(): ModelQuery<ActiveRecord, Selection> {
    return new ModelQuery(this, from(this))
  }

  static all(): ActiveRecord[] {
    return this.where({})
  }

  static count(conditions: Conditions = {}): number {
    return count(this.table, conditions, connectionOf(this.registry))
  }

  static create(values: object): ActiveRecord {
    const record = new this(values)
    record.save()
    return record
  }

  // The object stands for the row: its methods write it.

  /**
   * Stores the record: a new one as a new row, a stored one by the columns that changed.
   *
   * @example
   * const user = new User({ name: 'Bob', email: 'bob@example.com' })
   * user.save() // INSERT INTO users (name, email, …) VALUES (?, ?, …)
   * user.name = 'Robert'
   * user.save() // UPDATE users SET name = ? WHERE id = ?
   * user.save() // nothing is sent
   *
   * Its foreign keys follow the objects that it was given, and the pairs of its many-to-many collections are stored with it.
   *
   * @throws {UnsavedRelatedError} when it points to an object that has no row yet
   * @throws {RecordStatusError} when it was deleted
   * @throws {LostRowError} when its row is gone
   */
  save(): void {
    const { table, registry } = modelOf(this)
    const connection = connectionOf(registry)
    refuse(this, 'deleted', 'save')
    const [event, write] =
      this.status === 'new' ? (['Create', insert] as const) : (['Update', update] as const)
    withHooks(this, 'Save', () =>
      withHooks(this, event, () => {
        followParents(this)
        checkPairs(this)
        const rowWasWritten = write(this, table, connection)
        return writePairs(this, connection) || rowWasWritten
      }),
    )
  }

  /**
   * Removes the row. The object keeps its values and remembers that it is deleted.
   *
   * @example
   * user.delete() // DELETE FROM users WHERE id = ?
   *
   * @throws {RecordStatusError} when it was never saved, or deleted before
   * @throws {LostRowError} when its row is gone
   */
  delete(): void {
    const { table, registry } = modelOf(this)
    refuse(this, 'new', 'delete')
    refuse(this, 'deleted', 'delete')
    withHooks(this, 'Delete', () => remove(this, table, connectionOf(registry)))
    leaveRelated(this)
  }

  /**
   * Reads the row again. What was changed and not saved is lost, and related objects are read again at the next touch.
   *
   * @example
   * user.reload() // SELECT id, name, email, … FROM users WHERE id = ?
   *
   * @throws {RecordStatusError} when it was never saved, or deleted
   * @throws {LostRowError} when its row is gone
   */
  reload(): void {
    const { table, registry } = modelOf(this)
    refuse(this, 'new', 'reload')
    refuse(this, 'deleted', 'reload')
    const key = keyOfRow(table, stateOf(this).row)
    const [row] = select(table, keyConditions(table, key), connectionOf(registry))
    if (!row) throw new LostRowError(table.name, key, 'SELECT')
    Object.assign(this, hydrate(table, modelOf(this), row))
    stateOf(this).row = row
    forgetRelated(this)
  }

  /**
   * Loads relations of this record at once. For many records see `loadRelated`.
   *
   * @example
   * user.load({ posts: { comments: true } })
   * // SELECT … FROM posts WHERE user_id = ?
   * // SELECT … FROM comments WHERE post_id IN (?, ?)
   */
  load<T extends ActiveRecord>(this: T, wanted: With<T>): void {
    loadRelated([this], wanted)
  }

  /** Whether the record is new, persisted or deleted. Its state decides what `save` does, never its id. */
  get status(): Status {
    return stateOf(this).status
  }

  /**
   * What `save` would send for a stored record, as `[stored, current]` in the database's own values.
   *
   * @example
   * user.name = 'Robert'
   * user.changes() // { name: ['Bob', 'Robert'] }
   */
  changes(): Record<string, [stored: Value, current: Value]> {
    const { table, registry } = modelOf(this)
    if (this.status === 'new') return {}
    const { row } = stateOf(this)
    const changes = changesOf(this, table, connectionOf(registry).dialect)
    return Object.fromEntries(
      changes.map(({ column, value }) => [column.property, [row[column.index] ?? null, value]]),
    )
  }

  // The hooks do nothing here. A model overrides those that it needs.

  beforeSave(): void {}
  afterSave(): void {}
  beforeCreate(): void {}
  afterCreate(): void {}
  beforeUpdate(): void {}
  afterUpdate(): void {}
  beforeDelete(): void {}
  afterDelete(): void {}
}

const modelOf = (record: ActiveRecord) => record.constructor as typeof ActiveRecord

/**
 * The objects that `new` was given beside the values of columns.
 *
 * @throws {UnknownColumnError} when a property is neither
 */
function relatedIn(values: object, { table, relations }: typeof ActiveRecord): [string, unknown][] {
  const others = Object.entries(values).filter(([name]) => !Object.hasOwn(table.byProperty, name))
  for (const [name] of others) if (!Object.hasOwn(relations, name)) columnOf(table, name)
  return others.filter(([, object]) => object !== undefined)
}

/** undefined asks for the default; null is a value like any other. */
function initialValue(column: Column, values: object): unknown {
  const given: unknown = Reflect.get(values, column.property)
  if (given !== undefined) return given
  if (!column.default) return column.isNullable ? null : undefined
  const { value } = column.default
  // A copy: two records must not share one array.
  return typeof value === 'function' ? value() : structuredClone(value)
}

function refuse(record: ActiveRecord, status: 'new' | 'deleted', doing: string): void {
  if (record.status === status)
    throw new RecordStatusError(modelOf(record).table.name, doing, status)
}
