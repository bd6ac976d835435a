import type { Table } from '../mapping/table.ts'
import { type Assignments, assignmentsOf } from './assignments.ts'
import { columnsOf, outputsOf, type RowOf, type Selection } from './columns.ts'
import type { Condition } from './expression.ts'
import { node, type UpdateNode } from './nodes.ts'
import { both, conditionNode } from './select.ts'
import type { MappedClass } from './sources.ts'
import { WriteQuery } from './write-query.ts'

/**
 * Begins an UPDATE of many rows at once. For one record see `save`.
 *
 * @example
 * update(User).set((u) => ({ age: u.age.plus(1) })).where((u) => u.age.isNotNull())
 * // UPDATE users SET age = age + ? WHERE age IS NOT NULL
 */
export const update = <C extends Selection>(mapped: MappedClass<C>) => new UpdateOf<C>(mapped.table)

/** An UPDATE that does not know its values yet. */
export class UpdateOf<C extends Selection> {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /**
   * Says the new values: as they are, or as expressions of the row that is there.
   *
   * @throws {NothingToWriteError} when no column is set
   * @throws {UndefinedValueError} when a value is undefined
   */
  set(values: Assignments<C> | ((columns: C) => Assignments<C>)): UpdateQuery<C, never> {
    const table = this.#table
    const given = typeof values === 'function' ? values(columnsOf(table) as C) : values
    const assignments = assignmentsOf(table, given)
    return new UpdateQuery(
      node({
        kind: 'update',
        table: table.name,
        assignments,
        where: undefined,
        isEveryRow: false,
        returning: [],
      }),
      table,
    )
  }
}

/** An UPDATE. Every method gives a new one. */
export class UpdateQuery<C extends Selection, Result> extends WriteQuery<Result> {
  override readonly node: UpdateNode
  readonly #table: Table

  constructor(node: UpdateNode, table: Table) {
    super()
    this.node = node
    this.#table = table
  }

  /** Changes the rows for which the condition is true. Several calls are joined by AND. */
  where(condition: Condition | ((columns: C) => Condition)): UpdateQuery<C, Result> {
    const given = typeof condition === 'function' ? condition(this.#columns) : condition
    return this.#with({ where: both(this.node.where, conditionNode('where', given)) })
  }

  /** Says that every row is meant, where there is no `where`. */
  everyRow(): UpdateQuery<C, Result> {
    return this.#with({ isEveryRow: true })
  }

  /** Gives the rows that were changed: all of their columns, or those selected. */
  returning(): UpdateQuery<C, RowOf<C>>
  returning<S extends Selection>(select: (columns: C) => S): UpdateQuery<C, RowOf<S>>
  returning(select: (columns: C) => Selection = (columns) => columns): UpdateQuery<C, any> {
    return this.#with({ returning: outputsOf(select(this.#columns)) })
  }

  get #columns(): C {
    return columnsOf(this.#table) as C
  }

  #with(change: Partial<UpdateNode>): UpdateQuery<C, Result> {
    return new UpdateQuery(node({ ...this.node, ...change }), this.#table)
  }
}
