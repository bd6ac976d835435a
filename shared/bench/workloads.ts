import assert from 'node:assert/strict'
import type { Contender, Named, RemoteWork, Several, Work } from './contender.ts'
import {
  authorCount,
  authorsWithPosts,
  type NewAuthor,
  newAuthor,
  postsWithTags,
  tagsOf,
  titlesOf,
} from './data.ts'

/** One column of the table. */
export interface Workload {
  /** Its name in the file that `--json` writes. */
  readonly key: string
  readonly title: string
  /** How often it is done in one turn, so that a clock can see it. */
  readonly times: number
  /** Proves once that a contender does the work, before anything is measured. */
  check(work: Work, ofObjects: boolean): Promise<void>
  /** Prepares one turn, and gives what is measured; undefined for a contender that cannot do it. */
  open(work: Work): Promise<Action> | Action | undefined
  /** Puts the database back, behind the clock. */
  close?(work: Work): unknown
}

export type Action = (i: number) => unknown

/** A contender did something else than it was asked to: its times would say nothing. */
export class WrongResultError extends Error {
  override readonly name = 'WrongResultError'

  constructor(contender: string, workload: string, cause: Error) {
    super(
      `${contender} is refused: its "${workload}" gives something else than the raw driver.\n${cause.message}`,
      { cause },
    )
  }
}

/**
 * Lets a contender do each workload once, and looks at what it gives.
 *
 * @throws {WrongResultError} when that is not what is in the database
 */
export async function prove({ name }: Contender, work: Work, ofObjects: boolean): Promise<void> {
  for (const { title, check } of [...workloads, identityHit])
    try {
      await check(work, ofObjects)
    } catch (error) {
      if (error instanceof assert.AssertionError) throw new WrongResultError(name, title, error)
      throw error
    }
}

/** Rows have the values of the database, objects those of the program; half an author would be no comparison. */
function checkAuthor(found: Named | null | undefined, expected: NewAuthor, ofObjects: boolean) {
  const author = found as (NewAuthor & { created_at?: string | Date }) | undefined
  const { name, email, age, active, bio, createdAt } = expected
  assert.deepEqual([author?.name, author?.email, author?.age, author?.bio], [name, email, age, bio])
  const date = author?.createdAt ?? author?.created_at ?? 0
  assert.deepEqual(ofObjects ? date : new Date(date), createdAt)
  assert.equal(ofObjects ? author?.active : Boolean(author?.active), active)
}

const idOf = (object: unknown): number => (object as { id: number }).id

function sameWords(found: Iterable<string>, expected: readonly string[]) {
  assert.deepEqual([...found].sort(), expected.toSorted())
}

const added = Array.from({ length: 10_000 }, (_, i) => newAuthor(i))
const removeAdded = (work: Work) => work.run(`DELETE FROM authors WHERE id > ${authorCount}`)
/** Keys in no order, so that no page of the database is read twice in a row. */
const someId = (i: number) => 1 + ((i * 7919) % authorCount)

export const workloads: readonly Workload[] = [
  {
    key: 'findByPk',
    title: 'find by pk',
    times: 1000,
    async check(work, ofObjects) {
      const found = await work.find(7)
      assert.equal(idOf(found), 7)
      checkAuthor(found, newAuthor(7), ofObjects)
      assert.equal((await work.find(authorCount + 1)) ?? undefined, undefined)
    },
    open: (work) => (i) => work.find(someId(i)),
  },
  {
    key: 'load10k',
    title: 'load 10k rows',
    times: 1,
    async check(work, ofObjects) {
      const authors = await work.loadAll()
      assert.equal(authors.length, authorCount)
      const tenth = authors.find((author) => idOf(author) === 10)
      checkAuthor(tenth, newAuthor(10), ofObjects)
    },
    open: (work) => () => work.loadAll(),
  },
  {
    key: 'list20',
    title: 'list of 20',
    times: 100,
    async check(work, ofObjects) {
      const authors = await work.list(21)
      const ids = Array.from({ length: 20 }, (_, i) => 21 + 80 * i)
      assert.deepEqual(authors.map(idOf), ids)
      checkAuthor(authors[1], newAuthor(101), ofObjects)
    },
    open: (work) => (i) => work.list(1 + 2 * (i % 40)),
  },
  {
    key: 'insert10k',
    title: 'insert 10k',
    times: 1,
    async check(work, ofObjects) {
      await work.insert(added.slice(0, 100))
      const authors = await work.loadAll()
      assert.equal(authors.length, authorCount + 100)
      const stored = authors.filter((author) => idOf(author) > authorCount)
      const one = stored.find(({ name }) => name === 'name 99')
      checkAuthor(one, newAuthor(99), ofObjects)
      await removeAdded(work)
    },
    open: (work) => () => work.insert(added),
    close: removeAdded,
  },
  {
    key: 'update1k',
    title: 'update 1k',
    times: 1,
    async check(work, ofObjects) {
      const rename = await work.openForUpdate(3)
      const name = `renamed ${performance.now()}`
      await rename(name)
      for (const id of [1, 2, 3])
        checkAuthor(await work.find(id), { ...newAuthor(id), name }, ofObjects)
      checkAuthor(await work.find(4), newAuthor(4), ofObjects)
    },
    async open(work) {
      const rename = await work.openForUpdate(1000)
      const name = `renamed ${performance.now()}`
      return () => rename(name)
    },
  },
  {
    key: 'eager200x10',
    title: 'eager 200×10',
    times: 4,
    async check(work) {
      const authors = await work.eager(authorsWithPosts)
      assert.equal(authors.length, authorsWithPosts)
      for (const author of authors) sameWords(titlesIn(author.posts), titlesOf(idOf(author)))
    },
    open: (work) => () => work.eager(authorsWithPosts),
  },
  {
    key: 'manyToMany',
    title: 'tags of 200 posts',
    times: 4,
    async check(work) {
      const posts = await work.manyToMany(postsWithTags)
      assert.equal(posts.length, postsWithTags)
      for (const post of posts) sameWords(namesIn(post.tags), tagsOf(idOf(post)))
    },
    open: (work) => () => work.manyToMany(postsWithTags),
  },
]

const titlesIn = (posts: Several<{ title: string }>) => Array.from(posts, ({ title }) => title)

const namesIn = (tags: Several<Named | { tag: Named }>) =>
  Array.from(tags, (tag) => ('tag' in tag ? tag.tag.name : tag.name))

/** Compared with nothing: a driver has no identity map. */
export const identityHit: Workload = {
  key: 'identityHit',
  title: 'identity hit',
  times: 20_000,
  async check(work) {
    const hit = await openForHits(work)
    if (hit) assert.equal(await hit(0), await hit(0), 'the same object')
  },
  open: openForHits,
}

function openForHits(work: RemoteWork) {
  return work.openForHits?.(7) as Promise<Action> | Action | undefined
}
