import type { Column } from '../mapping/column.ts'
import { DeclarationError } from '../mapping/errors.ts'
import {
  inheritedMapping,
  type Mapping,
  mappingOf,
  rootMapping,
  storedTable,
} from '../mapping/inheritance.ts'
import { Mapped } from '../mapping/mapped.ts'
import { registry as commonRegistry, type Registry } from '../mapping/registry.ts'
import { columnOf, defineTable, type Table, type TableRules } from '../mapping/table.ts'
import type { ColumnShape, Insert, Properties, Shape } from '../mapping/types.ts'
import type { ColumnExpressions, Selection } from '../query/columns.ts'
import { ColumnExpression } from '../query/expression.ts'
import { defineRelation } from '../relations/accessors.ts'
import { bindRelations } from '../relations/bind.ts'
import type { Relations } from '../relations/relation.ts'
import type { Declared, Given, Related, ShapeOf } from '../relations/types.ts'

/**
 * An object that carries a row and knows nothing of the database: a session loads it and stores it.
 *
 * @see https://martinfowler.com/eaaCatalog/dataMapper.html
 */
export class Entity extends Mapped {
  declare static readonly mapping: Mapping
  declare static readonly registry: Registry
  declare static readonly relations: Relations

  constructor(values: object) {
    super()
    const related = relatedIn(values, this.constructor as typeof Entity)
    const { columns, word } = mappingOf(this)
    const properties = this as Record<string, unknown>
    for (const column of columns) properties[column.property] = initialValue(column, values, word)
    for (const [property, object] of related) properties[property] = object
  }

  static get table(): Table {
    return this.mapping.table
  }

  static get c(): Selection {
    return columnsOfClass(this.mapping)
  }

  // The hooks do nothing here. A class overrides those that it needs.

  beforeSave(): void {}
  afterSave(): void {}
  beforeCreate(): void {}
  afterCreate(): void {}
  beforeUpdate(): void {}
  afterUpdate(): void {}
  beforeDelete(): void {}
  afterDelete(): void {}
}

/** A class made by `entity()`: what `class User extends entity(…)` inherits, with the types of its columns and relations. */
export interface EntityClass<S extends Shape> {
  new (values: Insert<S> & Given<S>): Properties<S> & Related<S> & Declared<S> & Entity
  readonly mapping: Mapping
  readonly table: Table
  /** The relations by property, each bound to its foreign key. */
  readonly relations: Relations
  readonly registry: Registry
  /** The columns by property, as expressions: `User.c.age.gt(18)`. (`User.name` is taken: it is the name of the class.) */
  readonly c: ColumnExpressions<ColumnShape<S>>
}

/** Where the table belongs, and what holds for several of its columns at once. */
export interface EntityOptions<S extends Shape> extends TableRules<keyof ColumnShape<S> & string> {
  readonly registry?: Registry
}

/**
 * Makes the base class of an entity from its declaration.
 *
 * @example
 * class User extends entity('users', {
 *   id: t.integer().primaryKey(),
 *   name: t.text(),
 *   posts: () => hasMany(Post),
 * }) {
 *   greet() { return `Hi, ${this.name}` }
 * }
 *
 * @throws {DeclarationError} when the registry has a table of that name already
 */
export function entity<const S extends Shape>(
  name: string,
  shape: S,
  { registry = commonRegistry, ...rules }: EntityOptions<S> = {},
): EntityClass<S> {
  const base = class extends Entity {
    static override readonly registry = registry
  }
  complete(base, shape, () => rootMapping(mapTable(name, shape, rules)))
  registry.declare(name, () => storedTable(base.mapping))
  return base as unknown as EntityClass<S>
}

type AnyEntityClass = (new (values: never) => Entity) & { readonly c: object }

/** The declaration of an inheriting class together with that of the class above. */
type Extended<P extends AnyEntityClass, S extends Shape> = ShapeOf<InstanceType<P>> & S

/** A class made by `inherit()`. */
export type InheritingClass<P extends AnyEntityClass, S extends Shape> = Omit<
  EntityClass<never>,
  'c'
> & {
  new (
    values: Insert<Extended<P, S>> & Given<Extended<P, S>>,
  ): InstanceType<P> & Properties<S> & Related<S> & Declared<Extended<P, S>>
  readonly c: ColumnExpressions<ColumnShape<Extended<P, S>>>
}

/**
 * Makes the base class of an entity that inherits from another. Its rows are known by a word in the discriminator column.
 *
 * Without a table of its own its columns stand in the table of the class above (single table inheritance), with one they
 * stand there, in a row with the same key (class table inheritance).
 *
 * @example
 * class Person extends entity('people', { id: t.integer().primaryKey(), type: t.text().discriminator(), name: t.text() }) {}
 * class Employee extends inherit(Person, 'employee', { salary: t.real() }) {}
 * class Manager extends inherit(Person, 'manager', { level: t.integer() }, { table: 'managers' }) {}
 *
 * @throws {DeclarationError} at first use, when the class above has no discriminator column
 * @see https://martinfowler.com/eaaCatalog/singleTableInheritance.html
 * @see https://martinfowler.com/eaaCatalog/classTableInheritance.html
 */
export function inherit<P extends AnyEntityClass, const S extends Shape>(
  parent: P,
  word: string,
  shape: S,
  { table }: { table?: string } = {},
): InheritingClass<P, S> {
  const above = parent as unknown as typeof Entity
  const base = class extends above {}
  complete(base, shape, () => {
    const mapping = inheritedMapping(above.mapping, { word, shape, table })
    if (!isListed(base, mapping)) throw new DeclarationError(notListed(mapping, word))
    return mapping
  })
  if (table) above.registry.declare(table, () => storedTable(base.mapping))
  return base as unknown as InheritingClass<P, S>
}

/** Whether the class at the top names a class that extends this base: a query for the top could not make its objects otherwise. */
const isListed = (base: typeof Entity, { discriminator }: Mapping): boolean => {
  const subclasses: unknown[] = discriminator?.discriminator?.subclasses() ?? []
  return subclasses.some((type) => (type as typeof Entity).prototype instanceof base)
}

/** A class is mapped at its first use: when it is declared, the classes that its foreign keys name may not exist yet. */
function complete(base: typeof Entity, shape: Shape, map: () => Mapping): void {
  const above = Object.getPrototypeOf(base) as typeof Entity
  const relations = () => ({ ...above.relations, ...bindRelations(base, shape) })
  Object.defineProperty(base, 'mapping', { get: once(map) })
  Object.defineProperty(base, 'relations', { get: once(relations) })
  for (const [property, declared] of Object.entries(shape))
    if (typeof declared === 'function') defineRelation(base.prototype, property)
}

function once<T>(make: () => T): () => T {
  const made: T[] = []
  return () => {
    if (made.length === 0) made.push(make())
    return made[0] as T
  }
}

function mapTable(name: string, shape: Shape, rules: TableRules): Table {
  const table = defineTable(name, shape, rules)
  if (table.primaryKey.length === 0) throw new DeclarationError(noKey(name))
  for (const property of Object.keys(shape))
    if (property in Entity.prototype) throw new DeclarationError(taken(name, property))
  return table
}

const columns = new WeakMap<Mapping, Selection>()

/** Each column knows its table: those of an inheriting class may stand in several. */
function columnsOfClass(mapping: Mapping): Selection {
  const known = columns.get(mapping)
  if (known) return known
  const made = Object.freeze(
    Object.fromEntries(
      mapping.table.columns.map((column) => [column.property, new ColumnExpression(column)]),
    ),
  )
  columns.set(mapping, made)
  return made
}

/**
 * The objects that `new` was given beside the values of columns.
 *
 * @throws {UnknownColumnError} when a property is neither
 */
function relatedIn(values: object, { table, relations }: typeof Entity): [string, unknown][] {
  const related: [string, unknown][] = []
  for (const property in values) {
    if (Object.hasOwn(table.byProperty, property)) continue
    if (!Object.hasOwn(relations, property)) columnOf(table, property)
    const object: unknown = Reflect.get(values, property)
    if (object !== undefined) related.push([property, object])
  }
  return related
}

/** undefined asks for the default; null is a value like any other. */
function initialValue(column: Column, values: object, word: unknown): unknown {
  const given: unknown = (values as Record<string, unknown>)[column.property]
  if (given !== undefined) return given
  if (column.discriminator) return word
  if (!column.default) return column.isNullable && !column.defaultSql ? null : undefined
  const { value } = column.default
  if (typeof value === 'function') return value()
  // A copy: two objects must not share one array.
  return typeof value === 'object' ? structuredClone(value) : value
}

const notListed = ({ root }: Mapping, word: string) =>
  `The class with the word ${JSON.stringify(word)} inherits from the class of "${root.table.name}", which does not list it. ` +
  'This usually happens when a class is added and the one at the top is forgotten. Add it there: .discriminator(() => [Employee, Manager]).'

const noKey = (table: string) =>
  `The entity of "${table}" has no primary key, so its rows cannot be told apart. ` +
  'This usually happens when .primaryKey() was forgotten. Add it to the column that identifies a row: id: t.integer().primaryKey().'

const taken = (table: string, property: string) =>
  `The entity of "${table}" declares "${property}", which every entity has already as a method. ` +
  `This usually happens when a column or a relation carries a common word. Give the property another name; a column keeps its own in the database: ${property}Value: t.text().named('${property}').`
