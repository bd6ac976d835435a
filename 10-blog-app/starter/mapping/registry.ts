import { DeclarationError } from './errors.ts'
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
}

/** The registry of every class that names no other. */
export const registry = new Registry()

const declaredTwice = (name: string) =>
  `The table "${name}" is declared twice in one registry. ` +
  'This usually happens when a file is loaded twice, or when two classes share a table. Give one of them a registry of its own: Model(name, columns, { registry }).'
