import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Connection } from '#shared/driver/driver'
import { record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  DanglingRowsError,
  entity,
  LockTimeoutError,
  type Migration,
  MigrationFailedError,
  parseMigration,
  prepareHistory,
  Registry,
  type Run,
  readHistory,
  runStep,
  t,
} from '#stage/07-migrations'
import { migrateInProcess } from './process.ts'
import { email, fileText, migration, openProject, temporaryFolder, users } from './project.ts'

const withName = new Registry()
entity('users', { id: t.integer().primaryKey(), name: t.text() }, { registry: withName })

const withEmail = new Registry()
entity(
  'users',
  { id: t.integer().primaryKey(), name: t.text(), email: t.varchar(255).nullable() },
  { registry: withEmail },
)

const withFullName = new Registry()
entity('users', { id: t.integer().primaryKey(), fullName: t.text() }, { registry: withFullName })

const withoutName = new Registry()
entity('users', { id: t.integer().primaryKey() }, { registry: withoutName })

const at = new Date('2026-05-01T09:00:00Z')
const run: Run = { waiting: { seconds: 5 }, now: () => at }

const createUsers = migration('0001_create_users', { up: [users], down: ['DROP TABLE users'] })
const addEmail = migration('0002_add_email', {
  after: ['0001_create_users'],
  up: [email, "UPDATE users SET email = 'nobody@example.com'"],
  down: ['ALTER TABLE users DROP COLUMN email'],
})

const up = (one: typeof createUsers) => ({ migration: one, direction: 'up' }) as const
const down = (one: typeof createUsers) => ({ migration: one, direction: 'down' }) as const

/** A database with the table of the history, and nothing sent yet. */
function prepared(connection?: Connection) {
  const { db } = openProject(connection ? { connection } : {})
  prepareHistory(db)
  db.forget()
  return db
}

/** A migration as its file has it. */
const textOf = ({ after, up, down }: Migration) =>
  fileText({ after, up: up.statements, down: down?.statements ?? null })

/** What is read when it was written into a file: with the checksum of that. */
const written = (one: Migration) => parseMigration(one.name, textOf(one))

const sent = (db: ReturnType<typeof prepared>) => db.statements.map(({ sql }) => sql)
const applied = (db: Connection) => readHistory(db).map(({ name }) => name)
const tables = (db: Connection) =>
  db.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")

describe('Task 7: apply under a lock', () => {
  describe('one step', () => {
    it('runs the statements and writes the history', () => {
      const db = prepared()

      expect(runStep(db, up(createUsers), run)).toBe(true)
      expect(db.all('SELECT id, name FROM users')).toEqual([])
      expect(readHistory(db)).toEqual([
        { name: '0001_create_users', checksum: 'checksum of 0001_create_users', appliedAt: at },
      ])
    })

    it('sends all of it in one transaction: the lock first, the history last', () => {
      const db = prepared()
      runStep(db, up(createUsers), run)
      db.forget()

      runStep(db, up(addEmail), run)

      const statements = sent(db)
      expect(statements[0]).toBe('BEGIN IMMEDIATE')
      expect(statements.slice(-4)).toEqual([
        email,
        "UPDATE users SET email = 'nobody@example.com'",
        expect.stringMatching(/^INSERT INTO schema_versions/),
        'COMMIT',
      ])
    })

    it('tells of each statement before it is sent', () => {
      const db = prepared()
      const told: string[] = []
      const onStatement = (sql: string) => void told.push(`${sql} after ${tables(db).length}`)

      runStep(db, up(createUsers), { ...run, onStatement })

      expect(told).toEqual([`${users} after 1`])
    })

    it('goes down: runs the way back, and the history does not have it any more', () => {
      const db = prepared()
      runStep(db, up(createUsers), run)

      expect(runStep(db, down(createUsers), run)).toBe(true)
      expect(tables(db)).toEqual([{ name: 'schema_versions' }])
      expect(applied(db)).toEqual([])
    })

    it('does nothing, and says so, when the migration is applied already', () => {
      const db = prepared()
      runStep(db, up(createUsers), run)

      expect(runStep(db, up(createUsers), run)).toBe(false)
      expect(applied(db)).toEqual(['0001_create_users'])
    })

    it('does nothing, and says so, when the migration is rolled back already', () => {
      expect(runStep(prepared(), down(createUsers), run)).toBe(false)
    })

    it('leaves no transaction open when there was nothing to do', () => {
      const db = prepared()
      runStep(db, down(createUsers), run)

      expect(() => db.run('BEGIN')).not.toThrow()
    })
  })

  describe('when a statement fails', () => {
    const broken = migration('0002_broken', {
      after: ['0001_create_users'],
      up: [email, 'INSERT INTO users (name) VALUES (NULL)'],
    })

    it('says which migration it was, and that it was rolled back', () => {
      const db = prepared()
      runStep(db, up(createUsers), run)

      const error = raised(() => runStep(db, up(broken), run)) as Error

      expect(error).toBeInstanceOf(MigrationFailedError)
      expect(error.message).toMatch(/0002_broken failed. It was rolled back.*users.name must have/s)
    })

    it('takes back what ran before it', () => {
      const db = prepared()
      runStep(db, up(createUsers), run)

      raised(() => runStep(db, up(broken), run))

      expect(() => db.all('SELECT email FROM users')).toThrow('no such column: email')
    })

    it('leaves the history as it was', () => {
      const db = prepared()
      runStep(db, up(createUsers), run)

      expect(() => runStep(db, up(broken), run)).toThrow(MigrationFailedError)
      expect(applied(db)).toEqual(['0001_create_users'])
    })

    it('leaves no transaction open, so that the mended file can be applied', () => {
      const db = prepared()
      runStep(db, up(createUsers), run)

      expect(() => runStep(db, up(broken), run)).toThrow(MigrationFailedError)
      expect(runStep(db, up({ ...broken, up: addEmail.up }), run)).toBe(true)
    })

    it('takes all back when the COMMIT itself is refused', () => {
      const db = prepared()
      db.exec(`${users}; CREATE TABLE posts (user_id INTEGER REFERENCES users (id))`)
      const late = ['PRAGMA defer_foreign_keys = ON', 'INSERT INTO posts VALUES (99)']

      const error = raised(() => runStep(db, up(migration('0002_late', { up: late })), run))

      expect(error).toBeInstanceOf(MigrationFailedError)
      expect(db.all('SELECT user_id FROM posts')).toEqual([])
      expect(applied(db)).toEqual([])
    })
  })

  describe('two processes at once', () => {
    it('look again when they have the lock: what the other one did is not done twice', () => {
      const file = join(temporaryFolder(), 'blog.db')
      const db = prepared(openSqlite(file))
      const other = openSqlite(file)
      onTestFinished(() => other.close())

      const isRun = runStep(
        beforeFirst(db, () => runStep(other, up(createUsers), run)),
        up(createUsers),
        run,
      )

      expect(isRun).toBe(false)
      expect(applied(db)).toEqual(['0001_create_users'])
    })

    it('are told that the lock was not free, and not that the migration has failed', () => {
      const file = join(temporaryFolder(), 'blog.db')
      const db = prepared(openSqlite(file, { busyTimeout: 0 }))
      const other = openSqlite(file)
      onTestFinished(() => other.close())
      other.run('BEGIN IMMEDIATE')

      const error = raised(() => runStep(db, up(createUsers), { ...run, waiting: { seconds: 0 } }))

      expect(error).toBeInstanceOf(LockTimeoutError)
      expect(sent(db)).not.toContain('ROLLBACK')
    })

    it.each([
      ['migrate', 'goes back', 'builds on 0001_create_users, which this database does not have'],
      ['rollback', 'goes on', 'builds on 0001_create_users, and this database has it by now'],
    ])(
      'do not %s on a plan that is out of date, when the other one %s',
      async (command, _, said) => {
        const file = join(temporaryFolder(), 'blog.db')
        const db = prepared(openSqlite(file))
        const other = openSqlite(file)
        onTestFinished(() => other.close())
        const [first, second] = [createUsers, addEmail].map(written) as [Migration, Migration]
        const turn = command === 'migrate' ? down(first) : up(second)
        const project = openProject({
          connection: beforeFirst(db, () => runStep(other, turn, run)),
        })
        for (const one of [createUsers, addEmail]) project.write(one.name, textOf(one))
        runStep(db, up(first), run)

        expect(await project.tool(command)).toBe(1)
        expect(project.output()).toContain(`0002_add_email ${said}`)
      },
    )

    it('wait for each other, and only so long', async () => {
      const file = join(temporaryFolder(), 'blog.db')
      const project = openProject({ connection: openSqlite(file, { busyTimeout: 0 }) })
      writeChain(project)
      await project.tool('migrate', '--to', '1')
      project.output()
      const other = openSqlite(file)
      onTestFinished(() => other.close())
      other.run('BEGIN IMMEDIATE')

      expect(await project.tool('migrate', '--wait', '0')).toBe(1)
      expect(project.output()).toMatch(/^Another process is migrating.*for 0 seconds/s)
      expect(applied(project.db)).toEqual(['0001_marks'])
      other.run('COMMIT')
      expect(await project.tool('migrate')).toBe(0)
    })

    it('apply everything once', async () => {
      const folder = temporaryFolder()
      const project = openProject({ connection: openSqlite(join(folder, 'blog.db')) })
      const names = writeChain(project)
      await project.tool('migrate', '--to', '0001')

      const outputs = await Promise.all([
        migrateInProcess(project.folder, join(folder, 'blog.db')),
        migrateInProcess(project.folder, join(folder, 'blog.db')),
      ])

      expect(outputs.map(({ code }) => code)).toEqual([0, 0])
      const done = outputs.flatMap(({ output }) => output.match(/^Done\.$/gm) ?? [])
      expect(done).toHaveLength(names.length - 1)
      expect(applied(project.db)).toEqual(names)
      expect(project.db.get('SELECT COUNT(*) AS n FROM marks')).toEqual({ n: names.length - 1 })
    }, 120_000)
  })

  describe('a process that is killed in the middle of a migration', () => {
    it('leaves the database as it was before that migration, and the next run goes on there', async () => {
      const folder = temporaryFolder()
      const project = openProject({ connection: openSqlite(join(folder, 'blog.db')) })
      const names = writeChain(project)
      await project.tool('migrate', '--to', '0001')

      const killed = await migrateInProcess(project.folder, join(folder, 'blog.db'), {
        killAt: 'INSERT INTO marks VALUES (3)',
      })

      expect(killed.signal ?? killed.code).not.toBe(0)
      expect(applied(project.db)).toEqual(names.slice(0, 3))
      expect(project.db.get('SELECT COUNT(*) AS n FROM marks')).toEqual({ n: 2 })
      expect(tables(project.db)).not.toContainEqual({ name: 'half_3' })
      expect(await project.tool('migrate')).toBe(0)
      expect(applied(project.db)).toEqual(names)
    }, 120_000)

    it('leaves whole migrations at any statement: the files as they lie on the disk say so', async () => {
      const folder = temporaryFolder()
      const file = join(folder, 'blog.db')
      const found: unknown[] = []
      const look = () => void found.push(foundAfterCrash(file, join(folder, 'copy.db')))
      const project = openProject({ connection: record(openSqlite(file), look) })
      const names = writeChain(project)

      await project.tool('migrate')

      const whole = names.map((_, i) => ({ applied: i + 1, tables: i, rows: i }))
      expect(found).toEqual(expect.arrayContaining([{ applied: 0, tables: 0, rows: 0 }, ...whole]))
      for (const state of found)
        expect([{ applied: 0, tables: 0, rows: 0 }, ...whole]).toContainEqual(state)
    })
  })

  describe('SQLite, where a table is rebuilt', () => {
    const posts =
      'CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE)'
    const rebuild = [
      'PRAGMA foreign_keys = OFF',
      'CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT)',
      'INSERT INTO users_new SELECT id, name FROM users',
      'DROP TABLE users',
      'ALTER TABLE users_new RENAME TO users',
    ]

    function filled() {
      const db = prepared()
      db.exec(
        `${users}; ${posts}; INSERT INTO users VALUES (1, 'Alice'); INSERT INTO posts VALUES (1, 1)`,
      )
      return db
    }

    it('keeps the rows of the children: foreign keys are off before the transaction begins', () => {
      const db = filled()

      runStep(db, up(migration('0002_rebuild', { up: rebuild })), run)

      expect(db.all('SELECT * FROM posts')).toEqual([{ id: 1, user_id: 1 }])
    })

    it('switches foreign keys on again', () => {
      const db = filled()

      runStep(db, up(migration('0002_rebuild', { up: rebuild })), run)

      expect(db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
    })

    it('puts the PRAGMAs back when it fails: no ROLLBACK reaches them', () => {
      const db = filled()
      const failing = [
        ...rebuild.slice(0, 1),
        'PRAGMA legacy_alter_table = ON',
        'DROP TABLE nobody',
      ]

      const error = raised(() => runStep(db, up(migration('0002_rebuild', { up: failing })), run))

      expect(error).toBeInstanceOf(MigrationFailedError)
      expect(db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
      expect(db.get('PRAGMA legacy_alter_table')).toEqual({ legacy_alter_table: 0 })
    })

    it('refuses, before COMMIT, rows that point to nobody', () => {
      const db = filled()
      const careless = migration('0002_rebuild', { up: [...rebuild, 'DELETE FROM users'] })

      const error = raised(() => runStep(db, up(careless), run)) as Error

      expect(error).toBeInstanceOf(MigrationFailedError)
      expect(error.cause).toBeInstanceOf(DanglingRowsError)
      expect(error.message).toMatch(/posts \(rowid 1\)/)
      expect(db.all('SELECT name FROM users')).toEqual([{ name: 'Alice' }])
    })

    it('refuses them on the way down as well', () => {
      const db = filled()
      const back = migration('0002_rebuild', { down: [...rebuild, 'DELETE FROM users'] })
      runStep(db, up(back), run)

      const error = raised(() => runStep(db, down(back), run)) as Error

      expect(error.cause).toBeInstanceOf(DanglingRowsError)
      expect(applied(db)).toEqual(['0002_rebuild'])
      expect(db.all('SELECT name FROM users')).toEqual([{ name: 'Alice' }])
    })
  })

  describe('without a transaction', () => {
    const vacuum = migration('0002_vacuum', { up: ['VACUUM'], isTransactional: false })

    it('runs what no transaction may hold', () => {
      const db = prepared()

      expect(runStep(db, up(vacuum), run)).toBe(true)
      expect(applied(db)).toEqual(['0002_vacuum'])
    })

    it('is not begun a second time while it is under way elsewhere', () => {
      const db = prepared()
      db.run("INSERT INTO schema_versions (name, checksum) VALUES ('0002_vacuum', 'x')")

      expect(runStep(db, up(vacuum), run)).toBe(false)
      expect(sent(db)).not.toContain('VACUUM')
    })

    it('stays in the history as begun when it fails, and migrate stops there', async () => {
      const project = openProject()
      const up = [users, 'INSERT INTO users (name) VALUES (NULL)']
      project.write('0001_half', fileText({ up, isTransactional: false }))

      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/the part before the failure stays/)
      expect(readHistory(project.db)).toMatchObject([{ name: '0001_half', appliedAt: undefined }])
      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/0001_half has begun, and never ended/)
    })
  })

  describe('the tool', () => {
    it('plays the session that the page shows', async () => {
      const project = openProject({ registry: withEmail })
      await begin(project)

      expect(await project.tool('makemigrations')).toBe(0)
      expect(project.output()).toBe(
        'Detecting model changes...\n' +
          "- Add column 'email' to table 'users'.\n" +
          'Generated new migration: 0002_add_email_to_users.sql',
      )
      expect(await project.tool('migrate')).toBe(0)
      expect(project.output()).toBe(
        'Applying migration 0002_add_email_to_users.sql...\n' +
          '> ALTER TABLE users ADD COLUMN email VARCHAR(255);\n' +
          'Done.',
      )
      project.db.forget()
      expect(await project.tool('migrate')).toBe(0)
      expect(project.output()).toBe('No migrations to apply.')
      expect(project.db.statements.every(({ sql }) => sql.startsWith('SELECT'))).toBe(true)
    })

    it('writes a file that says where it belongs, the way up and the way down', async () => {
      const project = openProject({ registry: withEmail })
      await begin(project)
      await project.tool('makemigrations')

      expect(project.read('0002_add_email_to_users')).toBe(
        '-- after: 0001_create_users\n' +
          '\n-- up\n' +
          'ALTER TABLE users ADD COLUMN email VARCHAR(255);\n' +
          '\n-- down\n' +
          "-- data loss: Column 'email' of table 'users' goes, with all its values.\n" +
          'ALTER TABLE users DROP COLUMN email;\n',
      )
    })

    it('finds no changes when there are none, and writes no file', async () => {
      const project = openProject({ registry: withName })
      await begin(project)

      expect(await project.tool('makemigrations')).toBe(0)
      expect(project.output()).toBe('Detecting model changes...\nNo changes.')
      expect(project.files()).toEqual(['0001_create_users.sql'])
    })

    it('writes nothing with --dry-run, and shows what it would write', async () => {
      const project = openProject({ registry: withEmail })
      await begin(project)

      expect(await project.tool('makemigrations', '--dry-run')).toBe(0)
      expect(project.output()).toContain('ADD COLUMN email VARCHAR(255);')
      expect(project.files()).toEqual(['0001_create_users.sql'])
    })

    it('runs nothing with migrate --dry-run, and shows what it would run', async () => {
      const project = openProject({ registry: withName })
      await project.tool('makemigrations')

      expect(await project.tool('migrate', '--dry-run')).toBe(0)
      expect(project.output()).toContain('> CREATE TABLE users')
      expect(tables(project.db)).toEqual([])
    })

    it('refuses to compare a database that does not have all migrations', async () => {
      const project = openProject({ registry: withName })
      await project.tool('makemigrations')

      expect(await project.tool('makemigrations')).toBe(1)
      expect(project.output()).toMatch(/does not have all migrations yet: 0001_create_users/)
    })

    it('says with sql, in a comment, that nothing is pending', async () => {
      const project = openProject({ registry: withName })
      await begin(project)

      expect(await project.tool('sql')).toBe(0)
      expect(project.output()).toBe('-- Nothing is pending.')
    })

    it('prints with sql what is pending, and the way back of one', async () => {
      const project = openProject({ registry: withName })
      await project.tool('makemigrations')
      project.output()

      expect(await project.tool('sql')).toBe(0)
      expect(project.output()).toMatch(/^-- 0001_create_users\nCREATE TABLE users \([^;]*\);$/)
      expect(await project.tool('sql', '1', '--down')).toBe(0)
      expect(project.output()).toBe(
        '-- 0001_create_users, down\nPRAGMA foreign_keys = OFF;\nDROP TABLE users;\n' +
          'PRAGMA foreign_key_check;\nPRAGMA foreign_keys = ON;',
      )
      expect(tables(project.db)).toEqual([])
    })

    it('shows with inspect what is there, for people and for programs', async () => {
      const project = openProject({ registry: withEmail })
      await begin(project)
      project.output()

      expect(await project.tool('inspect', 'users')).toBe(0)
      expect(project.output()).toMatch(/^users\n {2}id {4}integer .*\n {2}name {2}text {2}not null/)
      expect(await project.tool('inspect', '--json')).toBe(0)
      expect(JSON.parse(project.output())).toMatchObject([{ name: 'users' }])
      expect(await project.tool('inspect', 'user')).toBe(1)
      expect(project.output()).toContain('It has: users.')
    })

    it('goes up and down to where it is told', async () => {
      const project = openProject({ registry: withEmail })
      await begin(project)
      await project.tool('makemigrations')
      await project.tool('migrate')

      expect(await project.tool('migrate', '--to', '0001')).toBe(1)
      expect(project.output()).toContain('Say `rollback --to 0001_create_users`')
      expect(await project.tool('rollback', '--to', '0001', '--allow-data-loss')).toBe(0)
      expect(applied(project.db)).toEqual(['0001_create_users'])
      expect(await project.tool('rollback', '--all', '--allow-data-loss')).toBe(0)
      expect(applied(project.db)).toEqual([])
      expect(await project.tool('migrate', '--to', '1')).toBe(0)
      expect(applied(project.db)).toEqual(['0001_create_users'])
    })

    it('takes what the rows get when a column that is dropped is brought back', async () => {
      const project = openProject({ registry: withoutName })
      await begin(project)
      project.db.run("INSERT INTO users (name) VALUES ('Alice')")

      expect(await project.tool('makemigrations', '--backfill', "users.name='nobody'")).toBe(0)
      expect(await project.tool('migrate', '--allow-data-loss')).toBe(0)
      expect(await project.tool('rollback')).toBe(0)
      expect(project.db.all('SELECT id, name FROM users')).toEqual([{ id: 1, name: 'nobody' }])
    })

    it('writes an empty file for changes of rows, which a person fills in', async () => {
      const project = openProject({ registry: withName })
      await begin(project)

      expect(await project.tool('makemigrations', '--empty', '--name', 'fill names')).toBe(0)
      const empty = project.read('0002_fill_names')
      expect(empty).toBe('-- after: 0001_create_users\n\n-- up\n\n-- down\n')
      project.write(
        '0002_fill_names',
        empty.replace('-- up', "-- up\nUPDATE users SET name = 'x';"),
      )
      expect(await project.tool('migrate')).toBe(0)
      expect(project.output()).toContain("> UPDATE users SET name = 'x';")
    })

    it.each([
      [['--backfill', 'users.emial=1'], 2, '--backfill users.emial: no column of this name'],
      [['--backfill', 'users.email'], 2, '--backfill takes COLUMN=SQL'],
      [['--rename', 'users.nme:email'], 1, 'has no column "users.nme"'],
      [['--initial'], 2, '--initial is for a project without migrations'],
      [['--merge'], 0, 'There is nothing to merge'],
    ])('says what does not fit: makemigrations %j', async (options, code, said) => {
      const project = openProject({ registry: withEmail })
      await begin(project)

      expect(await project.tool('makemigrations', ...options)).toBe(code)
      expect(project.output()).toContain(said)
      expect(project.files()).toEqual(['0001_create_users.sql'])
    })

    it('says so when another process was faster', async () => {
      const file = join(temporaryFolder(), 'blog.db')
      const db = prepared(openSqlite(file))
      const other = openProject({ connection: openSqlite(file) })
      const faster = beforeFirst(db, () => runStep(other.db, up(createUsers), run))
      const project = openProject({ connection: faster })
      project.write('0001_create_users', fileText({ up: [users] }))

      expect(await project.tool('migrate')).toBe(0)
      expect(project.output()).toBe('Another process was faster with 0001_create_users.')
    })

    it('cannot go back where a file has no way down', async () => {
      const project = openProject()
      project.write('0001_create_users', fileText({ up: [users], down: null }))
      await project.tool('migrate')

      expect(await project.tool('rollback')).toBe(1)
      expect(project.output()).toContain('0001_create_users has no down part')
      expect(applied(project.db)).toEqual(['0001_create_users'])
    })
  })

  describe('the tool asks', () => {
    it('whether a column was renamed, and keeps its values', async () => {
      const project = openProject({ registry: withFullName, answers: ['y'] })
      await begin(project)
      project.db.run("INSERT INTO users (name) VALUES ('Alice')")

      expect(await project.tool('makemigrations')).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
      expect(project.db.all('SELECT full_name FROM users')).toEqual([{ full_name: 'Alice' }])
    })

    it('and asks on when the answer is no: the new column needs a value', async () => {
      const project = openProject({ registry: withFullName, answers: ['n', '', "'nobody'"] })
      await begin(project)
      project.db.run("INSERT INTO users (name) VALUES ('Alice')")

      expect(await project.tool('makemigrations')).toBe(0)
      expect(await project.tool('migrate', '--allow-data-loss')).toBe(0)
      expect(project.db.all('SELECT full_name FROM users')).toEqual([{ full_name: 'nobody' }])
    })

    it('names the option that answers, where nobody can be asked', async () => {
      const project = openProject({ registry: withFullName })
      await begin(project)

      expect(await project.tool('makemigrations')).toBe(1)
      expect(project.output()).toContain('--rename users.name:full_name, or --no-renames')
      expect(await project.tool('makemigrations', '--no-renames')).toBe(1)
      expect(project.output()).toContain('--backfill "users.full_name=')
      expect(project.files()).toEqual(['0001_create_users.sql'])
    })

    it('nothing when the command line has answered', async () => {
      const project = openProject({ registry: withFullName })
      await begin(project)
      project.db.run("INSERT INTO users (name) VALUES ('Alice')")

      expect(await project.tool('makemigrations', '--rename', 'users.name:full_name')).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
      expect(project.db.all('SELECT full_name FROM users')).toEqual([{ full_name: 'Alice' }])
    })

    it('before data is lost, and does nothing when the answer is no', async () => {
      const project = openProject({ registry: withName, answers: ['n', 'yes'] })
      await begin(project)
      project.output()

      expect(await project.tool('rollback')).toBe(1)
      expect(project.output()).toMatch(/^Careful: Table 'users' goes, with all its rows\.\nGo on\?/)
      expect(applied(project.db)).toEqual(['0001_create_users'])
      expect(await project.tool('rollback')).toBe(0)
      expect(applied(project.db)).toEqual([])
    })

    it('and wants --allow-data-loss, where nobody can be asked', async () => {
      const project = openProject({ registry: withName })
      await begin(project)

      expect(await project.tool('rollback')).toBe(1)
      expect(project.output()).toContain('then say --allow-data-loss')
      expect(await project.tool('rollback', '--allow-data-loss')).toBe(0)
    })

    it('nothing about tables that are only added', async () => {
      const project = openProject({ registry: withName })

      expect(await project.tool('makemigrations')).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
    })
  })

  describe('the tool checks', () => {
    it('that models, files and database agree', async () => {
      const project = openProject({ registry: withName })
      await begin(project)
      project.output()

      expect(await project.tool('check')).toBe(0)
      expect(project.output()).toBe('Models, files and database agree.')
    })

    it('and tells models that no migration follows from a database that was changed by hand', async () => {
      const project = openProject({ registry: withEmail })
      await begin(project)
      project.db.run('CREATE INDEX by_hand ON users (name)')
      project.output()

      expect(await project.tool('check')).toBe(1)
      const [models = '', database = ''] = project.output().split(/^(?=The database)/m)
      expect(models).toMatch(/^The models ask for changes.*Add column 'email' to table 'users'\./s)
      expect(database).toMatch(/has drifted.*Create index 'by_hand' on table 'users'\./s)
    })

    it('and names what is not applied yet, without calling it a drift', async () => {
      const project = openProject({ registry: withName })
      await project.tool('makemigrations')
      project.output()

      expect(await project.tool('check')).toBe(1)
      expect(project.output()).toBe('0001_create_users is not applied. Say `migrate`.')
    })
  })

  describe('a database that had its tables before', () => {
    it('is taken over with --initial and --fake, without a statement to its tables', async () => {
      const project = openProject({ registry: withName })
      project.db.run(
        'CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL)',
      )

      expect(await project.tool('makemigrations')).toBe(0)
      expect(project.output()).toContain('`makemigrations --initial` writes the first one')
      expect(await project.tool('makemigrations', '--initial')).toBe(0)
      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toContain('say `migrate --fake 0001_create_users`')
      expect(await project.tool('migrate', '--fake', '0001')).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
      expect(await project.tool('check')).toBe(0)
    })
  })
})

/** The first migration, written from the model without anything more, and applied. */
async function begin(project: ReturnType<typeof openProject>): Promise<void> {
  const first = ['CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL)']
  const text = fileText({ up: first, down: ['DROP TABLE users'] })
  const loss = "-- down\n-- data loss: Table 'users' goes, with all its rows."
  project.write('0001_create_users', text.replace('-- down', loss))
  expect(await project.tool('migrate')).toBe(0)
  project.output()
}

/** Opens a copy of what lies on the disk, as the next process would find it if this one died now. */
function foundAfterCrash(file: string, copy: string) {
  for (const part of ['', '-journal']) {
    rmSync(copy + part, { force: true })
    if (existsSync(file + part)) copyFileSync(file + part, copy + part)
  }
  const db = openSqlite(copy)
  const made = tables(db).filter(({ name }) => String(name).startsWith('half'))
  const hasMarks = tables(db).some(({ name }) => name === 'marks')
  const rows = hasMarks ? db.all('SELECT n FROM marks').length : 0
  const state = { applied: applied(db).length, tables: made.length, rows }
  db.close()
  return state
}

/** A connection that lets something happen just before its first statement. */
function beforeFirst(db: Connection, happen: () => void): Connection {
  let isFirst = true
  return new Proxy(db, {
    get(target, property) {
      const member = Reflect.get(target, property, target)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        if (isFirst && /^BEGIN/.test(String(args[0]))) {
          isFirst = false
          happen()
        }
        return Reflect.apply(member, target, args)
      }
    },
  })
}

/** A table, and four migrations that each make a table and leave a mark. */
function writeChain({ write }: ReturnType<typeof openProject>): string[] {
  const names = ['0001_marks', '0002_one', '0003_two', '0004_three', '0005_four']
  write('0001_marks', fileText({ up: ['CREATE TABLE marks (n INTEGER)'] }))
  for (const [i, name] of names.entries()) {
    if (i === 0) continue
    const up = [`CREATE TABLE half_${i} (n INTEGER)`, `INSERT INTO marks VALUES (${i})`]
    write(name, fileText({ after: [names[i - 1]!], up }))
  }
  return names
}
