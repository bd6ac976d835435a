import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sqlite } from '#shared/driver/dialect'
import {
  findMigration,
  formatMigration,
  migrationName,
  type Operation,
  splitStatements,
  summaryOf,
  UnknownMigrationError,
  UnreadableScriptError,
  warnings,
} from '#stage/07-migrations'
import { migration, openProject } from './project.ts'

describe('Given: cutting a script into statements', () => {
  it.each([
    ['two statements', 'DROP TABLE a; DROP TABLE b;', ['DROP TABLE a', 'DROP TABLE b']],
    ['the last one without a semicolon', 'DROP TABLE a', ['DROP TABLE a']],
    ['nothing but blanks and comments', '\n;; -- nothing; here\n/* nor; here */', []],
    ['a text with a semicolon', "SELECT 'a;b''c;d'; SELECT 2", ["SELECT 'a;b''c;d'", 'SELECT 2']],
    ['a name with a semicolon', 'SELECT "a;b", `c;d`, [e;f]', ['SELECT "a;b", `c;d`, [e;f]']],
    ['a comment before a statement', '-- why; not\nSELECT 1;', ['SELECT 1']],
    ['a comment inside of one', 'SELECT 1 -- one;\n, 2;', ['SELECT 1 -- one;\n, 2']],
    [
      "PostgreSQL's backslash",
      String.raw`SELECT E'it\'s; here'; SELECT 2`,
      [String.raw`SELECT E'it\'s; here'`, 'SELECT 2'],
    ],
    [
      'dollar quotes',
      'DO $$ a; b; $$; SELECT $x$ $$; $x$',
      ['DO $$ a; b; $$', 'SELECT $x$ $$; $x$'],
    ],
    [
      'subscripts',
      "SELECT (ARRAY['a]', ';b'])[1]; SELECT 2",
      ["SELECT (ARRAY['a]', ';b'])[1]", 'SELECT 2'],
    ],
    ['a transaction', 'BEGIN; SELECT 1; END;', ['BEGIN', 'SELECT 1', 'END']],
  ])('takes %s', (_, script, statements) => {
    expect(splitStatements(script)).toEqual(statements)
  })

  it('keeps the body of a trigger together, with a CASE in it', () => {
    const trigger =
      'CREATE TRIGGER t AFTER INSERT ON a BEGIN\n' +
      "  UPDATE b SET n = CASE WHEN n = 1 THEN 2 ELSE 3 END;\n  DELETE FROM c WHERE d = 'END';\nEND"

    expect(splitStatements(`${trigger}; DROP TABLE e;`)).toEqual([trigger, 'DROP TABLE e'])
  })

  it('keeps the body of a function of standard SQL together', () => {
    const made = 'CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END'

    expect(splitStatements(`${made}; SELECT 3`)).toEqual([made, 'SELECT 3'])
  })

  it("ends PostgreSQL's trigger at its semicolon: it has no body", () => {
    const trigger = 'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()'

    expect(splitStatements(`${trigger}; SELECT 1`)).toEqual([trigger, 'SELECT 1'])
  })

  it.each(["SELECT 'open", 'SELECT "open', 'SELECT /* open', 'DO $$ open'])(
    'refuses what is opened and never closed: %s',
    (script) => {
      expect(() => splitStatements(`SELECT 1;\n${script}`)).toThrow(UnreadableScriptError)
      expect(() => splitStatements(`SELECT 1;\n${script}`)).toThrow(/in line 2/)
    },
  )

  it('gives back any statements that were put together', () => {
    const piece = fc.constantFrom("';'", "'it''s'", '";"', '/*;*/', '$$;$$', '[;]', 'a', '(1)', '=')
    const statement = fc
      .array(piece, { minLength: 1 })
      .map((pieces) => ['SELECT', ...pieces].join(' '))
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        expect(splitStatements(statements.join(';\n'))).toEqual(statements)
      }),
    )
  })
})

describe('Given: the text of a migration', () => {
  const part = { statements: ['SELECT 1'], losses: [], locks: [] }

  it('begins with what it comes after, or with its mark when it is the first one', () => {
    const migration = { isTransactional: true, up: part, down: part }

    expect(formatMigration({ ...migration, after: [] })).toBe(
      '-- up\nSELECT 1;\n\n-- down\nSELECT 1;\n',
    )
    expect(formatMigration({ ...migration, after: ['0001_a'] })).toMatch(
      /^-- after: 0001_a\n\n-- up/,
    )
  })
})

describe('Given: names of migrations', () => {
  const names = ['0001_create_users', '0002_add_email', '0002_add_age']
  const migrations = names.map((name) => migration(name))

  it.each([
    ['1', '0001_create_users'],
    ['0001', '0001_create_users'],
    ['0002_add_e', '0002_add_email'],
    ['0002_add_age', '0002_add_age'],
    ['0002_add_age.sql', '0002_add_age'],
  ])('finds %s', (wanted, found) => {
    expect(findMigration(wanted, migrations).name).toBe(found)
  })

  it('asks for more when two are meant, and lists what there is when none is', () => {
    expect(() => findMigration('2', migrations)).toThrow(UnknownMigrationError)
    expect(() => findMigration('2', migrations)).toThrow(/0002_add_email or 0002_add_age/)
    expect(() => findMigration('0003', migrations)).toThrow(/There are: 0001_create_users/)
  })

  it('counts on from the highest number, and keeps to letters, digits and underscores', () => {
    expect(migrationName([], 'create users')).toBe('0001_create_users')
    expect(migrationName(names, "Alice's change!")).toBe('0003_alice_s_change')
    expect(migrationName(['9999_last'], 'more')).toBe('10000_more')
  })

  it('says what a migration does', () => {
    const table = (name: string) => ({ name, columns: [], constraints: [], indexes: [] })
    const create = (name: string) => ({ kind: 'create table', table: table(name) }) as const
    const drop = { kind: 'drop table', table: table('posts') } as const

    expect(summaryOf([drop])).toBe('drop posts')
    expect(summaryOf([drop, drop])).toBe('drop posts and 1 more')
    expect(summaryOf([drop, create('users')])).toBe('create users')
    expect(summaryOf([create('users'), create('tags')])).toBe('create users and tags')
    expect(summaryOf(['a', 'b', 'c'].map(create))).toBe('create a and 2 more')
  })
})

describe('Given: warnings', () => {
  const column = (type: string) =>
    ({ name: 'age', type, isNullable: true, isGenerated: false, default: undefined }) as const
  const table = { name: 'users', columns: [column('text')], constraints: [], indexes: [] } as const
  const before = { dialect: 'sqlite', tables: [table] } as const
  const altered = (from: string, to: string) =>
    ({ kind: 'alter column', table: 'users', from: column(from), to: column(to) }) as const
  const said = (operation: Operation) =>
    warnings([operation], before, sqlite).map(({ kind, text }) => `${kind}: ${text}`)

  it('tell that a table or a column goes', () => {
    expect(said({ kind: 'drop table', table })).toEqual([
      "data loss: Table 'users' goes, with all its rows.",
    ])
    expect(said({ kind: 'drop column', table: 'users', column: column('text') })).toEqual([
      "data loss: Column 'age' of table 'users' goes, with all its values.",
    ])
  })

  it.each([
    ['real', 'integer', 'fractions are rounded away'],
    ['numeric(10,2)', 'bigint', 'fractions are rounded away'],
    ['double precision', 'real', 'only about seven digits stay'],
    ['text', 'integer', "a text like '007' becomes 7"],
    ['timestamptz', 'date', 'the time of day goes'],
  ])('tell what is lost from %s to %s', (from, to, lost) => {
    expect(said(altered(from, to))).toEqual([
      `data loss: Column 'age' of table 'users' changes from ${from} to ${to}: ${lost}.`,
    ])
  })

  it.each([
    ['integer', 'bigint'],
    ['integer', 'text'],
    ['real', 'double precision'],
    ['varchar(10)', 'varchar(5)'], // what is too long is refused, and nothing is lost
  ])('tell nothing from %s to %s', (from, to) => {
    expect(said(altered(from, to))).toEqual([])
  })

  it('tell nothing of what is added, nor of locks on SQLite', () => {
    const index = { name: 'ix_users_age', on: ['age'], isUnique: false, where: undefined }

    expect(said({ kind: 'create table', table })).toEqual([])
    expect(said({ kind: 'create index', table: 'users', index })).toEqual([])
  })
})

describe('Given: the command line', () => {
  it('lists the commands when it is told nothing', async () => {
    const { tool, output } = openProject()

    expect(await tool()).toBe(0)
    expect(output()).toMatch(/makemigrations.*migrate.*rollback.*status.*check.*sql.*inspect/s)
  })

  it.each(['makemigrations', 'migrate', 'rollback', 'status', 'check', 'sql', 'inspect'])(
    'explains %s, and does nothing',
    async (command) => {
      const { tool, output, db } = openProject()

      expect(await tool(command, '--help')).toBe(0)
      expect(output()).toContain(`${command}: `)
      expect(db.statements).toEqual([])
    },
  )

  it.each([
    ['a command that is not there', ['migrat'], 'There is no command "migrat"'],
    ['an option that is not there', ['migrate', '--too', '1'], "'--too'"],
    ['an option without its value', ['migrate', '--to'], '--to'],
    ['a word too many', ['status', 'now'], '"now" is one word too many'],
    ['a wait that is no number', ['migrate', '--wait', 'long'], 'takes a number of seconds'],
    ['a name that any object has', ['constructor'], 'There is no command "constructor"'],
  ])('gives 2 for %s', async (_, argv, said) => {
    const { tool, output } = openProject()

    expect(await tool(...argv)).toBe(2)
    expect(output()).toContain(said)
    expect(output()).not.toContain('    at ')
  })
})
