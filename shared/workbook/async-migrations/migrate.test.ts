import { describe, expect, it } from 'vitest'
import {
  createAll,
  DanglingRowsError,
  diff,
  dropAll,
  entity,
  fetchAll,
  from,
  inspect,
  prepareHistory,
  Registry,
  readHistory,
  reflect,
  runStep,
  schemaOf,
  t,
} from '#stage/09-async'
import { fileText, migration } from '../../../07-migrations/tests/project.ts'
import { refused } from '../../../09-async/tests/refused.ts'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { everywhere, onSqlite, usePostgres } from './places.ts'
import { applied, openProject, type TestProject, tables, writeChain } from './project.ts'

// The tool of stage 07 as stage 09 has it: the same answers, on both databases.

usePostgres()

/** The models of a project: users with these columns, and their posts. */
function models(columns: Record<string, unknown> = {}): Registry {
  const registry = new Registry()
  const shape = { id: t.integer().primaryKey(), name: t.text(), ...columns } as never
  const User: any = class extends entity('users', shape, { registry }) {}
  const userId = t.integer().references(() => User.c.id, { onDelete: 'cascade' })
  void class extends entity(
    'posts',
    { id: t.integer().primaryKey(), title: t.text(), userId },
    { registry },
  ) {}
  return registry
}

/** A project whose first migration is written and applied, with Alice and her post. */
async function begun(place: Parameters<typeof openProject>[0], answers?: readonly string[]) {
  const project = openProject(place, { registry: models(), ...(answers ? { answers } : {}) })
  await project.tool('makemigrations')
  await project.tool('migrate')
  await project.db.run("INSERT INTO users (name) VALUES ('Alice')")
  await project.db.run("INSERT INTO posts (title, user_id) VALUES ('My First Post', 1)")
  project.output()
  project.db.forget()
  return project
}

const sent = ({ db }: TestProject) => db.statements.map(({ sql }) => sql)

async function differences(db: AsyncDatabase, registry: Registry) {
  await using connection = await db.connect()
  return diff(await inspect(connection), schemaOf(registry, db.dialect))
}

describe.each(everywhere)('migrations on $name', ({ place }) => {
  describe('createAll and dropAll', () => {
    it('make what the models ask for, once, and take it away', async () => {
      const db = (await place()).open()
      const registry = models({ email: t.text().unique(), age: t.integer().default(18).index() })

      await createAll(db, registry)
      await createAll(db, registry)
      expect(await differences(db, registry)).toEqual([])

      await dropAll(db, registry)
      await using connection = await db.connect()
      expect((await inspect(connection)).tables).toEqual([])
    })

    it('leave other tables alone', async () => {
      const db = (await place()).open()
      await db.run('CREATE TABLE others (n INTEGER)')
      await createAll(db, models())
      await dropAll(db, models())

      await using connection = await db.connect()
      expect((await inspect(connection)).tables.map((table) => table.name)).toEqual(['others'])
    })
  })

  it('reflects tables that no class stands for, ready to be asked', async () => {
    const { db } = await begun(await place())
    await using connection = await db.connect()

    const { users } = await reflect<'users'>(connection)
    const query = from(users).select((u) => ({ id: u.id, name: u.name }))

    expect(await fetchAll(connection, query)).toEqual([{ id: 1, name: 'Alice' }])
  })

  describe('migrate', () => {
    it('applies, tells what it did, and does nothing the second time', async () => {
      const project = openProject(await place())
      const names = writeChain(project)

      expect(await project.tool('migrate')).toBe(0)
      expect(project.output()).toContain(
        'Applying migration 0002_one.sql...\n> CREATE TABLE half_1 (n INTEGER);\n> INSERT INTO marks VALUES (1);\nDone.',
      )
      expect(await applied(project)).toEqual(names)
      project.db.forget()
      expect(await project.tool('migrate')).toBe(0)
      expect(project.output()).toBe('No migrations to apply.')
      expect(sent(project).filter((sql) => /CREATE|INSERT/.test(sql))).toEqual([])
    })

    it('writes when it was, to the millisecond', async () => {
      const project = openProject(await place())
      writeChain(project)
      await project.tool('migrate', '--to', '1')

      await using connection = await project.db.connect()
      expect(await readHistory(connection)).toMatchObject([
        { name: '0001_marks', appliedAt: new Date('2026-05-01T09:00:00Z') },
      ])
    })

    it('goes up and down to where it is told', async () => {
      const project = openProject(await place())
      const names = writeChain(project)

      expect(await project.tool('migrate', '--to', '3')).toBe(0)
      expect(await applied(project)).toEqual(names.slice(0, 3))
      expect(await project.tool('rollback', '--to', '2')).toBe(0)
      expect(await tables(project)).toEqual(['half_1', 'marks', 'schema_versions'])
      expect(await project.tool('rollback')).toBe(0)
      expect(await applied(project)).toEqual(names.slice(0, 1))
      expect(await project.tool('migrate', '--dry-run')).toBe(0)
      expect(project.output()).toContain('Would be: Applying migration 0002_one.sql...')
      expect(await applied(project)).toEqual(names.slice(0, 1))
    })

    it('takes back a migration that fails, keeps those before it, and goes on when it is mended', async () => {
      const project = openProject(await place())
      const names = writeChain(project)
      const whole = project.read('0003_two')
      const after = ['0002_one']
      const up = ['CREATE TABLE half_2 (n INTEGER)', 'INSERT INTO nobody VALUES (1)']
      project.write('0003_two', fileText({ after, up }))

      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/0003_two failed. It was rolled back/)
      expect(await applied(project)).toEqual(names.slice(0, 2))
      expect(await tables(project)).not.toContain('half_2')

      project.write('0003_two', whole)
      expect(await project.tool('migrate')).toBe(0)
      expect(await applied(project)).toEqual(names)
    })

    it('does nothing where another program was faster, in either direction', async () => {
      const project = openProject(await place())
      await using connection = await project.db.connect()
      await prepareHistory(connection)
      const marks = migration('0001_marks', {
        up: ['CREATE TABLE marks (n INTEGER)'],
        down: ['DROP TABLE marks'],
      })
      const run = { waiting: { seconds: 5 }, now: () => new Date('2026-05-01T09:00:00Z') }
      const go = (direction: 'up' | 'down') =>
        runStep(connection, { migration: marks, direction }, run)

      expect([await go('up'), await go('up')]).toEqual([true, false])
      expect(await readHistory(connection)).toHaveLength(1)
      expect([await go('down'), await go('down')]).toEqual([true, false])
      expect(await readHistory(connection)).toEqual([])
    })

    it('writes a migration without a transaction into the history before it begins', async () => {
      const project = openProject(await place())
      const up = ['CREATE TABLE half (n INTEGER)', 'INSERT INTO nobody VALUES (1)']
      project.write('0001_half', fileText({ up, isTransactional: false }))

      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/the part before the failure stays/)
      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/0001_half has begun, and never ended/)
      await project.tool('status')
      expect(project.output()).toContain('[!] 0001_half  unfinished')
      expect(await project.tool('migrate', '--fake', '1')).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
    })

    it('uses one connection for a command, and gives back what it took', async () => {
      const project = openProject(await place())
      writeChain(project)
      const up = ['INSERT INTO nobody VALUES (1)']
      project.write('0005_broken', fileText({ after: ['0004_three'], up }))

      await project.tool('migrate')

      expect(project.output()).toContain('0005_broken failed')
      expect(project.db.usage).toMatchObject({ holders: [], waiting: 0 })
    })
  })

  describe('models that change', () => {
    it('become files, and the files become tables: the session of the page', async () => {
      const project = await begun(await place())
      project.change(models({ email: t.varchar(255).nullable() }))

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
      expect(await project.tool('makemigrations')).toBe(0)
      expect(project.output()).toContain('No changes.')
      expect(await project.tool('check')).toBe(0)
      expect(project.output()).toBe('Models, files and database agree.')
    })

    it('ask whether a column was renamed, keep its values, and lead back', async () => {
      const project = await begun(await place(), ['y', 'y'])
      const renamed = new Registry()
      const shape = { id: t.integer().primaryKey(), fullName: t.text() }
      const User: any = class extends entity('users', shape, { registry: renamed }) {}
      const userId = t.integer().references(() => User.c.id, { onDelete: 'cascade' })
      const post = { id: t.integer().primaryKey(), title: t.text(), userId }
      void class extends entity('posts', post, { registry: renamed }) {}
      project.change(renamed)

      expect(await project.tool('makemigrations', '--name', 'full names')).toBe(0)
      expect(project.output()).toContain("Was the column 'name' of 'users' renamed to 'full_name'?")
      expect(await project.tool('migrate')).toBe(0)
      expect(await project.values('SELECT full_name FROM users')).toEqual(['Alice'])
      expect(await project.tool('check')).toBe(0)
      expect(await project.tool('rollback')).toBe(0)
      expect(await project.values('SELECT name FROM users')).toEqual(['Alice'])
    })

    it('say what the old rows get, where nobody is there to ask', async () => {
      const project = await begun(await place())
      project.change(models({ email: t.text() }))

      expect(await project.tool('makemigrations')).toBe(1)
      expect(project.output()).toContain('--backfill "users.email=')
      const backfill = ['--backfill', "users.email='nobody@example.com'"]
      expect(await project.tool('makemigrations', ...backfill)).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
      expect(await project.values('SELECT email FROM users')).toEqual(['nobody@example.com'])
    })

    it('change a column in place, and no row of another table is lost', async () => {
      const project = await begun(await place())
      project.change(models({ name: t.text().nullable().check("name <> ''").unique() }))

      expect(await project.tool('makemigrations')).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
      expect(await differences(project.db, models())).not.toEqual([])
      expect(await project.tool('check')).toBe(0)
      expect(await project.all('SELECT id, title, user_id FROM posts')).toEqual([
        { id: 1, title: 'My First Post', user_id: 1 },
      ])
      expect(await project.tool('rollback', '--allow-data-loss')).toBe(0)
      expect(await project.values('SELECT title FROM posts')).toEqual(['My First Post'])
    })
  })

  describe('a history that is not in order', () => {
    it('stops at an edited file, and at one that is gone', async () => {
      const project = openProject(await place())
      writeChain(project)
      await project.tool('migrate', '--to', '3')
      const text = project.read('0002_one')
      project.output()

      project.write('0002_one', `${text}-- edited\n`)
      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/0002_one/)
      project.write('0002_one', text)
      expect(await project.tool('migrate')).toBe(0)
      await project.db.run("UPDATE schema_versions SET name = '0004_gone' WHERE name LIKE '0004%'")
      project.output()
      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/0004_gone/)
      expect(await project.tool('rollback', '--fake', '0004_gone')).toBe(0)
      expect(await applied(project)).toEqual(['0001_marks', '0002_one', '0003_two'])
    })

    it('stops at a fork, and goes on when the ends are joined', async () => {
      const project = openProject(await place())
      const first = fileText({ up: ['CREATE TABLE marks (n INTEGER)'] })
      project.write('0001_marks', first)
      for (const branch of ['a', 'b'])
        project.write(`0002_${branch}`, fileText({ after: ['0001_marks'], up: [] }))

      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/The history is forked. It ends in 0002_a and in 0002_b/)
      expect(await project.tool('makemigrations', '--merge')).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
      expect(await applied(project)).toEqual(['0001_marks', '0002_a', '0002_b', '0003_merge'])
    })
  })

  describe('the other commands', () => {
    it('list what is applied and what is not', async () => {
      const project = openProject(await place())
      writeChain(project)
      await project.tool('migrate', '--to', '1')
      project.output()

      expect(await project.tool('status')).toBe(0)
      expect(project.output()).toBe(
        '[x] 0001_marks  2026-05-01 09:00:00\n[ ] 0002_one\n[ ] 0003_two\n[ ] 0004_three',
      )
    })

    it('print the SQL of what is pending, and send none of it', async () => {
      const project = openProject(await place())
      writeChain(project)

      expect(await project.tool('sql', '2')).toBe(0)
      expect(project.output()).toBe(
        '-- 0002_one\nCREATE TABLE half_1 (n INTEGER);\nINSERT INTO marks VALUES (1);',
      )
      expect(await project.tool('sql', '2', '--down')).toBe(0)
      expect(project.output()).toBe('-- 0002_one, down\nDROP TABLE half_1;')
      expect(await tables(project)).toEqual([])
    })

    it('show the tables, for people and for programs', async () => {
      const project = await begun(await place())

      expect(await project.tool('inspect', 'posts')).toBe(0)
      expect(project.output()).toMatch(
        /^posts\n {2}id .*foreign key fk_posts_user_id_users \(user_id\) → users \(id\) on delete cascade/s,
      )
      expect(await project.tool('inspect', '--json')).toBe(0)
      expect(JSON.parse(project.output()).map((table: { name: string }) => table.name)).toEqual(
        expect.arrayContaining(['users', 'posts']),
      )
      expect(await project.tool('inspect', 'post')).toBe(1)
      expect(project.output()).toContain('no table "post"')
    })

    it('tell a database that was changed by hand', async () => {
      const project = await begun(await place())
      await project.db.run('CREATE INDEX by_hand ON users (name)')

      expect(await project.tool('check')).toBe(1)
      expect(project.output()).toMatch(/has drifted.*Create index 'by_hand' on table 'users'\./s)
    })

    it('take over a database that had its tables before', async () => {
      const project = openProject(await place(), { registry: models() })
      await createAll(project.db, models())

      expect(await project.tool('makemigrations', '--initial')).toBe(0)
      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toContain('say `migrate --fake 0001_create_users_and_posts`')
      expect(await project.tool('migrate', '--fake', '0001')).toBe(0)
      expect(await project.tool('check')).toBe(0)
    })

    it('ask before data is lost', async () => {
      const project = await begun(await place(), ['n', 'yes'])

      expect(await project.tool('rollback')).toBe(1)
      expect(project.output()).toMatch(/Careful: Table 'users' goes, with all its rows.*Go on\?/s)
      expect(await tables(project)).toContain('users')
      expect(await project.tool('rollback')).toBe(0)
      expect(await tables(project)).toEqual(['schema_versions'])
    })

    it('explain themselves without a database', async () => {
      const nowhere = openProject(await place())
      await nowhere.db.close()

      expect(await nowhere.tool('migrate', '--help')).toBe(0)
      expect(nowhere.output()).toContain('--allow-data-loss')
      expect(await nowhere.tool('migrat')).toBe(2)
      expect(nowhere.output()).toContain('There is no command "migrat"')
      expect(await nowhere.tool('status')).toBe(1)
      expect(nowhere.output()).toContain('closed')
    })
  })
})

describe('SQLite, where a table is rebuilt', () => {
  const rebuild = [
    'PRAGMA foreign_keys = OFF',
    'CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT)',
    'INSERT INTO users_new SELECT id, name FROM users',
    'DROP TABLE users',
    'ALTER TABLE users_new RENAME TO users',
  ]
  const run = { waiting: { seconds: 5 }, now: () => new Date('2026-05-01T09:00:00Z') }
  const step = (up: readonly string[]) =>
    ({ migration: migration('0002_rebuild', { up }), direction: 'up' }) as const

  it('has its foreign keys off before BEGIN, and looks at the rows before COMMIT', async () => {
    const project = await begun(await onSqlite.place())
    await using connection = await project.db.connect()

    await runStep(connection, step(rebuild), run)

    const order = sent(project).filter((sql) => /foreign_keys? ?=|_check|^BEGIN|^COMMIT/.test(sql))
    expect(order).toEqual([
      'PRAGMA foreign_keys = OFF',
      'BEGIN IMMEDIATE',
      'PRAGMA foreign_keys = OFF',
      'PRAGMA foreign_key_check',
      'COMMIT',
      'PRAGMA foreign_keys = 1',
    ])
    expect(await connection.all('SELECT title, user_id FROM posts')).toEqual([
      { title: 'My First Post', user_id: 1 },
    ])
  })

  it('refuses rows that point to nobody, leaves everything as it was, and follows foreign keys again', async () => {
    const project = await begun(await onSqlite.place())
    await using connection = await project.db.connect()

    const error = await refused(runStep(connection, step([...rebuild, 'DELETE FROM users']), run))

    expect((error as Error).cause).toBeInstanceOf(DanglingRowsError)
    expect((error as Error).message).toMatch(/posts \(rowid 1\)/)
    expect(await connection.all('SELECT name FROM users')).toEqual([{ name: 'Alice' }])
    expect(await connection.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
  })

  it('lets nobody in between: who wants the database meanwhile waits', async () => {
    const project = await begun(await onSqlite.place())
    project.change(models({ name: t.text().nullable() }))
    await project.tool('makemigrations')
    project.db.forget()

    const [code] = await Promise.all([
      project.tool('migrate'),
      project.db.run("INSERT INTO posts (title, user_id) VALUES ('Between', 1)"),
    ])

    expect(code).toBe(0)
    const statements = sent(project)
    const begin = statements.indexOf('BEGIN IMMEDIATE')
    const end = statements.indexOf('PRAGMA foreign_keys = 1')
    expect(end).toBeGreaterThan(begin)
    expect(statements.slice(begin, end).filter((sql) => sql.includes('Between'))).toEqual([])
    expect(await project.values('SELECT title FROM posts')).toEqual(['My First Post', 'Between'])
  })
})
