import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { UniqueViolation } from '#shared/driver/errors'
import type { RecordedConnection } from '#shared/driver/recorder'
import { type Session, WeakObjects } from '#stage/05-identity-map'
import { open, Post, Tag, User } from './models.ts'

setFlagsFromString('--expose-gc')
const collectNow = runInNewContext('gc') as () => void

let db: RecordedConnection
let session: Session

/**
 * A real garbage collection. What a WeakRef has shown stays alive until the end of the turn, so several turns are needed;
 * the recording keeps stack traces, which keep alive what stood on the stack.
 */
async function collectGarbage(): Promise<void> {
  db.forget()
  for (let i = 0; i < 3; i++) {
    await setTimeout(0)
    collectNow()
  }
  await setTimeout(0)
}

/** Collects until something is so, or it will not be any more: when the collector comes is its own affair. */
async function collectGarbageUntil(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 20 && !isSo(); i++) await collectGarbage()
}

beforeEach(() => {
  ;({ db, session } = open({ identity: 'weak' }))
})

function fill(objects: WeakObjects): void {
  for (let i = 0; i < 100; i++) objects.set(i, new User({ name: 'x', email: `${i}` }))
}

/** A function of its own: a test that waits keeps alive what stands in its own lines. */
function enterNew(objects: WeakObjects, key: number): WeakRef<User> {
  const user = new User({ name: 'old', email: 'o' })
  objects.set(key, user)
  return new WeakRef(user)
}

/** An object that was collected has to be asked for again. */
function fateOf(find: () => unknown): 'collected' | 'still in memory' {
  db.forget()
  find()
  return db.statements.length > 0 ? 'collected' : 'still in memory'
}

describe('Task 6: hold on weakly', () => {
  describe('the objects of a table', () => {
    it('are found as long as the program holds them', async () => {
      const objects = new WeakObjects()
      const user = session.get(User, 1)
      objects.set(1, user)
      await collectGarbage()

      expect(objects.get(1)).toBe(user)
      expect([...objects.values()]).toEqual([user])
    })

    it('leave no entry behind when they are collected', async () => {
      const objects = new WeakObjects()
      for (let i = 0; i < 100; i++) objects.set(i, new User({ name: 'x', email: `${i}` }))
      expect(objects.size).toBe(100)
      await collectGarbageUntil(() => objects.size === 0)

      expect(objects.size).toBe(0)
      expect([...objects.values()]).toEqual([])
    })

    it('keep the entry of a new object when the old one of its key is collected', async () => {
      const objects = new WeakObjects()
      const old = enterNew(objects, 1)
      const user = new User({ name: 'new', email: 'n' })
      objects.set(1, user)
      await collectGarbageUntil(() => old.deref() === undefined)
      // The clean-up comes when it likes: once it has swept out another entry, it was called for the old one too.
      enterNew(objects, 2)
      await collectGarbageUntil(() => objects.size < 2)

      expect(objects.get(1)).toBe(user)
    })

    it('are gone as soon as they are collected, though their entries wait for the clean-up', async () => {
      const objects = new WeakObjects()
      fill(objects)
      await setTimeout(0)
      collectNow()
      // Nothing is awaited from here on: the clean-up has had no turn.

      expect(objects.size).toBe(100)
      expect([...objects.values()]).toEqual([])
      expect(objects.get(1)).toBeUndefined()
      objects.delete(1)
      expect(objects.size).toBeLessThan(100)
    })

    it('can be taken out', () => {
      const objects = new WeakObjects()
      objects.set(1, session.get(User, 1))
      objects.delete(1)

      expect([objects.get(1), objects.size]).toEqual([undefined, 0])
    })

    it('are not waited for any more when they are taken out', () => {
      const unregister = vi.spyOn(FinalizationRegistry.prototype, 'unregister')
      const objects = new WeakObjects()
      objects.set(1, session.get(User, 1))
      objects.delete(1)
      const [answer] = unregister.mock.results
      unregister.mockRestore()

      // True: there was a registration under this token.
      expect(answer?.value).toBe(true)
    })
  })

  it('gives one object for one row, as every session does', () => {
    const alice = session.get(User, 1)

    expect(session.query(User).all()[0]).toBe(alice)
    expect(Object.keys(alice)).toEqual(['id', 'name', 'email', 'age', 'accountType', 'joinedAt'])
    expect(JSON.parse(JSON.stringify(alice)).name).toBe('Alice')
  })

  it('lets an object go that the program has let go of', async () => {
    session.get(User, 1)
    await collectGarbage()

    expect(fateOf(() => session.find(User, 1))).toBe('collected')
  })

  it('keeps what the program holds', async () => {
    const alice = session.get(User, 1)
    await collectGarbage()

    expect(fateOf(() => session.find(User, 1))).toBe('still in memory')
    expect(session.find(User, 1)).toBe(alice)
  })

  it('keeps what the program holds through a relation', async () => {
    const posts = session.query(Post).with({ author: true }).all()
    await collectGarbage()

    expect(fateOf(() => session.find(User, 1))).toBe('still in memory')
    expect(posts).toHaveLength(3)
  })

  describe('a change keeps the object', () => {
    // Functions of their own: a test that waits keeps alive what stands in its own lines.
    const rename = (name: string) => {
      session.get(User, 2).name = name
    }
    const insertAndRename = () => {
      const dan = new User({ name: 'Dan', email: 'dan@example.com' })
      session.save(dan)
      dan.name = 'Daniel'
    }
    const renameAnd = (forget: (user: User) => void) => {
      const bob = session.get(User, 2)
      bob.name = 'Robert'
      forget(bob)
      return new WeakRef(bob)
    }
    const nameOfBob = () => session.get(User, 2).name
    const save = () => session.save(session.get(User, 2))
    const refresh = () => session.refresh(session.get(User, 2))
    const bringBackWithATakenName = () => {
      const tag = session.get(Tag, 2)
      session.expunge(tag)
      tag.name = 'sql'
      expect(() => session.save(tag)).toThrow(UniqueViolation)
    }
    const saveAndRenameInAHook = () => {
      const renamed = Object.assign(session.get(User, 2), {
        age: 50,
        afterSave: () => Object.assign(renamed, { name: 'Robert' }),
      })
      session.save(renamed)
    }

    it('until it is saved', async () => {
      rename('Robert')
      await collectGarbage()
      expect(fateOf(() => session.find(User, 2))).toBe('still in memory')
      expect(nameOfBob()).toBe('Robert')

      save()
      await collectGarbage()
      expect(fateOf(() => session.find(User, 2))).toBe('collected')
      expect(session.get(User, 2).name).toBe('Robert')
    })

    it('also in an object that was new a moment ago', async () => {
      insertAndRename()
      await collectGarbage()

      expect(fateOf(() => session.find(User, 4))).toBe('still in memory')
    })

    it('until the session forgets the object', async () => {
      const cleared = renameAnd(() => session.clear())
      const expunged = renameAnd((user) => session.expunge(user))
      await collectGarbage()

      expect([expunged.deref(), cleared.deref()]).toEqual([undefined, undefined])
    })

    it('also a change inside a Date', async () => {
      session.get(User, 2).joinedAt.setUTCFullYear(1999)
      await collectGarbage()

      expect(session.get(User, 2).joinedAt.getUTCFullYear()).toBe(1999)
    })

    it('also a pair that was added', async () => {
      session.get(Post, 3).tags.add(session.get(Tag, 3))
      await collectGarbage()
      session.save(session.get(Post, 3))

      expect(db.values('SELECT tag_id FROM posts_tags WHERE post_id = 3')).toEqual([[3]])
    })

    it('until it is taken back by refresh', async () => {
      rename('Robert')
      refresh()
      await collectGarbage()

      expect(fateOf(() => session.find(User, 2))).toBe('collected')
    })

    it('until a query writes over it', async () => {
      rename('Robert')
      session.query(User).refresh().all()
      await collectGarbage()

      expect(fateOf(() => session.find(User, 2))).toBe('collected')
    })

    it('also in a detached object that came back and could not be saved', async () => {
      bringBackWithATakenName()
      await collectGarbage()

      expect(fateOf(() => session.find(Tag, 2))).toBe('still in memory')
      expect(session.get(Tag, 2).name).toBe('sql')
    })

    it('also a change that a hook makes after the row is written', async () => {
      saveAndRenameInAHook()
      await collectGarbage()

      expect(fateOf(() => session.find(User, 2))).toBe('still in memory')
    })
  })

  it('only reading does not keep it', async () => {
    expect(session.get(User, 2).name).toBe('Bob')
    await collectGarbage()

    expect(fateOf(() => session.find(User, 2))).toBe('collected')
  })

  it('a strong session keeps everything', async () => {
    ;({ db, session } = open())
    session.query(User).all()
    await collectGarbage()

    expect(fateOf(() => session.find(User, 1))).toBe('still in memory')
  })

  it('goes through a long table with a flat memory', async () => {
    const rows = 50_000
    db.run(
      `WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO tags SELECT i, 'tag ' || i FROM n`,
      [rows + 9],
    )
    const sizes: number[] = []
    let seen = 0
    for (const tags of session.query(Tag).inBatches(1000)) {
      seen += tags.length
      if (seen % 5000 !== 0) continue
      await collectGarbage()
      sizes.push(process.memoryUsage().heapUsed)
    }

    expect(seen).toBe(rows + 3)
    expect(sizes).toHaveLength(10)
    expect(Math.max(...sizes) - sizes[0]!).toBeLessThan(2_000_000)
    await collectGarbage()
    expect(fateOf(() => session.find(Tag, rows))).toBe('collected')
  }, 60_000)
})
