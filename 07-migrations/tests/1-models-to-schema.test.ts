import { describe, expect, it } from 'vitest'
import { postgres, sqlite } from '#shared/driver/dialect'
import { entity, inherit, Registry, schemaOf, type TableSchema, t } from '#stage/07-migrations'

const registry = new Registry()

class User extends entity(
  'users',
  {
    id: t.integer().primaryKey(),
    name: t.text().index(),
    email: t.varchar(255).unique(),
    age: t.integer().nullable().check('age >= 0'),
    accountType: t.enum('free', "o'clock").default('free'),
    isActive: t.boolean().default(true),
    joinedAt: t.timestamp().defaultSql('CURRENT_TIMESTAMP'),
    seenAt: t.timestamp().default(() => new Date()),
    nick: t.text().nullable().default(null),
    motto: t.text().default("it's"),
    settings: t.json().default({ a: 1 }),
    avatar: t.blob().default(Uint8Array.of(1, 255)),
    points: t.bigint().default(9_007_199_254_740_993n),
  },
  {
    registry,
    uniques: [['name', 'joinedAt']],
    indexes: [
      { on: ['accountType', { sql: 'lower(name)' }], where: 'age > 17', isUnique: true },
      { on: ['seenAt'], name: 'recent' },
    ],
    checks: { grown_up: 'age > 17 OR nick IS NULL' },
  },
) {}

class Post extends entity(
  'posts',
  {
    id: t.bigint().primaryKey({ generated: false }),
    authorId: t
      .integer()
      .references(() => User.c.id, { onDelete: 'cascade', onUpdate: 'restrict' }),
    parentId: t
      .bigint()
      .nullable()
      .references(() => Post.c.id),
    Body: t.text().named('Body'),
  },
  { registry },
) {}

class Tagging extends entity(
  'taggings',
  {
    postId: t.bigint().primaryKey({ generated: false }),
    tag: t.text().primaryKey({ generated: false }),
  },
  { registry },
) {}

void Tagging

const [users, posts, taggings] = [0, 1, 2].map(
  (i) => () => schemaOf(registry, sqlite).tables[i] as TableSchema,
) as [() => TableSchema, () => TableSchema, () => TableSchema]

const onPostgres = () => schemaOf(registry, postgres).tables[0] as TableSchema

const column = (table: TableSchema, name: string) => table.columns.find((one) => one.name === name)

const constraints = ({ constraints }: TableSchema, kind: string) =>
  constraints.filter((one) => one.kind === kind)

describe('Task 1: models to schema', () => {
  it('gives a table for each model, in the order of the declaration', () => {
    const { dialect, tables } = schemaOf(registry, sqlite)

    expect(dialect).toBe('sqlite')
    expect(tables.map(({ name }) => name)).toEqual(['users', 'posts', 'taggings'])
  })

  describe('a column', () => {
    it('has the name and the type that it has in the database', () => {
      expect(column(users(), 'joined_at')).toMatchObject({ type: 'text' })
      expect(column(posts(), 'Body')).toMatchObject({ type: 'text' })
      expect(column(users(), 'email')).toMatchObject({ type: 'varchar(255)' })
    })

    it('has the type of the dialect', () => {
      const types = onPostgres().columns.map(({ name, type }) => [name, type])

      expect(Object.fromEntries(types)).toMatchObject({
        id: 'integer',
        is_active: 'boolean',
        joined_at: 'timestamptz',
        settings: 'jsonb',
        avatar: 'bytea',
        points: 'bigint',
      })
    })

    it('may be NULL only where the declaration says so', () => {
      expect(column(users(), 'age')).toMatchObject({ isNullable: true })
      expect(column(users(), 'name')).toMatchObject({ isNullable: false })
      expect(column(users(), 'id')).toMatchObject({ isNullable: false })
    })

    it('is counted by the database only as a key of one column that says so', () => {
      const counted = [users(), posts(), taggings()].map(({ columns }) =>
        columns.filter(({ isGenerated }) => isGenerated).map(({ name }) => name),
      )

      expect(counted).toEqual([['id'], [], []])
    })

    describe('of a key', () => {
      const seat = () => {
        const registry = new Registry()
        void class extends entity(
          'seats',
          { row: t.integer().primaryKey(), place: t.integer().nullable().primaryKey() },
          { registry },
        ) {}
        return schemaOf(registry, sqlite).tables[0]!
      }

      it('is not counted when the key has several, whatever each of them says', () => {
        expect(seat().columns.map(({ isGenerated }) => isGenerated)).toEqual([false, false])
      })

      it('is never NULL, even where the declaration allows it', () => {
        expect(column(seat(), 'place')).toMatchObject({ isNullable: false })
      })
    })
  })

  describe('a default', () => {
    it('is written as SQL, with its quotes doubled', () => {
      expect(column(users(), 'motto')?.default).toBe("'it''s'")
      expect(column(users(), 'account_type')?.default).toBe("'free'")
      expect(column(users(), 'settings')?.default).toBe(`'{"a":1}'`)
      expect(column(users(), 'points')?.default).toBe('9007199254740993')
    })

    it('is written as the dialect writes it', () => {
      expect(column(users(), 'is_active')?.default).toBe('1')
      expect(column(onPostgres(), 'is_active')?.default).toBe('true')
      expect(column(users(), 'avatar')?.default).toBe("X'01ff'")
      expect(column(onPostgres(), 'avatar')?.default).toBe("'\\x01ff'")
    })

    it('is no business of the database when a function makes it', () => {
      expect(column(users(), 'seen_at')).toMatchObject({ default: undefined })
    })

    it('of null is no default', () => {
      expect(column(users(), 'nick')).toMatchObject({ default: undefined })
    })

    it('in SQL stays as it is', () => {
      expect(column(users(), 'joined_at')?.default).toBe('CURRENT_TIMESTAMP')
    })

    it('in SQL goes before one of the program: it was said for the database', () => {
      const registry = new Registry()
      const shape = {
        id: t.integer().primaryKey(),
        at: t.timestamp().default(new Date(0)).defaultSql('CURRENT_TIMESTAMP'),
      }
      void class extends entity('logins', shape, { registry }) {}

      const [logins] = schemaOf(registry, sqlite).tables

      expect(column(logins!, 'at')?.default).toBe('CURRENT_TIMESTAMP')
    })
  })

  describe('a constraint', () => {
    it('for the primary key has its columns in their order', () => {
      expect(constraints(taggings(), 'primary key')).toEqual([
        { kind: 'primary key', name: 'pk_taggings', columns: ['post_id', 'tag'] },
      ])
    })

    it('makes one column unique, or several together', () => {
      expect(constraints(users(), 'unique')).toEqual([
        { kind: 'unique', name: 'uq_users_email', columns: ['email'] },
        { kind: 'unique', name: 'uq_users_name_joined_at', columns: ['name', 'joined_at'] },
      ])
    })

    it('for a foreign key has its target and its rules', () => {
      expect(constraints(posts(), 'foreign key')).toEqual([
        {
          kind: 'foreign key',
          name: 'fk_posts_author_id_users',
          columns: ['author_id'],
          target: { table: 'users', columns: ['id'] },
          onDelete: 'cascade',
          onUpdate: 'restrict',
        },
        {
          kind: 'foreign key',
          name: 'fk_posts_parent_id_posts',
          columns: ['parent_id'],
          target: { table: 'posts', columns: ['id'] },
          onDelete: 'no action',
          onUpdate: 'no action',
        },
      ])
    })

    it('for a foreign key names the column that it points to, which need not be called id', () => {
      const registry = new Registry()
      class Country extends entity('countries', { isoCode: t.text().primaryKey() }, { registry }) {}
      void class extends entity(
        'cities',
        { id: t.integer().primaryKey(), country: t.text().references(() => Country.c.isoCode) },
        { registry },
      ) {}

      expect(constraints(schemaOf(registry, sqlite).tables[1]!, 'foreign key')).toMatchObject([
        { columns: ['country'], target: { table: 'countries', columns: ['iso_code'] } },
      ])
    })

    it('checks what the declaration says, the words of an enum too', () => {
      expect(constraints(users(), 'check')).toEqual([
        { kind: 'check', name: 'ck_users_age', sql: 'age >= 0' },
        {
          kind: 'check',
          name: 'ck_users_account_type_enum',
          sql: "account_type IN ('free', 'o''clock')",
        },
        { kind: 'check', name: 'ck_users_grown_up', sql: 'age > 17 OR nick IS NULL' },
      ])
    })

    it('is not made of what is not there', () => {
      expect(posts().constraints.map(({ kind }) => kind)).toEqual([
        'primary key',
        'foreign key',
        'foreign key',
      ])
    })

    it('keeps its name within 63 bytes, and apart from others', () => {
      const long = new Registry()
      const shape = { id: t.integer().primaryKey(), one: t.text().unique(), two: t.text().unique() }
      void class extends entity(
        'a_table_with_a_name_that_is_long_enough_for_everything_yes',
        shape,
        {
          registry: long,
        },
      ) {}

      const names = schemaOf(long, postgres).tables[0]!.constraints.map(({ name }) => name)

      expect(new Set(names).size).toBe(3)
      expect(Math.max(...names.map((name) => Buffer.byteLength(name)))).toBeLessThanOrEqual(63)
    })
  })

  it('has the indexes, with expressions, conditions and names', () => {
    expect(users().indexes).toEqual([
      { name: 'ix_users_name', on: ['name'], isUnique: false, where: undefined },
      {
        name: 'ix_users_account_type_lower_name',
        on: ['account_type', 'lower(name)'],
        isUnique: true,
        where: 'age > 17',
      },
      { name: 'recent', on: ['seen_at'], isUnique: false, where: undefined },
    ])
    expect(posts().indexes).toEqual([])
  })

  it('has the columns of all classes that share a table', () => {
    const people = new Registry()
    class Person extends entity(
      'people',
      { id: t.integer().primaryKey(), kind: t.text().discriminator(() => [Employee], 'person') },
      { registry: people },
    ) {}
    class Employee extends inherit(Person, 'employee', { salary: t.real().check('salary > 0') }) {}

    const [table] = schemaOf(people, sqlite).tables

    expect(column(table!, 'salary')).toMatchObject({ type: 'real', isNullable: true })
    expect(column(table!, 'kind')).toMatchObject({ default: "'person'" })
    expect(constraints(table!, 'check')).toHaveLength(1)
  })
})
