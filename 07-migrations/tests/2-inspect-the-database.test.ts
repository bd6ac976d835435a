import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '#shared/driver/driver'
import { openSqlite } from '#shared/driver/sqlite'
import { fetchAll, from, inspect, reflect, type TableSchema } from '#stage/07-migrations'

let db: Connection
beforeEach(() => {
  db = openSqlite()
})

/** The first table of a database that a script has made. */
function first(script: string): TableSchema {
  db.exec(script)
  return inspect(db).tables[0] as TableSchema
}

const columnsOf = ({ columns }: TableSchema) =>
  Object.fromEntries(columns.map(({ name, ...column }) => [name, column]))

const constraintsOf = ({ constraints }: TableSchema, kind: string) =>
  constraints.filter((one) => one.kind === kind)

describe('Task 2: inspect the database', () => {
  describe('the columns', () => {
    it('have a name, a type, and say whether they may be NULL', () => {
      const table = first('CREATE TABLE users (Name VARCHAR ( 80 ) NOT NULL, "order" REAL)')

      expect(columnsOf(table)).toMatchObject({
        Name: { type: 'varchar(80)', isNullable: false },
        order: { type: 'real', isNullable: true },
      })
    })

    it('have a default, as the SQL that it is', () => {
      const table = first(
        `CREATE TABLE users (a TEXT DEFAULT 'it''s', b INTEGER DEFAULT -1, c TEXT DEFAULT (lower('A')), d TEXT)`,
      )

      expect(table.columns.map((column) => column.default)).toEqual([
        "'it''s'",
        '-1',
        "lower('A')",
        undefined,
      ])
    })

    it('are never NULL where they are the number of the row', () => {
      const { id } = columnsOf(first('CREATE TABLE users (id INTEGER PRIMARY KEY)'))

      expect(id).toMatchObject({ type: 'integer', isNullable: false, isGenerated: false })
    })

    it('are the number of the row in small letters too', () => {
      const { id } = columnsOf(first('create table users (id integer primary key)'))

      expect(id).toMatchObject({ type: 'integer', isNullable: false })
    })

    it('are the number of the row only as INTEGER: an INT as the key may be NULL', () => {
      const { id } = columnsOf(first('CREATE TABLE users (id INT PRIMARY KEY)'))
      db.exec('INSERT INTO users (id) VALUES (NULL)')

      expect(id).toMatchObject({ type: 'integer', isNullable: true })
    })

    it('are counted with AUTOINCREMENT, and only then', () => {
      const { id, note } = columnsOf(
        first(`CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT DEFAULT 'x')`),
      )

      expect(id).toMatchObject({ isGenerated: true })
      expect(note).toMatchObject({ isGenerated: false })
    })

    it('of a key of text may be NULL in SQLite, unless it is said', () => {
      const table = first('CREATE TABLE tags (name TEXT PRIMARY KEY)')

      expect(columnsOf(table)).toMatchObject({ name: { isNullable: true, isGenerated: false } })
    })

    it('are no counters for the word alone', () => {
      const table = first(
        `CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT CHECK (body <> 'AUTOINCREMENT') -- AUTOINCREMENT
        )`,
      )

      expect(columnsOf(table)).toMatchObject({ id: { isGenerated: false } })
    })
  })

  describe('the primary key', () => {
    it('has its columns in the order of the key, not of the table', () => {
      const table = first(
        'CREATE TABLE pairs (b INTEGER NOT NULL, a INTEGER NOT NULL, PRIMARY KEY (a, b))',
      )

      expect(constraintsOf(table, 'primary key')).toEqual([
        { kind: 'primary key', name: 'pk_pairs', columns: ['a', 'b'] },
      ])
    })

    it('of one column makes it the number of the row, and of two does not', () => {
      const table = first('CREATE TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (a, b))')

      expect(columnsOf(table)).toMatchObject({ a: { isNullable: true }, b: { isNullable: true } })
    })

    it('is not there when there is none', () => {
      expect(constraintsOf(first('CREATE TABLE log (line TEXT)'), 'primary key')).toEqual([])
    })
  })

  describe('the foreign keys', () => {
    it('have a target and rules', () => {
      db.exec(
        'CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE)',
      )

      expect(constraintsOf(inspect(db).tables[0]!, 'foreign key')).toEqual([
        {
          kind: 'foreign key',
          name: 'fk_posts_user_id_users',
          columns: ['user_id'],
          target: { table: 'users', columns: ['id'] },
          onDelete: 'set null',
          onUpdate: 'cascade',
        },
      ])
    })

    it('of several columns are one foreign key each', () => {
      const table = first(
        `CREATE TABLE seats (
          a INTEGER, b INTEGER, c INTEGER REFERENCES halls (id), d INTEGER,
          FOREIGN KEY (b, a) REFERENCES rows (hall, number),
          FOREIGN KEY (d, a) REFERENCES rows (hall, number) ON DELETE CASCADE
        )`,
      )

      expect(constraintsOf(table, 'foreign key')).toMatchObject([
        { columns: ['c'], target: { table: 'halls', columns: ['id'] } },
        { columns: ['b', 'a'], target: { table: 'rows', columns: ['hall', 'number'] } },
        { columns: ['d', 'a'], onDelete: 'cascade', onUpdate: 'no action' },
      ])
    })

    it('that name only a table mean its primary key', () => {
      db.exec(
        'CREATE TABLE users (number INTEGER PRIMARY KEY); CREATE TABLE posts (user INTEGER REFERENCES users)',
      )

      expect(constraintsOf(inspect(db).tables[1]!, 'foreign key')).toMatchObject([
        { target: { table: 'users', columns: ['number'] } },
      ])
    })

    it('may point to their own table', () => {
      const table = first(
        'CREATE TABLE pages (id INTEGER PRIMARY KEY, up INTEGER REFERENCES pages)',
      )

      expect(constraintsOf(table, 'foreign key')).toMatchObject([
        { name: 'fk_pages_up_pages', target: { table: 'pages', columns: ['id'] } },
      ])
    })
  })

  describe('the other constraints', () => {
    it('that make unique have their columns', () => {
      const table = first(
        'CREATE TABLE users (email TEXT UNIQUE, a TEXT, b TEXT, CONSTRAINT own UNIQUE (b, a))',
      )

      expect(constraintsOf(table, 'unique')).toMatchObject([
        { columns: ['email'] },
        { columns: ['b', 'a'] },
      ])
    })

    it('that check have their text, and the name that they were given', () => {
      const table = first(
        `CREATE TABLE users (
          age INTEGER CHECK (age >= 0 AND age < 200), -- CHECK (age > 5), they said
          size TEXT CONSTRAINT sizes CHECK (size IN ('s)', 'l,')) DEFAULT 'l,',
          "check" TEXT,
          CONSTRAINT both CHECK ((age > 18) OR (size = 's)'))
        )`,
      )

      expect(constraintsOf(table, 'check')).toEqual([
        { kind: 'check', name: 'ck_users_age', sql: 'age >= 0 AND age < 200' },
        { kind: 'check', name: 'sizes', sql: "size IN ('s)', 'l,')" },
        { kind: 'check', name: 'both', sql: "(age > 18) OR (size = 's)')" },
      ])
    })
  })

  describe('the indexes', () => {
    it('have columns, expressions and a condition', () => {
      const table = first(
        `CREATE TABLE posts (title TEXT, "Group" TEXT, at TEXT);
        CREATE INDEX one ON posts (title, "Group");
        CREATE UNIQUE INDEX two ON posts (lower(title), at DESC) WHERE title <> ' WHERE ';
        CREATE INDEX three ON posts ((coalesce(title, 'a,b')))`,
      )

      expect(table.indexes).toEqual([
        { name: 'one', on: ['title', 'Group'], isUnique: false, where: undefined },
        {
          name: 'two',
          on: ['lower(title)', 'at DESC'],
          isUnique: true,
          where: "title <> ' WHERE '",
        },
        { name: 'three', on: ["coalesce(title, 'a,b')"], isUnique: false, where: undefined },
      ])
    })

    it('are not those that stand behind a constraint', () => {
      const table = first('CREATE TABLE users (email TEXT UNIQUE, name TEXT PRIMARY KEY)')

      expect(table.indexes).toEqual([])
      expect(columnsOf(table)).toHaveProperty('email')
    })
  })

  describe('the tables', () => {
    it('are those that somebody has made, and no views', () => {
      db.exec(
        `CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT);
        CREATE TABLE a (id INTEGER PRIMARY KEY);
        CREATE VIEW v AS SELECT id FROM a;
        CREATE VIRTUAL TABLE words USING fts5(word)`,
      )

      expect(inspect(db).tables.map(({ name }) => name)).toEqual(['b', 'a'])
    })

    it('are left out when somebody asks for it', () => {
      db.exec('CREATE TABLE users (id INTEGER); CREATE TABLE history (id INTEGER)')

      const { tables } = inspect(db, { except: ['history'] })

      expect(tables).toMatchObject([{ name: 'users', columns: [{ name: 'id' }] }])
    })

    it('bring their triggers along, and what a schema cannot say', () => {
      const table = first(
        `CREATE TABLE users (name TEXT COLLATE NOCASE, loud TEXT AS (upper(name))) STRICT;
        CREATE TRIGGER greet AFTER INSERT ON users BEGIN SELECT 1; END`,
      )

      expect(table.triggers).toEqual([
        'CREATE TRIGGER greet AFTER INSERT ON users BEGIN SELECT 1; END',
      ])
      expect(table.extras).toEqual(['STRICT', 'the generated column loud', 'COLLATE'])
    })
  })

  describe('a reflected table', () => {
    it('can be asked without a class', () => {
      db.exec(
        `CREATE TABLE users (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, score REAL);
        INSERT INTO users VALUES (1, 'Alice', 1.5), (2, 'Bob', NULL), (9007199254740993, 'Carol', 2)`,
      )

      const { users } = reflect<'users'>(db)
      const query = from(users)
        .where((u) => u.id.gt(1))
        .select((u) => ({ name: u.first_name, score: u.score, id: u.id }))

      expect(fetchAll(db, query)).toEqual([
        { name: 'Bob', score: null, id: 2 },
        { name: 'Carol', score: 2, id: 9_007_199_254_740_993n },
      ])
    })
  })
})
