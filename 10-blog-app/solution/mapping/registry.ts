import type { Connection } from '#shared/driver/driver'
import { createTables, dropTables } from './ddl.ts'
import { DeclarationError } from './errors.ts'
import { sortTables } from './order.ts'
import { referencesTo } from './references.ts'
import type { Table } from './table.ts'

/**
 * The tables of one schema: what SQLAlchemy calls MetaData. A program can have several, each on a database of its own.
 *
 * It holds functions, because a class is mapped at its first use: when it is declared, the classes that it points to may not exist yet.
 */
export class Registry {
  readonly #tables = new Map<string, () => Table>()

  /** @throws {DeclarationError} when another class has the table already */
  declare(name: string, table: () => Table): void {
    if (this.#tables.has(name)) throw new DeclarationError(declaredTwice(name))
    this.#tables.set(name, table)
  }

  /** The tables, in the order of their declaration. */
  get tables(): Table[] {
    return [...this.#tables.values()].map((table) => table())
  }

  /**
   * Creates the tables that are not there yet, each after those that it points to.
   *
   * @example
   * registry.createAll(connection)
   * // CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL)
   * // CREATE TABLE IF NOT EXISTS posts (…, user_id INTEGER NOT NULL REFERENCES users (id))
   */
  createAll(connection: Connection): void {
    for (const group of sortTables(this.tables))
      for (const statement of createTables(group, connection.dialect)) connection.run(statement)
  }

  /**
   * Drops the tables **with all their rows**, each before those that it points to.
   *
   * @example
   * registry.dropAll(connection)
   * // DROP TABLE IF EXISTS posts
   * // DROP TABLE IF EXISTS users
   */
  dropAll(connection: Connection): void {
    for (const group of sortTables(this.tables).reverse()) drop(group, connection)
  }
}

function drop(group: readonly Table[], connection: Connection): void {
  const sendAll = () => {
    for (const statement of dropTables(group, connection.dialect)) connection.run(statement)
  }
  if (isCycle(group) && connection.dialect.name === 'sqlite')
    withoutForeignKeys(connection, sendAll)
  else sendAll()
}

/** A table that points to itself is the smallest cycle. */
const isCycle = (group: readonly Table[]) =>
  group.length > 1 || group.some((table) => referencesTo(table, table).length > 0)

/**
 * SQLite deletes the rows of a table before it drops it, and refuses when others point to them: in a cycle some always may.
 * Inside a transaction the PRAGMA does nothing, and the refusal stays.
 */
function withoutForeignKeys(connection: Connection, work: () => void): void {
  const before = connection.get('PRAGMA foreign_keys')?.foreign_keys
  connection.run('PRAGMA foreign_keys = OFF')
  try {
    work()
  } finally {
    connection.run(`PRAGMA foreign_keys = ${Number(before)}`)
  }
}

/** The registry of every class that names no other. */
export const registry = new Registry()

const declaredTwice = (name: string) =>
  `The table "${name}" is declared twice in one registry. ` +
  'This usually happens when a file is loaded twice, or when two classes share a table. Give one of them a registry of its own: Model(name, columns, { registry }).'
