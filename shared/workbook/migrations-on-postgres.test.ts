import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as stage06 from '#stage/06-unit-of-work'
import {
  createAll,
  diff,
  dropAll,
  entity,
  fetchAll,
  from,
  inspect,
  type Operation,
  Registry,
  reflect,
  runStatements,
  type Schema,
  schemaOf,
  statements,
  type TableSchema,
  t,
} from '#stage/07-migrations'
import { tryPairs } from '../../07-migrations/tests/random-schemas.ts'
import { inShort } from '../../07-migrations/tests/schemas.ts'
import type { Connection } from '../driver/driver.ts'
import { type PostgresServer, startPostgres } from '../driver/embedded-postgres.ts'
import { NotNullViolation } from '../driver/errors.ts'
import { openPostgresSync } from '../driver/postgres-sync.ts'
import { openSqlite } from '../driver/sqlite.ts'

// The tests of stage 07 run on SQLite. What it does on PostgreSQL is tried here, on a real one.

let server: PostgresServer
let db: Connection

beforeAll(async () => {
  server = await startPostgres()
}, 120_000)

afterAll(async () => {
  db?.close()
  await server?.stop()
})

beforeEach(() => {
  db?.close()
  db = openEmpty()
})

/** A connection to a schema of its own, which is empty. */
function openEmpty(): Connection {
  const connection = openPostgresSync(server.url)
  connection.exec(
    'DROP SCHEMA IF EXISTS migrations CASCADE; CREATE SCHEMA migrations; SET search_path TO migrations',
  )
  return connection
}

const first = (): TableSchema => inspect(db).tables[0] as TableSchema

/** Migrates to the models, and gives the operations in short. */
function migrateTo(models: Registry | Schema, backfills: Record<string, string> = {}): string[] {
  const before = inspect(db)
  const after = models instanceof Registry ? schemaOf(models, db.dialect) : models
  const operations = diff(before, after, { backfills })
  runStatements(db, statements(operations, before, db.dialect))
  return inShort(operations)
}

/** The models that one declaration makes. */
function models(declare: (registry: Registry) => void): Registry {
  const registry = new Registry()
  declare(registry)
  return registry
}

/** The same declarations, in the words of either stage. */
function blogOf<R>({ entity, Registry, t }: { entity: any; Registry: new () => R; t: any }): R {
  const registry = new Registry()
  const User = class extends entity(
    'users',
    {
      id: t.integer().primaryKey(),
      email: t.text().unique(),
      size: t.enum('small', 'large').default('small'),
      isActive: t.boolean().default(true),
      settings: t.json().default({ a: 1 }),
    },
    { registry },
  ) {}
  const Post: any = class extends entity(
    'posts',
    {
      id: t.bigint().primaryKey(),
      userId: t.integer().references(() => User.c.id, { onDelete: 'cascade' }),
      upId: t
        .bigint()
        .nullable()
        .references(() => Post.c.id),
    },
    { registry },
  ) {}
  const code = t.text().primaryKey()
  const userId = t.integer().primaryKey({ generated: false })
  void class extends entity(
    'codes',
    { code, userId: userId.references(() => User.c.id) },
    { registry },
  ) {}
  return registry
}

describe('stage 07 on PostgreSQL', () => {
  it('leads from any schema to any other, keeps the rows, and leads back', () => {
    tryPairs(openEmpty, 15)
  }, 3_600_000)

  describe('inspects', () => {
    it('columns of every kind', () => {
      db.exec(`CREATE TABLE users (
        id BIGINT GENERATED ALWAYS AS IDENTITY, "Name" CHARACTER VARYING(80) NOT NULL DEFAULT 'it''s',
        at TIMESTAMP WITH TIME ZONE, day TIMESTAMP, price NUMERIC(10, 2), list INTEGER[],
        loud TEXT GENERATED ALWAYS AS (upper("Name")) STORED)`)

      expect(first().columns).toEqual([
        { name: 'id', type: 'bigint', isNullable: false, isGenerated: true, default: undefined },
        {
          name: 'Name',
          type: 'varchar(80)',
          isNullable: false,
          isGenerated: false,
          default: "'it''s'::character varying",
        },
        {
          name: 'at',
          type: 'timestamptz',
          isNullable: true,
          isGenerated: false,
          default: undefined,
        },
        {
          name: 'day',
          type: 'timestamp',
          isNullable: true,
          isGenerated: false,
          default: undefined,
        },
        {
          name: 'price',
          type: 'numeric(10,2)',
          isNullable: true,
          isGenerated: false,
          default: undefined,
        },
        {
          name: 'list',
          type: 'integer[]',
          isNullable: true,
          isGenerated: false,
          default: undefined,
        },
        { name: 'loud', type: 'text', isNullable: true, isGenerated: false, default: undefined },
      ])
    })

    it('constraints, with the names that they have', () => {
      db.exec(`CREATE TABLE halls (number INTEGER, town TEXT, PRIMARY KEY (town, number));
        CREATE TABLE seats (
          id INTEGER PRIMARY KEY, hall INTEGER, town TEXT, code TEXT UNIQUE, price INTEGER CHECK (price > 0),
          CONSTRAINT inside FOREIGN KEY (town, hall) REFERENCES halls (town, number) ON DELETE SET DEFAULT ON UPDATE CASCADE)`)

      expect(inspect(db).tables.map(({ constraints }) => constraints)).toEqual([
        [{ kind: 'primary key', name: 'halls_pkey', columns: ['town', 'number'] }],
        [
          { kind: 'primary key', name: 'seats_pkey', columns: ['id'] },
          { kind: 'unique', name: 'seats_code_key', columns: ['code'] },
          {
            kind: 'foreign key',
            name: 'inside',
            columns: ['town', 'hall'],
            target: { table: 'halls', columns: ['town', 'number'] },
            onDelete: 'set default',
            onUpdate: 'cascade',
          },
          { kind: 'check', name: 'seats_price_check', sql: '(price > 0)' },
        ],
      ])
    })

    it('indexes, but none that it could not write again', () => {
      db.exec(`CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, tags JSONB, "Group" TEXT);
        CREATE UNIQUE INDEX one ON posts (lower(title), id DESC) WHERE title <> '';
        CREATE INDEX two ON posts ("Group");
        CREATE INDEX three ON posts USING gin (tags);
        CREATE INDEX four ON posts (title) INCLUDE (id);
        CREATE INDEX five ON posts (title text_pattern_ops)`)

      expect(first().indexes).toEqual([
        {
          name: 'one',
          on: ['lower(title)', 'id DESC'],
          isUnique: true,
          where: "(title <> ''::text)",
        },
        { name: 'two', on: ['Group'], isUnique: false, where: undefined },
      ])
    })

    it('tables, and neither views nor partitions nor those of other schemas', () => {
      db.exec(`CREATE TABLE log (day DATE) PARTITION BY RANGE (day);
        CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
        CREATE VIEW days AS SELECT day FROM log;
        CREATE TABLE history (id INTEGER)`)

      expect(inspect(db, { except: ['history'] }).tables.map(({ name }) => name)).toEqual(['log'])
      expect(inspect(db).tables.map(({ name }) => name)).toEqual(['history', 'log'])
    })
  })

  it('reflects tables that can be asked without a class', () => {
    db.exec(`CREATE TABLE users (id BIGINT PRIMARY KEY, is_active BOOLEAN, data JSONB, at TIMESTAMPTZ);
      INSERT INTO users VALUES (9007199254740993, true, '{"a": 1}', '2026-01-05T09:00:00Z')`)

    const { users } = reflect<'users'>(db)

    expect(
      fetchAll(
        db,
        from(users).where((u) => u.is_active.eq(true)),
      ),
    ).toEqual([
      {
        id: 9_007_199_254_740_993n,
        is_active: true,
        data: { a: 1 },
        at: new Date('2026-01-05T09:00:00Z'),
      },
    ])
  })

  it('finds no difference to tables that it has made, however PostgreSQL spells them', () => {
    const registry = models((registry) => {
      void class extends entity(
        'samples',
        {
          id: t.integer().primaryKey(),
          size: t.enum('small', "o'clock").default('small').index(),
          code: t.varchar(8).default('a').check("code LIKE 'a%' AND code NOT IN ('x', 'y')"),
          n: t.integer().default(-5).check('n BETWEEN -9 AND 9 OR NOT n = 5'),
          r: t.real().default(-0.25).check('r > -1.5 AND r * 2 + 1 <= 100'),
          big: t.bigint().default(-9_007_199_254_740_993n),
          flag: t.boolean().default(false),
          at: t
            .timestamp()
            .default(new Date('2026-01-05T09:00:00.123Z'))
            .check("at > '2001-01-01T00:00:00Z'"),
          now: t.timestamp().defaultSql('CURRENT_TIMESTAMP'),
          later: t.timestamp().defaultSql("now() + interval '1 day'"),
          data: t.json().default({ b: [1, "it's"], a: null }),
          bytes: t.blob().default(Uint8Array.of(0, 39, 92, 255)),
          empty: t.text().default('').nullable(),
        },
        {
          registry,
          uniques: [['code', 'n']],
          indexes: [
            { on: [{ sql: 'lower(code)' }, { sql: 'n DESC' }], where: 'flag AND n IS NOT NULL' },
            { on: [{ sql: "coalesce(empty, 'a') || code" }] },
          ],
          checks: { choice: 'CASE WHEN flag THEN n > 0 ELSE length(code) < 9 END' },
        },
      ) {}
    })
    createAll(db, registry)

    expect(diff(inspect(db), schemaOf(registry, db.dialect))).toEqual([])
    dropAll(db, registry)
    expect(inspect(db).tables).toEqual([])
  })

  it.each(['sqlite', 'postgres'])('finds no difference to the tables of stage 06: %s', (name) => {
    const connection = name === 'sqlite' ? openSqlite() : db
    blogOf(stage06).createAll(connection)

    const wanted = schemaOf(blogOf({ entity, Registry, t }), connection.dialect)

    expect(wanted.tables).toHaveLength(3)
    expect(diff(inspect(connection), wanted)).toEqual([])
  })

  describe('migrates', () => {
    it('tables that were made by hand, and keeps the names that they have', () => {
      db.exec(`CREATE TABLE users (id SERIAL PRIMARY KEY, email VARCHAR(80) UNIQUE NOT NULL);
        INSERT INTO users (email) VALUES ('alice@example.com'), ('bob@example.com')`)
      const before = inspect(db)
      const registry = models((registry) => {
        void class extends entity(
          'users',
          { id: t.integer().primaryKey(), email: t.varchar(80).unique() },
          { registry },
        ) {}
      })

      expect(migrateTo(registry)).toEqual(['alter column users.id'])
      db.run("INSERT INTO users (email) VALUES ('carol@example.com')")
      expect(db.values('SELECT id FROM users ORDER BY id')).toEqual([[1], [2], [3]])
      expect(diff(inspect(db), schemaOf(registry, db.dialect))).toEqual([])

      expect(migrateTo(before)).toEqual(['alter column users.id'])
      db.run("INSERT INTO users (email) VALUES ('dave@example.com')")
      expect(db.values('SELECT id FROM users ORDER BY id')).toEqual([[1], [2], [3], [4]])
      expect(inspect(db)).toEqual(before)
    })

    it('a key that others lean on', () => {
      db.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, code INTEGER NOT NULL);
        CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));
        INSERT INTO users VALUES (1, 7); INSERT INTO posts VALUES (1, 1)`)
      const { tables } = inspect(db)
      const users = tables.find(({ name }) => name === 'users')!
      const swapped: TableSchema = {
        ...users,
        constraints: [
          { kind: 'primary key', name: 'pk_users', columns: ['code'] },
          { kind: 'unique', name: 'uq_users_id', columns: ['id'] },
        ],
      }

      migrateTo({
        dialect: 'postgres',
        tables: tables.map((one) => (one === users ? swapped : one)),
      })

      expect(
        db.values("SELECT conname FROM pg_constraint WHERE contype <> 'n' ORDER BY 1"),
      ).toEqual(expect.arrayContaining([['pk_users'], ['uq_users_id'], ['posts_user_id_fkey']]))
    })

    it('a foreign key that leans on a unique index, there and back', () => {
      db.exec('CREATE TABLE users (id INTEGER PRIMARY KEY, code INTEGER NOT NULL)')
      db.exec('CREATE TABLE posts (id INTEGER PRIMARY KEY, code INTEGER NOT NULL)')
      const before = inspect(db)
      const registry = models((registry) => {
        const id = () => t.integer().primaryKey({ generated: false })
        const indexes = [{ on: ['code'] as const, isUnique: true }]
        class User extends entity(
          'users',
          { id: id(), code: t.integer() },
          { registry, indexes },
        ) {}
        const code = t.integer().references(() => User.c.code)
        void class extends entity('posts', { id: id(), code }, { registry }) {}
      })

      expect(migrateTo(registry)).toEqual([
        'create index users ix_users_code',
        'add constraint posts fk_posts_code_users',
      ])
      expect(migrateTo(before)).toEqual([
        'drop constraint posts fk_posts_code_users',
        'drop index users ix_users_code',
      ])
    })

    it('values into another type, and refuses to cut a text', () => {
      db.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, age TEXT NOT NULL DEFAULT '1', flag BOOLEAN, name TEXT);
        INSERT INTO users VALUES (1, '30', true, 'Alice')`)
      const registry = models((registry) => {
        void class extends entity(
          'users',
          {
            id: t.integer().primaryKey({ generated: false }),
            age: t.integer().default(1),
            flag: t.integer().nullable(),
            name: t.varchar(3).nullable(),
          },
          { registry },
        ) {}
      })

      expect(() => migrateTo(registry)).toThrow('value too long')
      expect(db.get('SELECT age FROM users')).toEqual({ age: '30' })
      db.run("UPDATE users SET name = 'Al'")
      migrateTo(registry)
      expect(db.all('SELECT * FROM users')).toEqual([{ id: 1, age: 30, flag: 1, name: 'Al' }])
    })

    it('a new column that must have a value, with one, and takes all back without', () => {
      db.exec('CREATE TABLE users (id INTEGER PRIMARY KEY); INSERT INTO users VALUES (1)')
      const registry = models((registry) => {
        const shape = {
          id: t.integer().primaryKey({ generated: false }),
          nick: t.text().nullable(),
          email: t.text(),
        }
        void class extends entity('users', shape, { registry }) {}
      })

      expect(() => migrateTo(registry)).toThrow(NotNullViolation)
      expect(first().columns.map(({ name }) => name)).toEqual(['id'])
      migrateTo(registry, { 'users.email': "'user' || id" })
      expect(db.all('SELECT * FROM users')).toEqual([{ id: 1, nick: null, email: 'user1' }])
    })

    it('names along with their table, so that a new one can have them', () => {
      const before = models((registry) => {
        const shape = {
          id: t.integer().primaryKey(),
          name: t.text().unique().index().check("name <> ''"),
        }
        void class extends entity('users', shape, { registry }) {}
      })
      createAll(db, before)
      const start = inspect(db)
      const rename: Operation = { kind: 'rename table', from: 'users', to: 'people' }
      runStatements(db, statements([rename], start, db.dialect))

      createAll(db, before)

      expect(
        inspect(db).tables.map(({ constraints }) => constraints.map(({ name }) => name)),
      ).toEqual([
        ['pk_people', 'uq_people_name', 'ck_people_name'],
        ['pk_users', 'uq_users_name', 'ck_users_name'],
      ])
    })
  })
})
