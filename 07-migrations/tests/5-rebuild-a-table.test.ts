import { beforeEach, describe, expect, it } from 'vitest'
import { sqlite } from '#shared/driver/dialect'
import type { Connection } from '#shared/driver/driver'
import { CheckViolation, ForeignKeyViolation, NotNullViolation } from '#shared/driver/errors'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  DanglingRowsError,
  diff,
  inspect,
  type Operation,
  RebuildError,
  reverse,
  runStatements,
  schemaAfter,
  statements,
} from '#stage/07-migrations'
import { tryPairs } from './random-schemas.ts'
import { check, column, foreignKey, id, namesOf, rowsOf, table, unique } from './schemas.ts'

let db: Connection
beforeEach(() => {
  db = openSqlite()
  db.exec(`
    CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, age INTEGER);
    CREATE INDEX ix_users_name ON users (name);
    CREATE TABLE posts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE
    );
    INSERT INTO users (id, name, age) VALUES (1, 'Alice', 30), (2, 'Bob', NULL);
    INSERT INTO posts (user_id) VALUES (1), (1), (2);
  `)
})

const sentFor = (...operations: readonly Operation[]) => statements(operations, inspect(db), sqlite)

const migrate = (...operations: readonly Operation[]) => runStatements(db, sentFor(...operations))

/** What SQLite has no ALTER for. */
const aged: Operation = {
  kind: 'add constraint',
  table: 'users',
  constraint: check('ck_users_age', 'age >= 0'),
}

const required = (backfill?: string): Operation => ({
  kind: 'alter column',
  table: 'users',
  from: column('age', 'integer', { isNullable: true }),
  to: column('age', 'integer'),
  backfill,
})

const idsOf = (name: string) => rowsOf(db, name).map((row) => row.id)

describe('Task 5: rebuild a table', () => {
  describe('the table', () => {
    it('has its new form, and its rows', () => {
      migrate(aged)

      expect(rowsOf(db, 'users')).toEqual([
        { id: 1, name: 'Alice', age: 30 },
        { id: 2, name: 'Bob', age: null },
      ])
      expect(() => db.run("INSERT INTO users (name, age) VALUES ('Carol', -1)")).toThrow(
        CheckViolation,
      )
    })

    it('is built once, however many operations ask for it', () => {
      const sent = sentFor(
        aged,
        { kind: 'add constraint', table: 'users', constraint: unique('uq_users_name', 'name') },
        required('0'),
        { kind: 'add column', table: 'users', column: column('city'), backfill: "''" },
      )

      expect(sent.filter((sql) => sql.startsWith('CREATE TABLE'))).toHaveLength(1)
      expect(sent.filter((sql) => sql.startsWith('INSERT INTO'))).toHaveLength(2)
    })

    it('is not built where ALTER TABLE can do it', () => {
      const email = column('email', 'varchar(255)', { isNullable: true })
      const sent = sentFor({ kind: 'add column', table: 'users', column: email })
      const rebuilt = sentFor(aged)

      expect(sent).toEqual(['ALTER TABLE users ADD COLUMN email VARCHAR(255)'])
      expect(rebuilt).toContain('DROP TABLE users')
    })

    it('leaves nothing behind but itself', () => {
      migrate(aged)

      expect(
        inspect(db)
          .tables.map(({ name }) => name)
          .sort(),
      ).toEqual(['posts', 'users'])
    })

    it('gives its old rows the default of a new column', () => {
      migrate(aged, {
        kind: 'add column',
        table: 'users',
        column: column('size', 'text', { default: "'small'" }),
      })

      expect(rowsOf(db, 'users').map(({ size }) => size)).toEqual(['small', 'small'])
    })

    it('gives its old rows a value where they need one', () => {
      migrate(required('18'), {
        kind: 'add column',
        table: 'users',
        column: column('city'),
        backfill: "upper('x')",
      })

      expect(rowsOf(db, 'users')).toEqual([
        { id: 1, name: 'Alice', age: 30, city: 'X' },
        { id: 2, name: 'Bob', age: 18, city: 'X' },
      ])
    })

    it('keeps its rows when none of its columns stays', () => {
      db.exec(
        "CREATE TABLE tags (name TEXT NOT NULL PRIMARY KEY); INSERT INTO tags VALUES ('a'), ('b')",
      )
      const label = column('label', 'text', { default: "'none'" })
      const before = inspect(db)
      const others = before.tables.filter(({ name }) => name !== 'tags')
      const after = { ...before, tables: [...others, table('tags', { columns: [label] })] }

      migrate(...diff(before, after))

      expect(rowsOf(db, 'tags')).toEqual([
        { id: 1, label: 'none' },
        { id: 2, label: 'none' },
      ])
    })

    it('loses the columns that are dropped, and only those', () => {
      const byName = inspect(db).tables[0]!.indexes[0]!
      migrate(
        aged,
        { kind: 'drop index', table: 'users', index: byName },
        { kind: 'drop column', table: 'users', column: column('name') },
      )

      expect(rowsOf(db, 'users')).toEqual([
        { id: 1, age: 30 },
        { id: 2, age: null },
      ])
    })

    it('may point to itself', () => {
      migrate(
        {
          kind: 'add column',
          table: 'users',
          column: column('boss_id', 'integer', { isNullable: true }),
        },
        {
          kind: 'add constraint',
          table: 'users',
          constraint: foreignKey('fk', 'boss_id', 'users', { onDelete: 'cascade' }),
        },
      )
      db.run('UPDATE users SET boss_id = 1 WHERE id = 2')
      migrate(aged)

      expect(idsOf('users')).toEqual([1, 2])
      db.run('DELETE FROM users WHERE id = 1')
      expect(idsOf('users')).toEqual([])
    })
  })

  describe('what hangs on the table', () => {
    it('keeps its rows: ON DELETE CASCADE does not reach the children', () => {
      migrate(aged)

      expect(idsOf('posts')).toEqual([1, 2, 3])
    })

    it('still hangs on it afterwards', () => {
      migrate(aged)
      db.run('DELETE FROM users WHERE id = 1')

      expect(idsOf('posts')).toEqual([3])
      expect(() => db.run('INSERT INTO posts (user_id) VALUES (9)')).toThrow(ForeignKeyViolation)
    })

    it('are its indexes: they are made again', () => {
      migrate(aged)

      expect(namesOf(db, 'index')).toEqual(['ix_users_name'])
    })

    it('are its triggers: they are made again, and work', () => {
      db.exec(`CREATE TABLE log (line TEXT);
        CREATE TRIGGER noted AFTER DELETE ON users BEGIN INSERT INTO log VALUES (old.name); END`)

      migrate(aged)
      db.run('DELETE FROM users')

      expect(namesOf(db, 'trigger')).toEqual(['noted'])
      expect(db.all('SELECT line FROM log ORDER BY line')).toEqual([
        { line: 'Alice' },
        { line: 'Bob' },
      ])
    })

    it('are views, and the triggers of other tables: they read it as before', () => {
      db.exec(`CREATE VIEW adults AS SELECT name FROM users WHERE age > 17;
        CREATE TRIGGER older AFTER INSERT ON posts BEGIN UPDATE users SET age = age + 1; END`)

      migrate(aged)
      db.run('INSERT INTO posts (user_id) VALUES (1)')

      expect(db.all('SELECT name FROM adults')).toEqual([{ name: 'Alice' }])
      expect(rowsOf(db, 'users')[0]).toMatchObject({ age: 31 })
    })

    it('is its counter: the id of a deleted row is not given again', () => {
      db.run('DELETE FROM users WHERE id = 2')
      migrate(aged)
      db.run("INSERT INTO users (name) VALUES ('Carol')")

      expect(idsOf('users')).toEqual([1, 3])
    })

    it('is its counter, also when no row is left', () => {
      db.run('DELETE FROM users')
      migrate(aged)
      db.run("INSERT INTO users (name) VALUES ('Carol')")

      expect(idsOf('users')).toEqual([3])
    })

    it('is not known to SQLite alone: what a schema cannot say is not thrown away', () => {
      db.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT COLLATE NOCASE)')
      const constraint = unique('uq_notes_body', 'body')
      const error = raised(() => sentFor({ kind: 'add constraint', table: 'notes', constraint }))

      expect(error).toBeInstanceOf(RebuildError)
      expect((error as Error).message).toContain('COLLATE')
    })
  })

  describe('a trigger', () => {
    const greeting = 'CREATE TRIGGER greet AFTER INSERT ON users BEGIN SELECT 1; END'

    it('comes back with a table that was dropped', () => {
      db.exec(greeting)
      const drop: Operation = { kind: 'drop table', table: inspect(db).tables[0]! }
      const before = inspect(db)
      db.exec('DELETE FROM posts')

      runStatements(db, statements([drop], before, sqlite))
      runStatements(db, statements(reverse([drop]), schemaAfter(before, [drop]), sqlite))

      expect(namesOf(db, 'trigger')).toEqual(['greet'])
      migrate(aged)
      expect(namesOf(db, 'trigger')).toEqual(['greet'])
    })

    it('whose text a rename changes is not written back as it was', () => {
      db.exec(greeting)
      const rename: Operation = { kind: 'rename column', table: 'users', from: 'name', to: 'nick' }

      expect(sentFor(rename)).toContain('ALTER TABLE users RENAME COLUMN name TO nick')
      expect(raised(() => sentFor(rename, aged))).toBeInstanceOf(RebuildError)
    })
  })

  describe('the foreign keys', () => {
    it('are off before the transaction begins, and on again after it', () => {
      const sent = sentFor(aged)
      const inTheirOrder = [
        'PRAGMA foreign_keys = OFF',
        'DROP TABLE users',
        'ALTER TABLE new_users RENAME TO users',
        'PRAGMA foreign_key_check',
        'PRAGMA foreign_keys = ON',
      ]

      expect(sent.filter((sql) => inTheirOrder.includes(sql))).toEqual(inTheirOrder)
      runStatements(db, sent)
      expect(db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
    })

    it('are checked at the end: a row that points to nobody stops it all', () => {
      const key = foreignKey('fk_users_age_posts', 'age', 'posts')

      expect(
        raised(() => migrate({ kind: 'add constraint', table: 'users', constraint: key })),
      ).toBeInstanceOf(DanglingRowsError)
      expect(rowsOf(db, 'users')).toHaveLength(2)
      expect(inspect(db).tables[0]?.constraints).toHaveLength(1)
      expect(db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
    })

    it('are off for a table that is dropped as well, and nothing else is: no table is rebuilt', () => {
      const posts = inspect(db).tables[1]!

      expect(sentFor({ kind: 'drop table', table: posts })).toEqual([
        'PRAGMA foreign_keys = OFF',
        'DROP TABLE posts',
        'PRAGMA foreign_key_check',
        'PRAGMA foreign_keys = ON',
      ])
    })

    it('let a table go, although others point to it from rows that stay', () => {
      const { tables } = inspect(db)
      const [key] = tables[1]!.constraints.filter(({ kind }) => kind === 'foreign key')

      migrate(
        { kind: 'drop constraint', table: 'posts', constraint: key! },
        { kind: 'drop table', table: tables[0]! },
      )

      expect(rowsOf(db, 'posts')).toEqual([
        { id: 1, user_id: 1 },
        { id: 2, user_id: 1 },
        { id: 3, user_id: 2 },
      ])
    })
  })

  describe('what fails', () => {
    it('leaves everything as it was', () => {
      expect(raised(() => migrate(required()))).toBeInstanceOf(NotNullViolation)

      expect(rowsOf(db, 'users')).toHaveLength(2)
      expect(inspect(db).tables.map(({ name }) => name)).toEqual(['users', 'posts'])
      expect(db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
    })
  })

  it('works on tables with names that need quotes', () => {
    db.exec(`CREATE TABLE "Group" (id INTEGER PRIMARY KEY AUTOINCREMENT, "order" TEXT);
      INSERT INTO "Group" ("order") VALUES ('it')`)

    migrate({ kind: 'add constraint', table: 'Group', constraint: unique('uq', 'order') })

    expect(rowsOf(db, 'Group')).toEqual([{ id: 1, order: 'it' }])
    expect(inspect(db).tables.at(-1)?.columns[0]).toEqual({ ...id, default: undefined })
  })

  it('takes any schema to any other, keeps the rows, and leads back', () => {
    tryPairs(() => openSqlite(), 30)
  }, 3_600_000)
})
