import type { Table } from '../mapping/table.ts'
import { columnsOf, outputsOf, type RowOf, type Selection } from './columns.ts'
import type { Condition } from './expression.ts'
import { type DeleteNode, node } from './nodes.ts'
import { both, conditionNode } from './select.ts'
import type { MappedClass } from './sources.ts'
import { WriteQuery } from './write-query.ts'

/**
 * Begins a DELETE of many rows at once. For one record see `delete`.
 *
 * @example
 * deleteFrom(Post).where((p) => p.published.eq(false))
 * // DELETE FROM posts WHERE published = ?
 */
export const deleteFrom = <C extends Selection>({ table }: MappedClass<C>) =>
  new DeleteQuery<C, never>(
    node({ kind: 'delete', table: table.name, where: undefined, isEveryRow: false, returning: [] }),
    table,
  )

/** A DELETE. Every method gives a new one. */
export class DeleteQuery<C extends Selection, Result> extends WriteQuery<Result> {
  override readonly node: DeleteNode
  readonly #table: Table

  constructor(node: DeleteNode, table: Table) {
    super()
    this.node = node
    this.#table = table
  }

  /** Deletes the rows for which the condition is true. Several calls are joined by AND. */
  where(condition: Condition | ((columns: C) => Condition)): DeleteQuery<C, Result> {
    const given = typeof condition === 'function' ? condition(this.#columns) : condition
    return this.#with({ where: both(this.node.where, conditionNode('where', given)) })
  }

  /** Says that every row is meant, where there is no `where`. */
  everyRow(): DeleteQuery<C, Result> {
    return this.#with({ isEveryRow: true })
  }

  /** Gives the rows that were deleted: all of their columns, or those selected. */
  returning(): DeleteQuery<C, RowOf<C>>
  returning<S extends Selection>(select: (columns: C) => S): DeleteQuery<C, RowOf<S>>
  returning(select: (columns: C) => Selection = (columns) => columns): DeleteQuery<C, any> {
    return this.#with({ returning: outputsOf(select(this.#columns)) })
  }

  get #columns(): C {
    return columnsOf(this.#table) as C
  }

  #with(change: Partial<DeleteNode>): DeleteQuery<C, Result> {
    return new DeleteQuery(node({ ...this.node, ...change }), this.#table)
  }
}
