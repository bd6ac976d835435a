import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaPg } from '@prisma/adapter-pg'
import type { Contender, Named, RemoteWork, WithPosts, WithTags } from '../contender.ts'

/** Its client without an engine of its own, on the driver that the others have as well. */
export const contender: Contender = {
  name: 'prisma',
  gives: 'plain objects',
  converts: true,
  storedAs: { boolean: 'BOOLEAN', date: 'DATETIME', format: '%Y-%m-%dT%H:%M:%f+00:00' },
  sqlite: async (seed) => {
    const prisma = await generated('sqlite', new PrismaBetterSqlite3({ url: ':memory:' }))
    for (const statement of seed) await prisma.$executeRawUnsafe(statement)
    return { ...workOn(prisma), run: (sql) => prisma.$executeRawUnsafe(sql) }
  },
  postgres: async (url) =>
    workOn(await generated('postgres', new PrismaPg({ connectionString: url, max: 1 }))),
}

/** What is used here of the client that `prisma generate` writes; it is not there when types are checked. */
interface Client {
  readonly author: {
    findUnique(options: object): Promise<Named | null>
    findMany(options?: object): Promise<(Named & WithPosts & { id: number })[]>
    createMany(options: object): Promise<unknown>
    update(options: object): Promise<unknown>
  }
  readonly post: { findMany(options: object): Promise<WithTags[]> }
  $transaction(queries: readonly Promise<unknown>[]): Promise<unknown>
  $executeRawUnsafe(sql: string): Promise<unknown>
  $disconnect(): Promise<void>
}

async function generated(database: string, adapter: object): Promise<Client> {
  const { PrismaClient } = await import(`../node_modules/.bench-prisma/${database}/client.ts`)
  return new PrismaClient({ adapter })
}

function workOn(prisma: Client): RemoteWork {
  const first = (take: number) => ({ orderBy: { id: 'asc' }, take })

  return {
    find: (id) => prisma.author.findUnique({ where: { id } }),
    loadAll: () => prisma.author.findMany(),
    list: (age) =>
      prisma.author.findMany({ where: { active: true, age }, orderBy: { id: 'asc' }, take: 20 }),
    insert: (added) => prisma.author.createMany({ data: added }),
    openForUpdate: async (limit) => {
      const loaded = await prisma.author.findMany(first(limit))
      return (name) =>
        prisma.$transaction(
          loaded.map(({ id }) => prisma.author.update({ where: { id }, data: { name } })),
        )
    },
    eager: (limit) => prisma.author.findMany({ ...first(limit), include: { posts: true } }),
    manyToMany: (limit) =>
      prisma.post.findMany({ ...first(limit), include: { tags: { include: { tag: true } } } }),
    close: () => prisma.$disconnect(),
  }
}
