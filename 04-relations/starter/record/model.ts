import { DeclarationError } from '../mapping/errors.ts'
import { registry as commonRegistry, type Registry } from '../mapping/registry.ts'
import { defineTable, type Table } from '../mapping/table.ts'
import type { ColumnShape, Insert, Key, Properties, Shape } from '../mapping/types.ts'
import type { ColumnExpressions } from '../query/columns.ts'
import { defineRelation } from '../relations/accessors.ts'
import { bindRelations } from '../relations/bind.ts'
import type { Relations } from '../relations/relation.ts'
import type { Declared, Given, Related } from '../relations/types.ts'
import { ActiveRecord } from './active-record.ts'
import type { ModelQuery } from './model-query.ts'

/** A class made by `Model()`: what `class User extends Model(…)` inherits, with the types of its columns and relations. */
export interface ModelClass<S extends Shape> {
  new (values: Insert<S> & Given<S>): Properties<S> & Related<S> & Declared<S> & ActiveRecord
  readonly table: Table
  /** The relations by property, each bound to its foreign key. */
  readonly relations: Relations
  readonly registry: Registry
  /** The columns by property, as expressions: `User.c.age.gt(18)`. (`User.name` is taken: it is the name of the class.) */
  readonly c: ColumnExpressions<ColumnShape<S>>

  /**
   * The record with this key, or undefined.
   *
   * @example
   * User.find(1) // SELECT id, name, email, … FROM users WHERE id = ? LIMIT ?
   */
  find<R>(this: Class<R>, key: Key<S>): R | undefined

  /**
   * The record with this key.
   *
   * @throws {RecordNotFoundError} when there is none
   */
  get<R>(this: Class<R>, key: Key<S>): R

  /**
   * A record with these values, or undefined.
   *
   * @example
   * User.findBy({ email: 'bob@example.com' }) // SELECT … FROM users WHERE email = ? LIMIT ?
   */
  findBy<R>(this: Class<R>, conditions: Partial<Properties<S>>): R | undefined

  /**
   * Every record with these values.
   *
   * @example
   * User.where({ accountType: 'free', age: null }) // SELECT … FROM users WHERE account_type = ? AND age IS NULL
   */
  where<R>(this: Class<R>, conditions: Partial<Properties<S>>): R[]

  /**
   * Begins a query for records.
   *
   * @example
   * User.query().where((u) => u.age.gt(18)).orderBy((u) => u.name).all()
   * // SELECT id, name, email, … FROM users WHERE age > ? ORDER BY name
   */
  query<R>(this: Class<R>): ModelQuery<R, ColumnExpressions<ColumnShape<S>>>

  /** Every record of the table. */
  all<R>(this: Class<R>): R[]

  /**
   * How many rows have these values; without conditions, how many there are.
   *
   * @example
   * User.count() // SELECT COUNT(*) AS count FROM users
   */
  count(conditions?: Partial<Properties<S>>): number

  /** A new record, saved. */
  create<R>(this: Class<R>, values: Insert<S> & Given<S>): R
}

type Class<R> = new (...values: never[]) => R

/**
 * Makes the base class of a model from its declaration: one source of truth for the properties, their types and the SQL.
 *
 * @example
 * class User extends Model('users', {
 *   id: t.integer().primaryKey(),
 *   name: t.text(),
 *   email: t.text().unique(),
 *   posts: () => hasMany(Post),
 * }) {
 *   greet() { return `Hi, ${this.name}` }
 * }
 *
 * @throws {DeclarationError} when the registry has a table of that name already
 * @see https://martinfowler.com/eaaCatalog/activeRecord.html
 */
export function Model<const S extends Shape>(
  name: string,
  shape: S,
  { registry = commonRegistry } = {},
): ModelClass<S> {
  const table = once(() => mapTable(name, shape))
  const relations = once(() => bindRelations(model, shape))
  registry.declare(name, table)
  const model = class extends ActiveRecord {
    static override readonly registry = registry
    static override get table(): Table {
      return table()
    }
    static override get relations(): Relations {
      return relations()
    }
  }
  for (const [property, declared] of Object.entries(shape))
    if (typeof declared === 'function') defineRelation(model.prototype, property)
  return model as unknown as ModelClass<S>
}

/** A class is mapped at its first use: when it is declared, the classes that its foreign keys name may not exist yet. */
function once<T>(make: () => T): () => T {
  const made: T[] = []
  return () => {
    if (made.length === 0) made.push(make())
    return made[0] as T
  }
}

function mapTable(name: string, shape: Shape): Table {
  const table = defineTable(name, shape)
  if (table.primaryKey.length === 0) throw new DeclarationError(noKey(name))
  for (const property of Object.keys(shape)) {
    if (property in ActiveRecord.prototype) throw new DeclarationError(taken(name, property))
  }
  return table
}

const noKey = (table: string) =>
  `The model of "${table}" has no primary key, so its rows cannot be told apart. ` +
  'This usually happens when .primaryKey() was forgotten. Add it to the column that identifies a row: id: t.integer().primaryKey().'

const taken = (table: string, property: string) =>
  `The model of "${table}" declares "${property}", which every record has already as a method. ` +
  `This usually happens when a column or a relation carries a common word. Give the property another name; a column keeps its own in the database: ${property}Value: t.text().named('${property}').`
