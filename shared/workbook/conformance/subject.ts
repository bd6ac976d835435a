// What every ORM is asked to do here. A case knows these words and nothing of any ORM; a subject says them in the words of one.

/** The tables of the cases; `schema.ts` makes them. */
export type Entity =
  | 'authors'
  | 'posts'
  | 'comments'
  | 'tags'
  | 'seats'
  | 'accounts'
  | 'entries'
  | 'documents'
  | 'samples'
  | 'order'

/** Properties by name: those of `schema.ts`, foreign keys in camelCase (`authorId`). */
export type Values = Record<string, unknown>

/** What databases and drivers have in forms of their own. */
export type Convertible = 'booleans' | 'dates' | 'json'

/** The key of a row; that of a seat has two parts. */
export type Key = number | bigint | undefined | { readonly aisle: number; readonly number: number }

/** An object with the relations that were asked for, as plain data. */
export interface Tree {
  readonly [property: string]: unknown
}

/** One thing of several that are to happen together. A to-one relation of a new object may be the `as` of another one. */
export type Step =
  | {
      readonly insert: Entity
      readonly values: Values
      readonly as?: string
      readonly relations?: Readonly<Record<string, string>>
    }
  | { readonly update: Entity; readonly key: Key; readonly values: Values }
  | { readonly remove: Entity; readonly key: Key }

/** What an ORM offers of a session: it holds objects, one for each row, and writes what has changed in them. */
export interface Unit {
  find(entity: Entity, key: Key): Promise<any>
  all(entity: Entity): Promise<any[]>
  add(entity: Entity, values: Values): any
  remove(object: any): void
  /** Writes what has changed. */
  save(): Promise<void>
}

/** What can be done without a transaction of one's own, and inside of one. */
export interface Verbs {
  /** Stores one new row, and gives what the ORM gives back: at least its `id`, where the database makes it. */
  create(entity: Entity, values: Values): Promise<Values>
  /** Stores many, as the ORM does that best. */
  createMany(entity: Entity, rows: readonly Values[]): Promise<readonly Values[]>
  find(entity: Entity, key: Key): Promise<Values | undefined>
  /** The rows that have these values. */
  where(entity: Entity, filter: Values): Promise<Values[]>
  /** The rows whose column is something else. */
  whereNot(entity: Entity, property: string, value: unknown): Promise<Values[]>
  whereIn(entity: Entity, property: string, values: readonly unknown[]): Promise<Values[]>
  whereNotIn(entity: Entity, property: string, values: readonly unknown[]): Promise<Values[]>
  /** The rows with a value in a column whose name came from outside. */
  whereNamed(entity: Entity, name: string, value: unknown): Promise<Values[]>
  /** The rows whose text holds another text, sign by sign. */
  contains(entity: Entity, property: string, text: string): Promise<Values[]>
  /** All rows, in an order whose direction came from outside. */
  sorted(entity: Entity, property: string, direction: string): Promise<Values[]>
  /** The rows behind the first ones, in the order of their keys. */
  skip(entity: Entity, count: number): Promise<Values[]>
  count(entity: Entity): Promise<unknown>
  /** Gives the row with this key other values. */
  update(entity: Entity, key: Key, values: Values): Promise<void>
  remove(entity: Entity, key: Key): Promise<void>
  /** Deletes the rows that have these values. */
  removeWhere(entity: Entity, filter: Values): Promise<void>
}

/** One ORM on one database. What it does not offer it leaves out. */
export interface Subject extends Partial<Verbs> {
  /** Objects in the order of their keys, with relations, as the ORM loads them eagerly. */
  load?(entity: Entity, relations: readonly string[], limit?: number): Promise<Tree[]>
  /** Loads an object, lets the program change it in place, and saves it. */
  edit?(entity: Entity, key: Key, change: (object: any) => void | Promise<void>): Promise<void>
  /** One unit of work: the ORM finds the order of the statements. */
  together?(steps: readonly Step[]): Promise<void>
  /** Inside of one session. */
  unit?<T>(work: (unit: Unit) => Promise<T>): Promise<T>
  /** Inside of one transaction, which may stand in another. */
  transaction?<T>(work: (inner: Inner) => Promise<T>): Promise<T>
  /** Lets the column `label` of the table `shelves` be NULL, by the ORM's own means. */
  changeSchema?(): Promise<void>
  /** What the ORM converts. The types that it hands on as the driver has them are not its affair. */
  readonly converts: readonly Convertible[]
  close(): Promise<void>
}

export type Inner = Pick<Subject, keyof Verbs | 'transaction'>

/** A verb that the ORM does not have. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered'
}
