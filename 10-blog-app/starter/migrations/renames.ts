import type { Operation, RenameColumn, RenameTable } from './operations.ts'
import { columnNamed, type Schema, tableNamed } from './schema.ts'
import { schemaAfter } from './schema-after.ts'
import { MigrationError } from './tool-errors.ts'

/** A rename that does not fit the two schemas. */
export class RenameError extends MigrationError {
  override readonly name = 'RenameError'

  constructor(rename: string, problem: string) {
    super(
      `Cannot rename ${JSON.stringify(rename)}: ${problem}. ` +
        'This usually happens after a slip of the pen, or when the models still have the old name. ' +
        'Write old:new, for a table users:people, for a column users.name:full_name, and rename it in the models first.',
    )
  }
}

/**
 * The operations behind `users:people` and `users.name:full_name`: first the tables, then the columns.
 *
 * @throws {RenameError} when the old name is not in the one schema, or the new one not in the other
 */
export function renameOperations(
  from: Schema,
  to: Schema,
  renames: readonly string[],
): Operation[] {
  const read = renames.map(readRename)
  const tables = read.filter(({ table }) => table === undefined)
  for (const one of tables) checkTable(from, to, one)
  const first = tableRenames(from, tables)
  const between = schemaAfter(from, first)
  const newName = (table: string) => tables.find((one) => one.from === table)?.to ?? table
  const columns = read.flatMap((one) =>
    one.table === undefined ? [] : [{ ...one, table: newName(one.table) }],
  )
  for (const one of columns) checkColumn(between, to, one)
  const owners = [...new Set(columns.map(({ table }) => table))]
  return [...first, ...owners.flatMap((table) => columnRenames(between, table, columns))]
}

interface Rename {
  /** As it was given. */
  readonly text: string
  /** The table of a column; undefined for a table. */
  readonly table: string | undefined
  readonly from: string
  readonly to: string
}

function readRename(text: string): Rename {
  const [, table, from, to] = text.match(/^(?:([^.:]+)\.)?([^.:]+):(?:[^.:]+\.)?([^.:]+)$/) ?? []
  if (!from || !to) throw new RenameError(text, 'it does not read as old:new')
  return { text, table, from, to }
}

function checkTable(before: Schema, after: Schema, { text, from, to }: Rename): void {
  if (!tableNamed(before, from)) throw new RenameError(text, `the database has no table "${from}"`)
  if (!tableNamed(after, to)) throw new RenameError(text, `the models have no table "${to}"`)
}

function checkColumn(before: Schema, after: Schema, { text, table = '', from, to }: Rename): void {
  const [old, next] = [tableNamed(before, table), tableNamed(after, table)]
  if (!old || !columnNamed(old, from))
    throw new RenameError(text, `the database has no column "${table}.${from}"`)
  if (!next || !columnNamed(next, to))
    throw new RenameError(text, `the models have no column "${table}.${to}"`)
}

function tableRenames(schema: Schema, renames: readonly Rename[]): RenameTable[] {
  const names = schema.tables.map(({ name }) => name)
  return inSteps(names, renames).map(({ from, to }) => ({ kind: 'rename table', from, to }))
}

function columnRenames(schema: Schema, table: string, renames: readonly Rename[]): RenameColumn[] {
  const names = tableNamed(schema, table)!.columns.map(({ name }) => name)
  const own = renames.filter((one) => one.table === table)
  return inSteps(names, own).map(({ from, to }) => ({ kind: 'rename column', table, from, to }))
}

type Step = Pick<Rename, 'from' | 'to'>

/**
 * Renames one after the other, never to a name that is taken. When two exchange their names, or when what has the name
 * goes away later, that one is put aside first.
 *
 * @example
 * inSteps(['a', 'b'], [{ from: 'a', to: 'b' }, { from: 'b', to: 'a' }])
 * // b → b_old, a → b, b_old → a
 */
function inSteps(names: readonly string[], renames: readonly Step[]): Step[] {
  const taken = new Set(names)
  const waiting = [...renames]
  const steps: Step[] = []
  const take = (step: Step) => {
    steps.push(step)
    taken.delete(step.from)
    taken.add(step.to)
  }
  while (waiting.length > 0) {
    const free = waiting.findIndex(({ to }) => !taken.has(to))
    if (free >= 0) take(waiting.splice(free, 1)[0]!)
    else {
      const aside = { from: waiting[0]!.to, to: freeName(`${waiting[0]!.to}_old`, taken) }
      const next = waiting.findIndex(({ from }) => from === aside.from)
      if (next >= 0) waiting[next] = { from: aside.to, to: waiting[next]!.to }
      take(aside)
    }
  }
  return steps
}

/** The name, or the name with as many lines behind it as it takes. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) ? freeName(`${name}_`, taken) : name
}
