import { writeOutputs } from './compile-select.ts'
import { type Compiler, clauses, list } from './compiler.ts'
import { constant } from './conditions.ts'
import {
  type AssignmentNode,
  type ConflictNode,
  type DeleteNode,
  type InsertNode,
  node,
  type OutputNode,
  type QueryNode,
  type UpdateNode,
} from './nodes.ts'
import { selectFrom } from './select-node.ts'
import { guardedWhere } from './write-rules.ts'

/** `INSERT INTO users (name, email) VALUES (?, ?), (?, ?) ON CONFLICT … RETURNING …` */
export function writeInsert(insert: InsertNode, compiler: Compiler): string {
  const { table, columns, conflict, returning } = insert
  const names = list(columns, (name) => compiler.name(name))
  return clauses(
    `INSERT INTO ${compiler.name(table)}`,
    names && `(${names})`,
    writeValues(insert, compiler),
    conflict ? writeConflict(conflict, table, compiler) : '',
    writeReturning(returning, table, compiler),
  )
}

/** `UPDATE users SET age = age + ? WHERE … RETURNING …` @throws {MissingWhereError} */
export function writeUpdate(update: UpdateNode, compiler: Compiler): string {
  const { table, assignments, returning } = update
  return clauses(
    `UPDATE ${compiler.name(table)} SET`,
    compiler.inside([table], () => writeAssignments(assignments, compiler)),
    writeWhere(update, compiler),
    writeReturning(returning, table, compiler),
  )
}

/** `DELETE FROM users WHERE … RETURNING …` @throws {MissingWhereError} */
export function writeDelete(remove: DeleteNode, compiler: Compiler): string {
  return clauses(
    `DELETE FROM ${compiler.name(remove.table)}`,
    writeWhere(remove, compiler),
    writeReturning(remove.returning, remove.table, compiler),
  )
}

function writeValues({ columns, values, conflict }: InsertNode, compiler: Compiler): string {
  if ('kind' in values) return compiler.query(conflict ? withWhere(values) : values)
  if (columns.length === 0) return 'DEFAULT VALUES'
  const rows = list(values, (row) => `(${list(row, (value) => compiler.expression(value))})`)
  return `VALUES ${rows}`
}

/** After a SELECT without WHERE, SQLite reads the ON of ON CONFLICT as that of a join. */
function withWhere(query: QueryNode): QueryNode {
  const whole = selectFrom(node({ kind: 'derived', name: 'given', query }))
  return node({ ...whole, where: constant(true) })
}

/** Inside of DO UPDATE two rows are in sight: the one in the table, and `excluded`, the one that could not be inserted. */
function writeConflict(
  { target, assignments }: ConflictNode,
  table: string,
  compiler: Compiler,
): string {
  const columns = list(target, (name) => compiler.name(name))
  const head = clauses('ON CONFLICT', columns && `(${columns})`)
  if (assignments.length === 0) return `${head} DO NOTHING`
  return `${head} DO UPDATE SET ${compiler.inside([table, 'excluded'], () => writeAssignments(assignments, compiler))}`
}

const writeAssignments = (assignments: readonly AssignmentNode[], compiler: Compiler) =>
  list(
    assignments,
    ({ column, value }) => `${compiler.name(column)} = ${compiler.expression(value)}`,
  )

function writeWhere(write: UpdateNode | DeleteNode, compiler: Compiler): string {
  const where = guardedWhere(write)
  return where ? `WHERE ${compiler.inside([write.table], () => compiler.expression(where))}` : ''
}

function writeReturning(outputs: readonly OutputNode[], table: string, compiler: Compiler): string {
  if (outputs.length === 0) return ''
  return `RETURNING ${compiler.inside([table], () => writeOutputs(outputs, compiler))}`
}
