import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  ClassChangeError,
  DeclarationError,
  DuplicateObjectError,
  entity,
  IdentityChangeError,
  inherit,
  Registry,
  type Session,
  t,
  UnknownClassError,
} from '#stage/05-identity-map'
import { Customer, Director, Employee, loaded, Manager, open, Person, Task } from './models.ts'

let db: RecordedConnection
let session: Session

beforeEach(() => {
  ;({ db, session } = open())
  db.exec(`
    INSERT INTO people (id, type, name, salary, credit) VALUES
      (1, 'person', 'Pat', NULL, NULL), (2, 'employee', 'Eve', 5000, NULL),
      (3, 'client', 'Cid', NULL, 70), (4, 'manager', 'Max', NULL, NULL), (5, 'director', 'Dot', NULL, NULL);
    INSERT INTO managers (id, level, office) VALUES (4, 3, NULL), (5, 9, 'North');
    INSERT INTO tasks (id, title, person_id) VALUES (1, 'Sell', 2), (2, 'Lead', 4), (3, 'Rest', 1);
  `)
  db.forget()
})

const names = (objects: readonly Person[]) => objects.map(({ name }) => name)

describe('Task 7: one hierarchy, one identity', () => {
  describe('a query for the class at the top', () => {
    it('gives each row as its class, in one statement', () => {
      const people = session
        .query(Person)
        .orderBy((p) => p.id)
        .all()

      expect(people.map((person) => person.constructor)).toEqual([
        Person,
        Employee,
        Customer,
        Manager,
        Director,
      ])
      expect(db).toHaveSentCount(1)
    })

    it('fills the columns of each class, and no others', () => {
      const [pat, eve, cid, max, dot] = session
        .query(Person)
        .orderBy((p) => p.id)
        .all()

      expect(eve).toMatchObject({ name: 'Eve', salary: 5000 })
      expect(cid).toMatchObject({ name: 'Cid', credit: 70 })
      expect(max).toMatchObject({ name: 'Max', level: 3 })
      expect(dot).toMatchObject({ name: 'Dot', level: 9, office: 'North' })
      expect(Object.keys(pat!)).toEqual(['id', 'type', 'name'])
    })

    it('gives real classes: methods, super, instanceof', () => {
      const max = session.get(Person, 4)

      expect(max).toBeInstanceOf(Manager)
      expect(max).toBeInstanceOf(Person)
      expect(max.introduce()).toBe('I am Max, level 3')
    })

    it('can be counted and filtered', () => {
      expect(session.query(Person).count()).toBe(5)
      expect(
        names(
          session
            .query(Person)
            .where((p) => p.name.gt('F'))
            .orderBy((p) => p.name)
            .all(),
        ),
      ).toEqual(['Max', 'Pat'])
    })
  })

  describe('a query for a class below', () => {
    it('gives its rows only, from the table that it shares', () => {
      expect(names(session.query(Employee).all())).toEqual(['Eve'])
      expect(session.query(Customer).count()).toBe(1)
    })

    it('gives its rows only, from a table of its own, and those of its subclasses', () => {
      expect(
        names(
          session
            .query(Manager)
            .orderBy((m) => m.level)
            .all(),
        ),
      ).toEqual(['Max', 'Dot'])
      expect(names(session.query(Director).all())).toEqual(['Dot'])
    })

    it('knows its columns, wherever they stand', () => {
      expect(
        names(
          session
            .query(Employee)
            .where((e) => e.salary.gt(4000).and(e.name.eq('Eve')))
            .all(),
        ),
      ).toEqual(['Eve'])
      expect(
        names(
          session
            .query(Director)
            .where((d) => d.office.eq('North').and(d.level.gt(5)))
            .all(),
        ),
      ).toEqual(['Dot'])
    })
  })

  describe('identity', () => {
    it('is that of the class at the top: a row is one object whatever it is asked as', () => {
      const max = session.get(Person, 4)
      db.forget()

      expect(session.get(Manager, 4)).toBe(max)
      expect(session.query(Manager).all()[0]).toBe(max)
      expect(db).toHaveSentCount(1)
    })

    it('finds no employee under the key of a customer, read or not', () => {
      expect(session.find(Employee, 3)).toBeUndefined()
      const cid = loaded(db, session.get(Person, 3))
      expect(session.find(Employee, 3)).toBeUndefined()
      expect(session.find(Manager, 3)).toBeUndefined()
      expect(session.find(Customer, 3)).toBe(cid)
      expect(db).toHaveSentCount(0)
    })

    it('takes no second object back for the row of a class below', () => {
      const max = session.get(Manager, 4)
      session.expunge(max)
      session.get(Person, 4)

      expect(raised(() => session.save(max))).toBeInstanceOf(DuplicateObjectError)
    })

    it('reads all columns of its class again on refresh', () => {
      const dot = session.get(Person, 5) as Director
      db.run("UPDATE managers SET office = 'South' WHERE id = 5")
      session.refresh(dot)

      expect([dot.office, dot.level, dot.name]).toEqual(['South', 9, 'Dot'])
    })

    it('reads the columns of its class again, whatever class the query asks for', () => {
      const cid = session.get(Customer, 3)
      db.run('UPDATE people SET credit = 80 WHERE id = 3')
      session.query(Person).refresh().all()

      expect(cid).toMatchObject({ name: 'Cid', credit: 80 })
      expect(session.changes(cid)).toEqual({})
    })

    it('ends when another program makes something else of the row', () => {
      const eve = session.get(Person, 2)
      db.run("UPDATE people SET type = 'client', salary = NULL, credit = 10 WHERE id = 2")
      const errors = [
        () => session.query(Person).refresh().all(),
        () => session.query(Customer).refresh().all(),
      ].map(raised)

      for (const error of errors) expect(error).toBeInstanceOf(ClassChangeError)
      expect((errors[0] as Error).message).toContain(
        'The row of Employee#2 is one of the class Customer now',
      )
      expect(eve).toMatchObject({ type: 'employee', salary: 5000 })
      session.expunge(eve)
      expect(session.get(Person, 2)).toMatchObject({ name: 'Eve', credit: 10 })
    })
  })

  describe('relations', () => {
    it('to the class at the top give the classes below', () => {
      const tasks = session.query(Task).with({ person: true }).all()

      expect(tasks.map(({ person }) => person.constructor)).toEqual([Employee, Manager, Person])
      expect(db).toHaveSentCount(2)
    })

    it('of the class at the top are those of the classes below', () => {
      const max = session.get(Manager, 4, { with: { tasks: true } })

      expect(max.tasks.map(({ title }) => title)).toEqual(['Lead'])
      expect(max.tasks.at(0)!.person).toBe(max)
    })

    it('can be asked for in a query', () => {
      expect(
        names(
          session
            .query(Employee)
            .whereHas('tasks', (task) => task.title.eq('Sell'))
            .all(),
        ),
      ).toEqual(['Eve'])
      expect(names(session.query(Manager).whereHasNo('tasks').all())).toEqual(['Dot'])
    })

    it('lazily give the right class as well', () => {
      expect(session.get(Task, 2).person).toBeInstanceOf(Manager)
    })
  })

  describe('writing', () => {
    it('puts the word of the class into the row', () => {
      const eva = new Employee({ name: 'Eva', salary: 100 })
      session.save(eva)

      expect(db.values('SELECT type, name, salary FROM people WHERE id = 6')).toEqual([
        ['employee', 'Eva', 100],
      ])
      expect(session.get(Person, 6)).toBe(eva)
    })

    it('spreads a row over the tables of its class, with one key', () => {
      const mia = new Director({ name: 'Mia', level: 7, office: 'East' })
      session.save(mia)

      expect(db).toHaveSent(['INSERT people', 'INSERT managers'])
      expect(db.values('SELECT id, level, office FROM managers WHERE id = ?', [mia.id])).toEqual([
        [6, 7, 'East'],
      ])
    })

    it('touches the table whose columns have changed', () => {
      const max = loaded(db, session.get(Manager, 4))
      max.level = 4
      session.save(max)

      expect(db).toHaveSent([{ statement: 'UPDATE managers SET level', parameters: [4, 4] }])
    })

    it('ends a row from below', () => {
      session.delete(session.get(Task, 2))
      const max = loaded(db, session.get(Manager, 4))
      session.delete(max)

      expect(db).toHaveSent(['DELETE managers', 'DELETE people'])
      expect(session.find(Manager, 4)).toBeUndefined()
    })

    it('refuses to turn a person into something else', () => {
      const pat = session.get(Person, 1)
      pat.type = 'employee'

      expect(raised(() => session.save(pat))).toBeInstanceOf(IdentityChangeError)
    })
  })

  it('says so when a row is of a class that nobody declared', () => {
    db.run("INSERT INTO people (type, name) VALUES ('robot', 'R2')")
    const error = raised(() => session.query(Person).all())

    expect(error).toBeInstanceOf(UnknownClassError)
    expect((error as Error).message).toContain('people.type holds "robot"')
  })
})

describe('Given: a declaration that inherits', () => {
  it('needs a discriminator at the top', () => {
    const registry = new Registry()
    class Top extends entity('tops', { id: t.integer().primaryKey() }, { registry }) {}
    class Below extends inherit(Top, 'below', { x: t.text() }) {}
    const error = raised(() => Below.table)

    expect(error).toBeInstanceOf(DeclarationError)
    expect((error as Error).message).toContain('.discriminator()')
  })

  it('is listed at the top, or queries there could not make its objects', () => {
    const registry = new Registry()
    class Top extends entity(
      'tops',
      { id: t.integer().primaryKey(), kind: t.text().discriminator(() => []) },
      { registry },
    ) {}
    class Below extends inherit(Top, 'below', { x: t.text() }) {}

    expect((raised(() => Below.table) as Error).message).toContain('does not list it')
  })

  it('does not declare again what it inherits', () => {
    const registry = new Registry()
    class Top extends entity(
      'tops',
      {
        id: t.integer().primaryKey(),
        kind: t.text().discriminator(() => [Below]),
        name: t.text(),
      },
      { registry },
    ) {}
    class Below extends inherit(Top, 'below', { name: t.text() }) {}

    expect(raised(() => Below.table)).toBeInstanceOf(DeclarationError)
  })

  it('makes columns nullable in a table that other classes share', () => {
    const columns = db.all('SELECT name, "notnull" AS required FROM pragma_table_info(\'people\')')

    expect(columns).toContainEqual({ name: 'salary', required: 0 })
    expect(columns).toContainEqual({ name: 'name', required: 1 })
    expect(db.all('SELECT "table" AS target FROM pragma_foreign_key_list(\'managers\')')).toEqual([
      { target: 'people' },
    ])
  })
})
