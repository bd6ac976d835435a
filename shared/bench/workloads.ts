import assert from 'node:assert/strict'
import type { Named, Work } from './contender.ts'
import { authorCount, authorsWithPosts, type NewAuthor, newAuthor, postsPerAuthor } from './data.ts'

/** Rows have the values of the database, objects those of the program; half an author would be no comparison. */
function checkAuthor(found: Named | null | undefined, id: number) {
  const author = found as (NewAuthor & { id: number; created_at?: string }) | undefined
  const { name, email, age, active, bio, createdAt } = newAuthor(id)
  const own = [author?.id, author?.name, author?.email, author?.age, author?.bio]
  assert.deepEqual(own, [id, name, email, age, bio])
  assert.equal(Boolean(author?.active), active)
  assert.deepEqual(author?.createdAt ?? new Date(author?.created_at ?? 0), createdAt)
}

/** One column of the table. */
export interface Workload {
  readonly name: string
  /** How often it is done in one measurement, so that a clock can see it. */
  readonly times: number
  /** Proves once that a contender does the work, before anything is measured. */
  check(work: Work): Promise<void>
  /** Prepares one measurement, and gives what is measured; undefined for a contender that cannot do it. */
  open(work: Work): Promise<Action> | Action | undefined
  /** Puts the database back, behind the clock. */
  close?(work: Work): unknown
}

export type Action = (i: number) => unknown

const added = Array.from({ length: 10_000 }, (_, i) => newAuthor(i))
const removeAdded = (work: Work) => work.run(`DELETE FROM authors WHERE id > ${authorCount}`)
/** Keys in no order, so that no page of the database is read twice in a row. */
const someId = (i: number) => 1 + ((i * 7919) % authorCount)

export const workloads: readonly Workload[] = [
  {
    name: 'find by pk',
    times: 1000,
    async check(work) {
      checkAuthor(await work.find(7), 7)
      assert.equal((await work.find(authorCount + 1)) ?? undefined, undefined)
    },
    open: (work) => (i) => work.find(someId(i)),
  },
  {
    name: 'load 10k rows',
    times: 1,
    async check(work) {
      const authors = await work.loadAll()
      assert.equal(authors.length, authorCount)
      checkAuthor(authors[9], 10)
    },
    open: (work) => () => work.loadAll(),
  },
  {
    name: 'list of 20',
    times: 100,
    async check(work) {
      const authors = await work.list(21)
      assert.equal(authors.length, 20)
      checkAuthor(authors[1], 101)
    },
    open: (work) => (i) => work.list(1 + 2 * (i % 40)),
  },
  {
    name: 'insert 10k',
    times: 1,
    async check(work) {
      await work.insert(added.slice(0, 100))
      assert.equal((await work.loadAll()).length, authorCount + 100)
      await removeAdded(work)
    },
    open: (work) => () => work.insert(added),
    close: removeAdded,
  },
  {
    name: 'update 1k',
    times: 1,
    async check(work) {
      const rename = await work.openForUpdate(3)
      await rename('renamed')
      const names: (string | undefined)[] = []
      for (const id of [1, 2, 3, 4]) names.push((await work.find(id))?.name)
      assert.deepEqual(names, ['renamed', 'renamed', 'renamed', newAuthor(4).name])
    },
    async open(work) {
      const rename = await work.openForUpdate(1000)
      const name = `renamed ${performance.now()}`
      return () => rename(name)
    },
  },
  {
    name: 'eager 200×10',
    times: 5,
    async check(work) {
      const authors = await work.eager(authorsWithPosts)
      assert.equal(authors.length, authorsWithPosts)
      for (const { posts } of authors) assert.equal(posts.length, postsPerAuthor)
    },
    open: (work) => () => work.eager(authorsWithPosts),
  },
]

/** Compared with nothing: a driver has no identity map. */
export const identityHit: Workload = {
  name: 'identity hit',
  times: 20_000,
  async check(work) {
    const hit = await work.openForHits?.(7)
    if (hit) assert.equal(await hit(), await hit(), 'the same object')
  },
  open: (work) => work.openForHits?.(7),
}
