import { describe, expect, it } from 'vitest'
import { postgres, sqlite } from '#shared/driver/dialect'
import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import {
  connect,
  createTables,
  dropTables,
  Model,
  Registry,
  registry,
  sortTables,
  type Table,
  t,
} from '#stage/04-relations'
import { PostTag } from './models.ts'

const id = () => t.integer().primaryKey()

const openEmpty = (models: Registry): RecordedConnection => {
  const db = record(openSqlite())
  connect(db, models)
  return db
}

const tableNames = (db: RecordedConnection) =>
  db
    .all(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
    )
    .map(({ name }) => name)

/** Each points to the other; an egg also to a nest. Declared in the wrong order. */
function declareFarm() {
  const models = new Registry()
  class Egg extends Model(
    'eggs',
    {
      id: id(),
      layerId: t.integer().references(() => Chicken.c.id),
      nestId: t.integer().references(() => Nest.c.id),
    },
    { registry: models },
  ) {}
  class Chicken extends Model(
    'chickens',
    {
      id: id(),
      eggId: t
        .integer()
        .nullable()
        .references(() => Egg.c.id),
    },
    { registry: models },
  ) {}
  class Nest extends Model('nests', { id: id() }, { registry: models }) {}
  return { models, Egg, Chicken, Nest }
}

/** `a` points to `b`, and so on: ['a b', 'b c'] */
function tablesOf(...references: readonly string[]) {
  const models = new Registry()
  const names = [...new Set(references.flatMap((one) => one.split(' ')))]
  const classes = new Map<string, { readonly c: object }>()
  for (const name of names) {
    const targets = references
      .filter((one) => one.startsWith(`${name} `))
      .map((one) => one.split(' ')[1]!)
    const columns = targets.map((target) => [
      `${target}Id`,
      t.integer().references(() => Reflect.get(classes.get(target)!.c, 'id')),
    ])
    classes.set(
      name,
      Model(name, { id: id(), ...Object.fromEntries(columns) }, { registry: models }),
    )
  }
  return models.tables
}

/** Sorted inside a group, because the order there does not matter. */
const groupsOf = (...references: readonly string[]) =>
  sortTables(tablesOf(...references)).map((group) =>
    group
      .map(({ name }) => name)
      .sort()
      .join('+'),
  )

/** The names of the other tables that a table points to. */
const parentsOf = ({ name, columns }: Table): string[] =>
  columns.flatMap(({ reference }) => reference?.column().table ?? []).filter((to) => to !== name)

describe('Task 7: order the tables', () => {
  describe('sortTables', () => {
    it('puts each table after those that it points to', () => {
      const order = groupsOf('comments posts', 'comments users', 'posts users')

      expect(order).toEqual(['users', 'posts', 'comments'])
    })

    it('keeps the order of the declaration where nothing else is said', () => {
      expect(groupsOf('one', 'two', 'three')).toEqual(['one', 'two', 'three'])
    })

    it('puts tables that point to each other into one group', () => {
      expect(groupsOf('chickens eggs', 'eggs chickens')).toEqual(['chickens+eggs'])
    })

    it('sees a cycle of any length', () => {
      expect(groupsOf('a b', 'b c', 'c d', 'd a')).toEqual(['a+b+c+d'])
    })

    it('keeps apart what only leads to a cycle, or away from it', () => {
      expect(groupsOf('before a', 'a b', 'b a', 'b after')).toEqual(['after', 'a+b', 'before'])
    })

    it('keeps two cycles apart that only one way joins', () => {
      expect(groupsOf('a b', 'b a', 'b c', 'c d', 'd c')).toEqual(['c+d', 'a+b'])
    })

    it('joins two cycles that share a table', () => {
      expect(groupsOf('a b', 'b a', 'b c', 'c b')).toEqual(['a+b+c'])
    })

    it('lets a table point to itself', () => {
      expect(groupsOf('comments comments', 'comments posts')).toEqual(['posts', 'comments'])
    })

    it('takes a diamond for no cycle', () => {
      const order = groupsOf('top left', 'top right', 'left bottom', 'right bottom')

      expect(order.at(0)).toBe('bottom')
      expect(order.at(-1)).toBe('top')
      expect(order).toHaveLength(4)
    })

    it('overlooks tables of another registry, and sorts nothing into nothing', () => {
      expect(sortTables([PostTag.table])).toEqual([[PostTag.table]])
      expect(sortTables([])).toEqual([])
    })

    it('sorts the blog', () => {
      const names = sortTables(registry.tables).map((group) => group.map(({ name }) => name).join())

      const all = ['comments', 'posts', 'posts_tags', 'profiles', 'tags', 'users']
      expect([...names].sort()).toEqual(all)
      for (const table of registry.tables)
        for (const parent of parentsOf(table))
          expect(names.indexOf(parent), `${parent} before ${table.name}`).toBeLessThan(
            names.indexOf(table.name),
          )
    })
  })

  describe('createAll', () => {
    it('creates the parents first', () => {
      const { models } = declareFarm()
      const db = openEmpty(models)

      models.createAll(db)

      expect(db.statements.map(({ sql }) => /EXISTS (\w+)/.exec(sql)?.[1])[0]).toBe('nests')
      expect(tableNames(db)).toEqual(['chickens', 'eggs', 'nests'])
    })

    it('may run twice', () => {
      const { models } = declareFarm()
      const db = openEmpty(models)

      models.createAll(db)
      models.createAll(db)

      expect(tableNames(db)).toHaveLength(3)
    })

    it('leaves the constraints of a cycle to ALTER TABLE on PostgreSQL, which knows no table before it exists', () => {
      const { models } = declareFarm()
      const [, cycle = []] = sortTables(models.tables)

      const [first, second, ...later] = createTables(cycle, postgres)

      expect(`${first} ${second}`).not.toMatch(/REFERENCES (eggs|chickens)/)
      expect(`${first} ${second}`).toContain('REFERENCES nests (id)')
      expect(later.join('\n')).toContain('ALTER TABLE chickens')
      expect(later.join('\n')).toContain('FOREIGN KEY (egg_id) REFERENCES eggs (id)')
      expect(later).toHaveLength(2)
    })

    it('needs no ALTER TABLE on SQLite, and for no single table', () => {
      const { models } = declareFarm()
      const [[nest] = [], cycle = []] = sortTables(models.tables)

      expect(createTables(cycle, sqlite)).toHaveLength(2)
      expect(createTables([nest!], postgres)).toHaveLength(1)
    })
  })

  describe('dropAll', () => {
    it('drops tables that hold rows, the children first', () => {
      const models = new Registry()
      class Book extends Model(
        'books',
        { id: id(), shelfId: t.integer().references(() => Shelf.c.id) },
        { registry: models },
      ) {}
      class Shelf extends Model('shelves', { id: id() }, { registry: models }) {}
      const db = openEmpty(models)
      models.createAll(db)
      Book.create({ shelfId: Shelf.create({}).id })

      models.dropAll(db)

      expect(tableNames(db)).toEqual([])
    })

    it('drops a cycle whose rows point to each other', () => {
      const { models, Egg, Chicken, Nest } = declareFarm()
      const db = openEmpty(models)
      models.createAll(db)
      const chicken = Chicken.create({})
      const egg = Egg.create({ layerId: chicken.id, nestId: Nest.create({}).id })
      chicken.eggId = egg.id
      chicken.save()

      models.dropAll(db)

      expect(tableNames(db)).toEqual([])
    })

    it('leaves foreign keys on behind it', () => {
      const { models } = declareFarm()
      const db = openEmpty(models)
      models.createAll(db)

      models.dropAll(db)

      expect(db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
    })

    it('drops a cycle at once on PostgreSQL', () => {
      const { models } = declareFarm()
      const [, cycle = []] = sortTables(models.tables)

      expect(dropTables(cycle, postgres)).toHaveLength(1)
      expect(dropTables(cycle, sqlite)).toHaveLength(2)
    })

    it('drops a table whose rows point to each other', () => {
      const models = new Registry()
      class Person extends Model(
        'people',
        {
          id: id(),
          managerId: t
            .integer()
            .nullable()
            .references(() => Person.c.id, { onDelete: 'restrict' }),
        },
        { registry: models },
      ) {}
      const db = openEmpty(models)
      models.createAll(db)
      Person.create({ managerId: Person.create({}).id })

      models.dropAll(db)

      expect(tableNames(db)).toEqual([])
    })
  })
})
