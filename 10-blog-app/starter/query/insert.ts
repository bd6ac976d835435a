import type { Table } from '../mapping/table.ts'
import { columnOf } from '../mapping/table.ts'
import { type Assignments, assignmentsOf } from './assignments.ts'
import { columnsOf, columnsOfSource, outputsOf, type RowOf, type Selection } from './columns.ts'
import type { ColumnExpression, Expression } from './expression.ts'
import { type AssignmentNode, type InsertNode, node } from './nodes.ts'
import { propertiesOf, type Subquery } from './result-query.ts'
import type { MappedClass } from './sources.ts'
import { WriteQuery } from './write-query.ts'
import { insertRows } from './write-rules.ts'

/** A class with a table, and with a constructor that says which values a new row needs. */
export interface Insertable<C, Values> extends MappedClass<C> {
  new (values: Values): object
}

/** A row for INSERT: each value may also be an expression, such as sql`CURRENT_TIMESTAMP`. */
export type InsertRow<Values> = {
  readonly [P in keyof Values]: Values[P] | Expression<Values[P]>
}

/**
 * Begins an INSERT.
 *
 * @example
 * insertInto(User).values({ name: 'Dan', email: 'dan@example.com' }).returning((u) => ({ id: u.id }))
 * // INSERT INTO users (name, email) VALUES (?, ?) RETURNING id
 */
export const insertInto = <C extends Selection, Values>(into: Insertable<C, Values>) =>
  new InsertInto<C, Values>(into.table)

/** An INSERT that does not know its rows yet. */
export class InsertInto<C extends Selection, Values> {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /**
   * One row, or many. What is left out is filled by the defaults of the declaration, or by the database.
   *
   * @throws {MixedRowsError} when a row lacks a column that others give, and that takes no NULL
   * @throws {NothingToWriteError} when the list is empty
   */
  values(rows: InsertRow<Values> | readonly InsertRow<Values>[]): InsertQuery<C, never> {
    const { columns, values } = insertRows(this.#table, [rows].flat() as object[])
    return insertQuery(
      this.#table,
      columns.map(({ name }) => name),
      values,
    )
  }

  /**
   * The rows of a query, whose properties say the columns.
   *
   * @example
   * insertInto(Tag).select(from(Post).select((p) => ({ name: lower(p.title) })))
   * // INSERT INTO tags (name) SELECT LOWER(title) AS name FROM posts
   */
  select(query: Subquery<Values>): InsertQuery<C, never> {
    const columns = propertiesOf(query).map((property) => columnOf(this.#table, property).name)
    return insertQuery(this.#table, columns, query.node)
  }
}

const insertQuery = <C extends Selection>(
  table: Table,
  columns: readonly string[],
  values: InsertNode['values'],
) =>
  new InsertQuery<C, never>(
    node({
      kind: 'insert',
      table: table.name,
      columns,
      values,
      conflict: undefined,
      returning: [],
    }),
    table,
  )

/** An INSERT. Every method gives a new one. */
export class InsertQuery<C extends Selection, Result> extends WriteQuery<Result> {
  override readonly node: InsertNode
  readonly #table: Table

  constructor(node: InsertNode, table: Table) {
    super()
    this.node = node
    this.#table = table
  }

  /**
   * What to do with a row that would break a unique constraint of these columns; without columns, of any.
   *
   * @example
   * insertInto(User).values(user).onConflict((u) => u.email).doUpdate((excluded) => ({ name: excluded.name }))
   * // INSERT INTO users … ON CONFLICT (email) DO UPDATE SET name = excluded.name
   */
  onConflict(
    target?: (columns: C) => ColumnExpression<any> | readonly ColumnExpression<any>[],
  ): OnConflict<C, Result> {
    const columns = target ? [target(columnsOf(this.#table) as C)].flat() : []
    return new OnConflict(this.node, this.#table, columns as ColumnExpression[])
  }

  /** Gives the rows that were written: all of their columns, or those selected. */
  returning(): InsertQuery<C, RowOf<C>>
  returning<S extends Selection>(select: (columns: C) => S): InsertQuery<C, RowOf<S>>
  returning(select: (columns: C) => Selection = (columns) => columns): InsertQuery<C, any> {
    const returning = outputsOf(select(columnsOf(this.#table) as C))
    return new InsertQuery(node({ ...this.node, returning }), this.#table)
  }
}

/** An INSERT … ON CONFLICT that does not know what to do yet. */
export class OnConflict<C extends Selection, Result> {
  readonly #insert: InsertNode
  readonly #table: Table
  readonly #target: readonly ColumnExpression[]

  constructor(insert: InsertNode, table: Table, target: readonly ColumnExpression[]) {
    this.#insert = insert
    this.#table = table
    this.#target = target
  }

  /** Leaves the row that is there as it is. */
  doNothing(): InsertQuery<C, Result> {
    return this.#with([])
  }

  /**
   * Changes the row that is there: an upsert. `excluded` is the row that could not be inserted, `existing` the one in its place.
   *
   * @throws {NothingToWriteError} when no column is set
   */
  doUpdate(set: (excluded: C, existing: C) => Assignments<C>): InsertQuery<C, Result> {
    const excluded = columnsOfSource(this.#table, 'excluded') as C
    return this.#with(assignmentsOf(this.#table, set(excluded, columnsOf(this.#table) as C)))
  }

  #with(assignments: readonly AssignmentNode[]): InsertQuery<C, Result> {
    const target = this.#target.map(({ name }) => name)
    const conflict = node({ kind: 'conflict', target, assignments })
    return new InsertQuery(node({ ...this.#insert, conflict }), this.#table)
  }
}
