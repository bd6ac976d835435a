import {
  bigint,
  blob,
  boolean,
  type ColumnType,
  enumeration,
  integer,
  json,
  real,
  text,
  timestamp,
  varchar,
} from './column-types.ts'

/** What the database does with a row when the row that it points to goes away, or gets another key. */
export type ReferentialAction = 'cascade' | 'set null' | 'set default' | 'restrict' | 'no action'

export interface Reference {
  /** Gives the column pointed to. A function, because the class that owns it may not exist yet. */
  readonly column: () => any
  readonly onDelete: ReferentialAction
  /** Without it: no action. */
  readonly onUpdate?: ReferentialAction
}

export interface Discriminator {
  /** Gives the classes that inherit, however far down. A function, because they do not exist yet. */
  readonly subclasses: () => any
}

/** What a declaration says of one column, before the column has a name and a table. */
export interface ColumnDefinition {
  readonly type: ColumnType<any>
  readonly isPrimaryKey: boolean
  /** The database makes the key when none is given. */
  readonly isGenerated: boolean
  readonly isNullable: boolean
  readonly isUnique: boolean
  /** The database keeps an index of it, without it being unique. */
  readonly isIndexed: boolean
  /** What every value must fulfil, in SQL. */
  readonly check: string | undefined
  readonly default: { readonly value: unknown } | undefined
  /** What the database takes for a value that is not given, in SQL. */
  readonly defaultSql: string | undefined
  readonly reference: Reference | undefined
  /** The name in the database, where it is not the property in snake_case. */
  readonly name: string | undefined
  /** Set for the column that says of which class a row is. */
  readonly discriminator: Discriminator | undefined
  /** The column that counts the changes of a row. */
  readonly isVersion: boolean
}

/** A column of a table: a plain frozen value, the same for every part of the ORM. */
export interface Column<T = unknown> extends ColumnDefinition {
  readonly type: ColumnType<T>
  /** The table's name. */
  readonly table: string
  /** The name in the code. */
  readonly property: string
  /** The name in the database. */
  readonly name: string
  /** Its place in the declaration, and so in every row that is read. */
  readonly index: number
}

/**
 * Describes one column, word by word. Every word gives a new description.
 *
 * `T` is the type of the property; `Optional` says whether `new User({…})` may leave it out; `Key` whether it is part of the primary key.
 */
export class ColumnBuilder<T, Optional extends boolean = false, Key extends boolean = false> {
  declare readonly types: { value: T; optional: Optional; key: Key }
  readonly definition: ColumnDefinition

  constructor(definition: ColumnDefinition) {
    this.definition = Object.freeze(definition)
  }

  /**
   * The column that tells the rows apart. A whole number is made by the database unless `generated` is false.
   * The columns of a composite key are never made: say `generated: false` for each.
   */
  primaryKey(options: { generated: false }): ColumnBuilder<T, false, true>
  primaryKey(): ColumnBuilder<T, [T] extends [number | bigint] ? true : Optional, true>
  primaryKey({
    generated = isWholeNumber(this.definition.type),
  } = {}): ColumnBuilder<T, any, true> {
    return this.#with({ isPrimaryKey: true, isGenerated: generated })
  }

  /** NULL is allowed, and is what the column holds when nothing is given. */
  nullable(): ColumnBuilder<T | null, true, Key> {
    return this.#with({ isNullable: true })
  }

  /** The value, or a function that makes one, for a new object that does not give it. */
  default(value: T | (() => T)): ColumnBuilder<T, true, Key> {
    return this.#with({ default: { value } })
  }

  /**
   * What the database itself takes for a value that is not given. The object learns it when it was inserted.
   *
   * @example
   * joinedAt: t.timestamp().defaultSql('CURRENT_TIMESTAMP')
   * // joined_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
   */
  defaultSql(sql: string): ColumnBuilder<T, true, Key> {
    return this.#with({ defaultSql: sql })
  }

  /** No two rows hold the same value. */
  unique(): ColumnBuilder<T, Optional, Key> {
    return this.#with({ isUnique: true })
  }

  /** The database finds the rows with a value without reading the others. */
  index(): ColumnBuilder<T, Optional, Key> {
    return this.#with({ isIndexed: true })
  }

  /**
   * What every value must fulfil, in SQL. It stands in the schema as it is, so it must never hold what a user typed.
   *
   * @example
   * age: t.integer().check('age >= 0')
   */
  check(sql: string): ColumnBuilder<T, Optional, Key> {
    return this.#with({ check: sql })
  }

  /**
   * A foreign key: the column holds the key of a row of another table.
   * `new` may leave it out, because a relation can give it: `new Post({ title, author: alice })`. Without either, the database refuses the row.
   *
   * @example
   * userId: t.integer().references(() => User.c.id, { onDelete: 'cascade' })
   */
  references(
    column: () => any,
    {
      onDelete = 'no action',
      onUpdate = 'no action',
    }: { onDelete?: ReferentialAction; onUpdate?: ReferentialAction } = {},
  ): ColumnBuilder<T, true, Key> {
    return this.#with({ reference: { column, onDelete, onUpdate } })
  }

  /**
   * Says of which class a row is: each of the classes that inherit from this one has a word of its own. `word` is that of
   * the class itself; without it no row is of this very class.
   *
   * @param subclasses gives the classes that inherit. A function, because they do not exist yet
   *
   * @example
   * type: t.text().discriminator(() => [Employee, Manager], 'person')
   */
  discriminator(subclasses: () => any, word?: T): ColumnBuilder<T, true, Key> {
    const initial = word === undefined ? undefined : { value: word }
    return this.#with({ discriminator: { subclasses }, default: initial })
  }

  /**
   * Counts the changes of a row, so that an update from an old copy is noticed: optimistic locking.
   *
   * @example
   * version: t.integer().version()
   * // UPDATE posts SET title = ?, version = ? WHERE id = ? AND version = ?
   */
  version(): ColumnBuilder<T, true, Key> {
    return this.#with({ isVersion: true, default: { value: 1 } })
  }

  /** The name in the database, where it is not the property in snake_case. */
  named(name: string): ColumnBuilder<T, Optional, Key> {
    return this.#with({ name })
  }

  #with<Built>(change: Partial<ColumnDefinition>): Built {
    return new ColumnBuilder({ ...this.definition, ...change }) as Built
  }
}

/**
 * The words of a declaration: one for each type of column.
 *
 * @example
 * id: t.integer().primaryKey(),
 * email: t.text().unique(),
 * age: t.integer().nullable(),
 * joinedAt: t.timestamp().default(() => new Date()),
 */
export const t = {
  integer: () => column(integer),
  bigint: () => column(bigint),
  real: () => column(real),
  text: () => column(text),
  /** Text of at most so many characters. */
  varchar: (length: number) => column(varchar(length)),
  boolean: () => column(boolean),
  timestamp: () => column(timestamp),
  json: <T>() => column(json as ColumnType<T>),
  enum: <const Word extends string>(...words: readonly Word[]) => column(enumeration(words)),
  blob: () => column(blob),
}

const column = <T>(type: ColumnType<T>): ColumnBuilder<T> =>
  new ColumnBuilder<T>({
    type,
    isPrimaryKey: false,
    isGenerated: false,
    isNullable: false,
    isUnique: false,
    isIndexed: false,
    check: undefined,
    default: undefined,
    defaultSql: undefined,
    reference: undefined,
    name: undefined,
    discriminator: undefined,
    isVersion: false,
  })

const isWholeNumber = (type: ColumnType<any>) => type === integer || type === bigint
