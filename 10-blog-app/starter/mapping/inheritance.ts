import type { Column, Reference } from './column.ts'
import { DeclarationError } from './errors.ts'
import type { Mapped } from './mapped.ts'
import { defineTable, type Table, type TableRules } from './table.ts'
import type { Shape } from './types.ts'

/**
 * How a class and its tables fit together.
 *
 * ```text
 *                 single table          class table
 * Person          people                people
 * Employee        people (+ salary)     people, employees (id, salary)
 * ```
 */
export interface Mapping {
  /** The columns of the class as one row: first those that it inherits, then its own. */
  readonly table: Table
  /** The same columns in an array that is not frozen: a loop over it, which runs for every object, is several times as fast. */
  readonly columns: readonly Column[]
  /** The columns that the class itself declares. */
  readonly own: readonly Column[]
  /** The tables that a row of the class is spread over: one, unless classes have tables of their own. */
  readonly parts: readonly Part[]
  /** The word in the discriminator column; undefined where no row is of this very class. */
  readonly word: unknown
  /** The column that says of which class a row is. */
  readonly discriminator: Column | undefined
  /** The column that counts the changes of a row. */
  readonly version: Column | undefined
  /** Whether the class brought a table of its own. */
  readonly hasTable: boolean
  /** The class at the top. A row keeps its identity whatever class it is read as: that of the top's table. */
  readonly root: Mapping
}

/** What one table holds of a row. */
export interface Part {
  readonly table: string
  /** The same values in every part, under the same names. */
  readonly key: readonly Column[]
  readonly columns: readonly Column[]
}

/** A class with its mapping. */
export interface MappedType<T extends Mapped = Mapped> {
  new (...values: never[]): T
  /** Completed at the first use of the class. */
  readonly mapping: Mapping
}

/** What an inheriting class declares. */
export interface Inheritance {
  readonly word: unknown
  readonly shape: Shape
  /** A table of its own: class table. Without it the columns stand in the table of the class above: single table. */
  readonly table: string | undefined
}

export const typeOf = (object: Mapped): MappedType => object.constructor as MappedType

export const mappingOf = (object: Mapped): Mapping => typeOf(object).mapping

/** The mapping of a class that inherits from no other mapped class. */
export function rootMapping(table: Table): Mapping {
  const columns = [...table.columns]
  const parts = [{ table: table.name, key: table.primaryKey, columns }]
  const special = specialColumns(table)
  const word = special.discriminator?.default?.value
  const mapping = { table, columns, own: columns, parts, word, hasTable: true, ...special }
  return Object.freeze(Object.assign(mapping, { root: mapping as unknown as Mapping }))
}

/**
 * The mapping of a class that inherits.
 *
 * @throws {DeclarationError} when the class at the top has no discriminator column, or the class declares something that it inherits
 */
export function inheritedMapping(
  above: Mapping,
  { word, shape, table: ownTable }: Inheritance,
): Mapping {
  if (!above.discriminator) throw new DeclarationError(noDiscriminator(above, word))
  const last = above.parts.at(-1)!
  const own = ownColumns(above.table, ownTable ?? last.table, shape)
  const { primaryKey } = above.table
  const table = tableOf(ownTable ?? above.table.name, [...above.table.columns, ...own], primaryKey)
  const parts = ownTable
    ? [...above.parts, { table: ownTable, key: primaryKey, columns: [...primaryKey, ...own] }]
    : [...above.parts.slice(0, -1), { ...last, columns: [...last.columns, ...own] }]
  return Object.freeze({
    table,
    columns: [...table.columns],
    own,
    parts,
    word,
    hasTable: ownTable !== undefined,
    ...specialColumns(table),
    root: above.root,
  })
}

const specialColumns = ({ columns }: Table) => ({
  discriminator: columns.find(({ discriminator }) => discriminator),
  version: columns.find(({ isVersion }) => isVersion),
})

/** The classes that inherit from a class, however far down. */
export const subclassesOf = (type: MappedType): MappedType[] =>
  membersOf(type.mapping.root).filter(({ prototype }) => prototype instanceof type)

/** The classes that inherit from the one at the top, as its declaration lists them. */
const membersOf = ({ discriminator }: Mapping): MappedType[] =>
  discriminator?.discriminator?.subclasses() ?? []

/** The columns that a class adds, behind those that it inherits. */
function ownColumns(above: Table, host: string, shape: Shape): readonly Column[] {
  const own = defineTable(host, shape).columns.map((column) =>
    Object.freeze({ ...column, index: above.columns.length + column.index }),
  )
  for (const { property, isPrimaryKey } of own)
    if (isPrimaryKey || Object.hasOwn(above.byProperty, property))
      throw new DeclarationError(inheritedTwice(host, property))
  return own
}

function tableOf(
  name: string,
  columns: readonly Column[],
  primaryKey: readonly Column[],
  rules?: TableRules,
): Table {
  const byProperty = Object.fromEntries(columns.map((column) => [column.property, column]))
  return Object.freeze({
    name,
    columns: Object.freeze(columns),
    primaryKey: Object.freeze(primaryKey),
    byProperty: Object.freeze(byProperty),
    rules,
  })
}

/**
 * A table as it stands in the database, with the columns of all classes that keep something in it.
 * What only some of these classes have may be NULL: the rows of the others have nothing there.
 *
 * @throws {DeclarationError} when two of the classes give a column the same name
 */
export function storedTable(owner: Mapping): Table {
  const { table: name } = owner.parts.at(-1)!
  const guests = membersOf(owner.root)
    .map(({ mapping }) => mapping)
    .filter((mapping) => mapping !== owner)
    .flatMap(({ own }) => own.filter(({ table }) => table === name))
  if (owner === owner.root && guests.length === 0) return owner.table
  const columns = [...linkToRoot(owner, name), ...owner.own, ...guests.map(optional)].map(
    (column, index) => Object.freeze({ ...column, index }),
  )
  refuseTwins(name, columns)
  return tableOf(
    name,
    columns,
    columns.filter(({ isPrimaryKey }) => isPrimaryKey),
    owner.table.rules,
  )
}

/** The key of a class's own table is the key of the row above, and goes with it. */
function linkToRoot(owner: Mapping, name: string): Column[] {
  if (owner === owner.root) return []
  return owner.table.primaryKey.map((column) => {
    const reference: Reference = { column: () => column, onDelete: 'cascade' }
    return { ...column, table: name, isGenerated: false, reference }
  })
}

const optional = (column: Column): Column => ({
  ...column,
  isNullable: true,
  default: undefined,
  defaultSql: undefined,
})

function refuseTwins(table: string, columns: readonly Column[]): void {
  const names = columns.map(({ name }) => name)
  const twin = names.find((name, i) => names.indexOf(name) !== i)
  if (twin !== undefined) throw new DeclarationError(twins(table, twin))
}

const noDiscriminator = ({ table }: Mapping, word: unknown) =>
  `A class inherits from the class of "${table.name}" as ${JSON.stringify(word)}, but no column says of which class a row is. ` +
  'This usually happens when .discriminator() was forgotten. Add it to the class at the top: type: t.text().discriminator(() => [Employee, Manager]).'

const inheritedTwice = (table: string, property: string) =>
  `A class that keeps its rows in "${table}" declares "${property}", which it has from the class above, or which would be a second key. ` +
  'This usually happens when a declaration is copied. Leave it out: columns and the key are inherited.'

const twins = (table: string, name: string) =>
  `Two classes that share the table "${table}" declare the column "${name}". ` +
  "This usually happens when two subclasses have the same property. Declare it in the class above, or give one of them another name in the database: .named('…')."
