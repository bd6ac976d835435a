import { beforeEach, describe, expect, it } from 'vitest'
import { ForeignKeyViolation } from '#shared/driver/errors'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  AsyncHookError,
  LostRowError,
  Model,
  RecordStatusError,
  Registry,
  t,
} from '#stage/02-active-record'
import { Order, open, openEmpty, PostTag, User } from './models.ts'

let db: RecordedConnection
let log: string[]

/** A model that writes down when each of its hooks runs, and how many statements had been sent by then. */
function declareTask(own: object = {}) {
  const models = new Registry()
  class Task extends Model(
    'tasks',
    { id: t.integer().primaryKey(), title: t.text().unique() },
    { registry: models },
  ) {}
  for (const when of ['before', 'after'])
    for (const event of ['Save', 'Create', 'Update', 'Delete'])
      Object.assign(Task.prototype, {
        [`${when}${event}`]: () => log.push(`${when}${event} ${db.statements.length}`),
      })
  Object.assign(Task.prototype, own)
  db = openEmpty(models)
  return Task
}

beforeEach(() => {
  log = []
})

describe('Task 7: let the hooks see it', () => {
  describe('the hooks', () => {
    it('stand around an INSERT', () => {
      declareTask().create({ title: 'Write' })

      expect(log).toEqual(['beforeSave 0', 'beforeCreate 0', 'afterCreate 1', 'afterSave 1'])
    })

    it('hear of an INSERT that had nothing to ask back, because the key was given', () => {
      declareTask().create({ id: 7, title: 'Write' })

      expect(log).toEqual(['beforeSave 0', 'beforeCreate 0', 'afterCreate 1', 'afterSave 1'])
    })

    it('stand around an UPDATE', () => {
      const task = declareTask().create({ title: 'Write' })
      log = []

      task.title = 'Read'
      task.save()

      expect(log).toEqual(['beforeSave 1', 'beforeUpdate 1', 'afterUpdate 2', 'afterSave 2'])
    })

    it('stand around a DELETE', () => {
      const task = declareTask().create({ title: 'Write' })
      log = []

      task.delete()

      expect(log).toEqual(['beforeDelete 1', 'afterDelete 2'])
    })

    it('hear nothing after a save that had nothing to send', () => {
      const task = declareTask().create({ title: 'Write' })
      log = []

      task.save()

      expect(log).toEqual(['beforeSave 1', 'beforeUpdate 1'])
    })

    it('hear nothing after a statement that failed', () => {
      const Task = declareTask()
      Task.create({ title: 'Write' })
      log = []

      const error = raised(() => Task.create({ title: 'Write' }))

      expect(error).toBeInstanceOf(Error)
      expect(log).toEqual(['beforeSave 1', 'beforeCreate 1'])
    })

    it('may change what is written', () => {
      class Member extends Model(
        'members',
        { id: t.integer().primaryKey(), email: t.text() },
        { registry: new Registry() },
      ) {
        override beforeSave() {
          this.email = this.email.toLowerCase()
        }
      }
      const members = openEmpty(Member.registry)

      const member = Member.create({ email: 'Bob@Example.com' })
      member.email = 'Robert@Example.com'
      member.save()

      expect(members.values('SELECT email FROM members')).toEqual([['robert@example.com']])
    })

    it('may ask what has changed', () => {
      class Page extends Model(
        'pages',
        { id: t.integer().primaryKey(), title: t.text(), edits: t.integer().default(0) },
        { registry: new Registry() },
      ) {
        override beforeUpdate() {
          if (Object.keys(this.changes()).length > 0) this.edits += 1
        }
      }
      const pages = openEmpty(Page.registry)
      const page = Page.create({ title: 'Draft' })
      pages.forget()

      page.title = 'Final'
      page.save()
      page.save()

      expect(pages).toHaveSent([
        { statement: 'UPDATE pages SET title, edits', parameters: ['Final', 1, 1] },
      ])
    })

    it('see the key and the status of a row that was inserted', () => {
      const seen: unknown[] = []
      class Member extends Model(
        'members',
        { id: t.integer().primaryKey() },
        { registry: new Registry() },
      ) {
        override beforeCreate() {
          seen.push([this.id, this.status])
        }
        override afterCreate() {
          seen.push([this.id, this.status])
        }
      }
      openEmpty(Member.registry)

      Member.create({})

      expect(seen).toEqual([
        [undefined, 'new'],
        [1, 'persisted'],
      ])
    })

    it.each(['beforeSave', 'beforeCreate'])('stop the write when %s throws', (hook) => {
      const refuse = () => {
        throw new RangeError('not today')
      }
      const Task = declareTask({ [hook]: refuse })
      const task = new Task({ title: 'Write' })

      const error = raised(() => task.save())

      expect(error).toBeInstanceOf(RangeError)
      expect(task.status).toBe('new')
      expect(db).toHaveSentCount(0)
    })

    it('keep the row when beforeDelete throws', () => {
      const refuse = () => {
        throw new RangeError('not today')
      }
      const task = declareTask({ beforeDelete: refuse }).create({ title: 'Write' })

      expect(raised(() => task.delete())).toBeInstanceOf(RangeError)
      expect(task.status).toBe('persisted')
      expect(db.values('SELECT title FROM tasks')).toEqual([['Write']])
    })

    it('may not be async, because nothing would wait for them', () => {
      const Task = declareTask({ beforeSave: async () => {} })

      const error = raised(() => Task.create({ title: 'Write' }))

      expect(error).toBeInstanceOf(AsyncHookError)
      expect(error).toHaveProperty('message', expect.stringContaining('beforeSave'))
      expect(db).toHaveSentCount(0)
    })

    it('may not be async after the write either: their errors would be lost', () => {
      const Task = declareTask({ afterSave: async () => {} })

      const error = raised(() => Task.create({ title: 'Write' }))

      expect(error).toBeInstanceOf(AsyncHookError)
      expect(error).toHaveProperty('message', expect.stringContaining('afterSave'))
    })
  })

  describe('delete', () => {
    beforeEach(() => {
      db = open()
    })

    it('removes the row, and keeps the object with its values', () => {
      const carol = User.get(3)
      db.exec('DELETE FROM comments')
      db.forget()

      carol.delete()

      expect(db).toHaveSent([{ statement: 'DELETE users', parameters: [3] }])
      expect(carol).toMatchObject({ id: 3, name: 'Carol', status: 'deleted' })
      expect(User.find(3)).toBeUndefined()
    })

    it('removes by a key of two columns', () => {
      PostTag.get({ postId: 2, tagId: 1 }).delete()

      expect(db.values('SELECT * FROM posts_tags ORDER BY tag_id')).toEqual([
        [1, 1],
        [2, 2],
      ])
    })

    it('removes the row that it was loaded from, even when the program changed the key', () => {
      const order = Order.create({ group: 'a' })
      Order.create({ group: 'b' })

      order.id = 2
      order.delete()

      expect(db.values('SELECT "group" FROM "order"')).toEqual([['b']])
    })

    it.each(['save', 'delete', 'reload'] as const)('refuses to %s it afterwards', (method) => {
      const order = Order.create({ group: 'a' })
      order.delete()
      db.forget()

      const error = raised(() => order[method]())

      expect(error).toBeInstanceOf(RecordStatusError)
      expect(error).toHaveProperty('message', expect.stringContaining('it was deleted'))
      expect(db).toHaveSentCount(0)
    })

    it('refuses a record that was never saved', () => {
      const error = raised(() => new Order({ id: 1, group: 'a' }).delete())

      expect(error).toBeInstanceOf(RecordStatusError)
      expect(error).toHaveProperty('message', expect.stringContaining('it was never saved'))
    })

    it('reports a row that is gone', () => {
      const order = Order.create({ group: 'a' })
      db.exec('DELETE FROM "order"')

      const error = raised(() => order.delete())

      expect(error).toBeInstanceOf(LostRowError)
      expect(error).toHaveProperty('message', expect.stringContaining('DELETE of order 1'))
    })

    it('leaves the record stored when other rows point to it', () => {
      const alice = User.get(1)

      expect(raised(() => alice.delete())).toBeInstanceOf(ForeignKeyViolation)
      expect(alice.status).toBe('persisted')
      expect(User.find(1)).toBeDefined()
    })

    it('does not give the key of a deleted row to the next one', () => {
      const first = Order.create({ group: 'a' })
      first.delete()

      const second = Order.create({ group: 'b' })

      expect(second.id).not.toBe(first.id)
    })
  })
})
