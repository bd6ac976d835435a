import { describe, expect, it } from 'vitest'
import { postgres, sqlite } from '#shared/driver/dialect'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  createAll,
  diff,
  entity,
  inspect,
  questions,
  Registry,
  RenameError,
  reverse,
  type Schema,
  schemaAfter,
  schemaOf,
  t,
} from '#stage/07-migrations'
import {
  check,
  column,
  empty,
  foreignKey,
  id,
  index,
  inShort,
  primaryKey,
  schema,
  table,
  unique,
} from './schemas.ts'

const users = table('users', { columns: [column('name'), column('age', 'integer')] })
const posts = table('posts', {
  columns: [column('user_id', 'integer')],
  constraints: [foreignKey('fk_posts_user_id_users', 'user_id', 'users')],
})

/** The users with something else. */
const usersWith = (...parts: Parameters<typeof table>[1][]) =>
  schema(
    table('users', {
      columns: [
        column('name'),
        column('age', 'integer'),
        ...parts.flatMap((one) => one?.columns ?? []),
      ],
      constraints: parts.flatMap((one) => one?.constraints ?? []),
      indexes: parts.flatMap((one) => one?.indexes ?? []),
    }),
  )

const short = (...from: Parameters<typeof diff>) => inShort(diff(...from))

/** Of all the steps these, in their order. What stands between them may stand anywhere. */
const only = (steps: readonly string[], ...these: readonly string[]) =>
  steps.filter((step) => these.includes(step))

describe('Task 3: find the difference', () => {
  describe('of two schemas that mean the same', () => {
    it('is nothing', () => {
      expect(diff(schema(users, posts), schema(users, posts))).toEqual([])
    })

    it('is nothing in another order', () => {
      const turned = { ...users, columns: users.columns.toReversed() }

      expect(diff(schema(users, posts), schema(posts, turned))).toEqual([])
    })

    it('is nothing in another spelling: PostgreSQL writes a default and a check in its own way', () => {
      const said = usersWith({
        columns: [
          column('size', 'text', { default: "'s'" }),
          column('n', 'integer', { default: '-5' }),
        ],
        constraints: [check('ck', "size IN ('s', 'l') AND age BETWEEN 1 AND 9")],
        indexes: [index('ix', ['lower(name)'], { where: "name LIKE 'A%'" })],
      })
      const read = usersWith({
        columns: [
          column('size', 'text', { default: "'s'::text" }),
          column('n', 'integer', { default: "'-5'::integer" }),
        ],
        constraints: [
          check(
            'ck',
            "((size = ANY (ARRAY['s'::text, 'l'::text])) AND ((age >= 1) AND (age <= 9)))",
          ),
        ],
        indexes: [index('ix', ['lower(name)'], { where: "(name ~~ 'A%'::text)" })],
      })

      expect(diff(read, said)).toEqual([])
    })

    it('is nothing when only a constraint has another name', () => {
      const named = usersWith({ constraints: [unique('users_name_key', 'name')] })

      expect(diff(named, usersWith({ constraints: [unique('uq_users_name', 'name')] }))).toEqual([])
    })

    it('is nothing between the models and the tables that were made of them', () => {
      const registry = new Registry()
      void class extends entity(
        'users',
        {
          id: t.integer().primaryKey(),
          size: t.enum('small', "o'clock").default('small').index(),
          flag: t.boolean().default(false),
          at: t.timestamp().defaultSql('CURRENT_TIMESTAMP'),
          data: t.json().default({ b: 1 }),
          n: t.integer().default(-5).check('n BETWEEN -9 AND 9'),
          up: t
            .integer()
            .nullable()
            .references(() => ({ table: 'users', name: 'id' }), { onDelete: 'set null' }),
        },
        { registry, uniques: [['size', 'n']], indexes: [{ on: [{ sql: 'lower(size)' }] }] },
      ) {}
      const db = openSqlite()
      createAll(db, registry)

      expect(inShort(diff(inspect(db), schemaOf(registry, sqlite)))).toEqual([])
    })
  })

  describe('in the columns', () => {
    it('is a column that is new', () => {
      const email = column('email')

      expect(diff(usersWith(), usersWith({ columns: [email] }))).toEqual([
        { kind: 'add column', table: 'users', column: email },
      ])
    })

    it('is a column that is gone', () => {
      const email = column('email')

      expect(diff(usersWith({ columns: [email] }), usersWith())).toEqual([
        { kind: 'drop column', table: 'users', column: email },
      ])
    })

    it('knows what the rows get when a column that is gone is brought back', () => {
      const email = column('email')
      const options = { backfills: { 'users.email': "''" } }

      expect(diff(usersWith({ columns: [email] }), usersWith(), options)).toEqual([
        { kind: 'drop column', table: 'users', column: email, backfill: "''" },
      ])
    })

    it.each([
      ['type', column('email', 'varchar(80)')],
      ['nullability', column('email', 'text', { isNullable: true })],
      ['default', column('email', 'text', { default: "'none'" })],
      ['counter', column('email', 'text', { isGenerated: true })],
    ])('is another %s: the column stays the same column', (_, to) => {
      const from = column('email')

      expect(diff(usersWith({ columns: [from] }), usersWith({ columns: [to] }))).toEqual([
        { kind: 'alter column', table: 'users', from, to },
      ])
    })

    it('tells what the rows get that are there already', () => {
      const backfills = { 'users.email': "''", 'users.age': '0' }
      const grown = schema({
        ...users,
        columns: [id, column('name'), column('age', 'bigint'), column('email')],
      })

      const operations = diff(schema(users), grown, { backfills })

      expect(operations).toHaveLength(2)
      expect(operations.find(({ kind }) => kind === 'add column')).toMatchObject({ backfill: "''" })
      expect(operations.find(({ kind }) => kind === 'alter column')).toMatchObject({
        backfill: '0',
      })
    })
  })

  describe('in the tables', () => {
    it('is a table that is new, with all that it has', () => {
      const tags = table('tags', {
        columns: [column('name')],
        constraints: [unique('uq', 'name')],
        indexes: [index('ix', ['name'])],
      })

      expect(diff(schema(users), schema(users, tags))).toEqual([
        { kind: 'create table', table: tags },
      ])
    })

    it('is a table that is gone', () => {
      expect(diff(schema(users, posts), schema(users))).toEqual([
        { kind: 'drop table', table: posts },
      ])
    })
  })

  describe('in the constraints', () => {
    it('is one that is new', () => {
      const added = unique('uq_users_name', 'name')

      expect(diff(usersWith(), usersWith({ constraints: [added] }))).toEqual([
        { kind: 'add constraint', table: 'users', constraint: added },
      ])
    })

    it('is one that is gone, by the name that the database has for it', () => {
      const there = unique('users_name_key', 'name')

      expect(diff(usersWith({ constraints: [there] }), usersWith())).toEqual([
        { kind: 'drop constraint', table: 'users', constraint: there },
      ])
    })

    it('is one that says something else: it is dropped and added', () => {
      const words = (sql: string) => usersWith({ constraints: [check('ck_users_name_enum', sql)] })

      expect(short(words("name IN ('a')"), words("name IN ('a', 'b')"))).toEqual([
        'drop constraint users ck_users_name_enum',
        'add constraint users ck_users_name_enum',
      ])
    })

    it('is a rule of a foreign key', () => {
      const key = foreignKey('fk_posts_user_id_users', 'user_id', 'users', { onDelete: 'cascade' })
      const strict = { ...posts, constraints: [posts.constraints[0]!, key] }

      expect(short(schema(users, posts), schema(users, strict))).toEqual([
        'drop constraint posts fk_posts_user_id_users',
        'add constraint posts fk_posts_user_id_users',
      ])
    })

    it('is an index', () => {
      const before = usersWith({ indexes: [index('one', ['name']), index('two', ['age'])] })
      const after = usersWith({ indexes: [index('two', ['age'], { where: 'age > 17' })] })

      expect(short(before, after)).toEqual([
        'drop index users one',
        'drop index users two',
        'create index users two',
      ])
    })
  })

  describe('in names', () => {
    const fullName = schema(
      table('users', {
        columns: [column('full_name'), column('age', 'integer')],
        indexes: [index('ix_users_full_name', ['full_name'])],
      }),
    )
    const named = usersWith({ indexes: [index('ix_users_name', ['name'])] })

    it('cannot be seen: a column that was renamed is one that is gone and one that is new', () => {
      expect(short(named, fullName).toSorted()).toEqual([
        'add column users.full_name',
        'create index users ix_users_full_name',
        'drop column users.name',
        'drop index users ix_users_name',
      ])
    })

    it('is a rename when somebody says so, and what stands on the column follows', () => {
      expect(short(named, fullName, { renames: ['users.name:full_name'] })).toEqual([
        'rename column users.name to full_name',
      ])
    })

    it('is asked for', () => {
      expect(questions(named, fullName)).toMatchObject([
        { kind: 'rename', table: 'users', answer: 'users.name:full_name' },
        { kind: 'backfill', column: 'users.full_name' },
      ])
      expect(questions(named, fullName, { renames: ['users.name:full_name'] })).toEqual([])
    })

    it('is a rename of a table, and foreign keys follow', () => {
      const people = { ...users, name: 'people', constraints: [primaryKey('pk_people', 'id')] }
      const key = foreignKey('fk_posts_user_id_people', 'user_id', 'people')
      const after = schema(people, { ...posts, constraints: [posts.constraints[0]!, key] })

      expect(short(schema(users, posts), after, { renames: ['users:people'] })).toEqual([
        'rename table users to people',
      ])
    })

    it('are exchanged by way of a third', () => {
      const before = schema(table('users', { columns: [column('a'), column('b', 'integer')] }))
      const after = schema(table('users', { columns: [column('b'), column('a', 'integer')] }))

      expect(short(before, after, { renames: ['users.a:b', 'users.b:a'] })).toEqual([
        'rename column users.b to b_old',
        'rename column users.a to b',
        'rename column users.b_old to a',
      ])
    })

    it('that nobody has are refused', () => {
      expect(short(named, named)).toEqual([])
      const error = raised(() => diff(named, fullName, { renames: ['users.nmae:full_name'] }))

      expect(error).toBeInstanceOf(RenameError)
      expect((error as Error).message).toContain('no column "users.nmae"')
    })
  })

  describe('in an order that the database takes', () => {
    const before = usersWith({
      columns: [column('old', 'integer')],
      constraints: [
        check('ck_old', 'old > 0'),
        unique('uq_old', 'old'),
        foreignKey('fk_old', 'old', 'users'),
      ],
      indexes: [index('ix_old', ['old'])],
    })
    const after = usersWith({
      columns: [column('new', 'integer')],
      constraints: [
        foreignKey('fk_new', 'new', 'users'),
        check('ck_new', 'new > 0'),
        unique('uq_new', 'new'),
      ],
      indexes: [index('ix_new', ['new'])],
    })

    it('drops what refers to a column first, and makes it last', () => {
      const steps = short(before, after)
      const add = 'add column users.new'
      const drop = 'drop column users.old'

      expect(steps).toHaveLength(10)
      expect(only(steps, add, drop)).toEqual([add, drop])
      for (const one of [
        'index users ix_old',
        'constraint users ck_old',
        'constraint users uq_old',
      ])
        expect(only(steps, `drop ${one}`, drop)).toEqual([`drop ${one}`, drop])
      expect(only(steps, add, 'create index users ix_new')).toEqual([
        add,
        'create index users ix_new',
      ])
      for (const one of ['add constraint users ck_new', 'add constraint users uq_new'])
        expect(only(steps, add, one)).toEqual([add, one])
    })

    it('drops foreign keys before all else: they lean on what makes their target unique', () => {
      expect(short(before, after)[0]).toBe('drop constraint users fk_old')
    })

    it('adds foreign keys after all else, the indexes too: one may make their target unique', () => {
      expect(short(before, after).at(-1)).toBe('add constraint users fk_new')
    })

    it('alters a column while nothing refers to it', () => {
      const coded = usersWith({
        columns: [column('code')],
        constraints: [check('ck_code', "code <> ''")],
        indexes: [index('ix_code', ['lower(code)'])],
      })
      const numbered = usersWith({
        columns: [column('code', 'integer')],
        constraints: [check('ck_code', 'code > 0')],
        indexes: [index('ix_code', ['code'])],
      })
      const steps = short(coded, numbered)
      const alter = 'alter column users.code'

      expect(steps).toHaveLength(5)
      for (const one of ['drop constraint users ck_code', 'drop index users ix_code'])
        expect(only(steps, one, alter)).toEqual([one, alter])
      for (const one of ['add constraint users ck_code', 'create index users ix_code'])
        expect(only(steps, alter, one)).toEqual([alter, one])
    })

    it('creates parents before children, and drops children before parents', () => {
      const nothing = schema()

      expect(short(nothing, schema(posts, users))).toEqual([
        'create table users',
        'create table posts',
      ])
      expect(short(schema(users, posts), nothing)).toEqual(['drop table posts', 'drop table users'])
    })

    it('drops tables before it creates others, which may take over the name of an index', () => {
      const recent = (name: string) => table(name, { indexes: [index('recent', ['id'])] })

      expect(short(schema(recent('news')), schema(recent('articles')))).toEqual([
        'drop table news',
        'create table articles',
      ])
    })

    it('opens a circle of tables with a foreign key that comes later, and goes earlier', () => {
      const pointing = (name: string, target: string) =>
        table(name, {
          columns: [column('other', 'integer')],
          constraints: [foreignKey(`fk_${name}`, 'other', target)],
        })
      const circle = schema(pointing('eggs', 'hens'), pointing('hens', 'eggs'))

      expect(short(schema(), circle)).toEqual([
        'create table eggs',
        'create table hens',
        'add constraint eggs fk_eggs',
      ])
      expect(short(circle, schema())).toEqual([
        'drop constraint eggs fk_eggs',
        'drop table hens',
        'drop table eggs',
      ])
    })

    it('puts a foreign key aside while its two ends change their type', () => {
      const big = (name: 'users' | 'posts', one: typeof users) => ({
        ...one,
        name,
        columns: one.columns.map((each) =>
          each.type === 'integer' ? { ...each, type: 'bigint' } : each,
        ),
      })

      expect(short(schema(users, posts), schema(big('users', users), big('posts', posts)))).toEqual(
        [
          'drop constraint posts fk_posts_user_id_users',
          'alter column users.id',
          'alter column users.age',
          'alter column posts.id',
          'alter column posts.user_id',
          'add constraint posts fk_posts_user_id_users',
        ],
      )
    })

    it('adds a foreign key after the column that it points to', () => {
      const key = foreignKey('fk', 'user_id', 'users', {
        target: { table: 'users', columns: ['code'] },
      })
      const after = schema(
        table('users', {
          columns: [...users.columns.slice(1), column('code', 'integer')],
          constraints: [unique('uq_users_code', 'code')],
        }),
        { ...posts, constraints: [posts.constraints[0]!, key] },
      )

      const steps = short(schema(users), after)

      expect(steps).toContain('create table posts')
      expect(steps.filter((step) => step !== 'create table posts')).toEqual([
        'add column users.code',
        'add constraint users uq_users_code',
        'add constraint posts fk',
      ])
      expect(steps.at(-1)).toBe('add constraint posts fk')
    })
  })

  describe('and the way back', () => {
    const there: Schema = schema(users, posts)
    const then = schema(
      table('people', {
        columns: [column('full_name'), column('age', 'bigint')],
        constraints: [unique('uq_people_age', 'age')],
        indexes: [index('ix_people_full_name', ['full_name'])],
      }),
    )
    const renames = ['users:people', 'users.name:full_name']

    it('leads to the first schema again', () => {
      const operations = diff(there, then, { renames })
      const after = schemaAfter(there, operations)

      expect(diff(after, then)).toEqual([])
      expect(diff(schemaAfter(after, reverse(operations)), there)).toEqual([])
    })

    it('takes the steps from the last to the first, each turned round', () => {
      const back = inShort(reverse(diff(there, then, { renames })))

      expect(back).toContain('create table posts')
      expect(back).toContain('drop index people ix_people_full_name')
      expect(only(back, 'alter column people.age', 'drop constraint people uq_people_age')).toEqual(
        ['drop constraint people uq_people_age', 'alter column people.age'],
      )
      expect(back.slice(-2)).toEqual([
        'rename column people.full_name to name',
        'rename table people to users',
      ])
    })
  })

  it('is not looked for between two databases', () => {
    expect(short(schema(), schema(users))).toEqual(['create table users'])
    expect(() => diff(empty(postgres), schema(users))).toThrow(TypeError)
  })

  it('from nothing is everything', () => {
    expect(short(empty(postgres), { ...schema(users, posts), dialect: 'postgres' })).toEqual([
      'create table users',
      'create table posts',
    ])
  })
})
