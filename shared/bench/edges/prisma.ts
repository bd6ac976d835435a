import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaPg } from '@prisma/adapter-pg'
import type { Entity, Inner, Key, Subject, Values } from '../../workbook/conformance/subject.ts'
import { type Address, both, type Peer } from './peer.ts'

/** A client that is generated from a schema of its own; plain objects. */
export const peer: Peer = {
  packages: ['@prisma/client'],
  databases: both,
  open: async (where) => {
    const { PrismaClient } = await import(clientFor(where.database))
    return subjectOn(new PrismaClient({ adapter: adapterOn(where) }))
  },
}

const adapterOn = ({ database, address }: Address) =>
  database === 'sqlite'
    ? new PrismaBetterSqlite3({ url: `file:${address}` })
    : new PrismaPg({ connectionString: address }, { schema: 'orm_workbook_edges' })

/** The generated client; made where it is missing. */
function clientFor(database: Address['database']): string {
  const client = new URL(`../node_modules/.edges/${database}/client.ts`, import.meta.url)
  if (!existsSync(client)) generate(database)
  return client.href
}

/** Generating needs no engine: any program that is there will do in its place, so that none is downloaded. */
function generate(database: Address['database']): void {
  const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const args = [pathOf('../node_modules/prisma/build/index.js'), 'generate']
  const { status, stderr } = spawnSync(
    process.execPath,
    [...args, '--schema', pathOf(`./prisma/${database}.prisma`)],
    {
      cwd: pathOf('..'),
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    },
  )
  if (status !== 0) throw new Error(`prisma generate failed:\n${stderr}`)
}

function subjectOn(client: any): Subject {
  return {
    ...verbsOn(client),
    converts: ['booleans', 'dates', 'json'],
    load: async (entity, relations, limit) => {
      // Many to many goes through the table between the two.
      const names = relations.map((name) =>
        name === 'tags' ? ['posts_tags', { include: { tag: true } }] : [name, true],
      )
      const found = await model(client, entity).findMany({
        include: Object.fromEntries(names),
        orderBy: { id: 'asc' },
        ...(limit !== undefined && { take: limit }),
      })
      return found.map((one: any) => ({ ...one, tags: one.posts_tags }))
    },
    // Its transactions do not stand in one another.
    transaction: (work) => client.$transaction((tx: any) => work(verbsOn(tx))),
    close: () => client.$disconnect(),
  }
}

const model = (client: any, entity: Entity) => client[entity === 'order' ? 'word' : entity]

/** Its names are plain words. */
const names = new Map([['quo"te', 'quote']])

const toPrisma = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [names.get(name) ?? name, value]),
  )

const fromPrisma = (row: any): any =>
  row && 'quote' in row ? { ...row, 'quo"te': row.quote } : row

const byKey = (key: Key): object =>
  typeof key === 'object' ? { aisle_number: { ...key } } : { id: key }

function verbsOn(client: any): Inner {
  const find = async (entity: Entity, options: object) =>
    (await model(client, entity).findMany(options)).map(fromPrisma)

  return {
    create: async (entity, values) =>
      fromPrisma(await model(client, entity).create({ data: toPrisma(values) })),
    createMany: async (entity, many) =>
      model(client, entity).createManyAndReturn({ data: many.map(toPrisma) }),
    find: async (entity, key) =>
      fromPrisma(await model(client, entity).findUnique({ where: byKey(key) })) ?? undefined,
    where: (entity, filter) => find(entity, { where: toPrisma(filter) }),
    whereNot: (entity, property, value) => find(entity, { where: { [property]: { not: value } } }),
    whereIn: (entity, property, values) => find(entity, { where: { [property]: { in: values } } }),
    whereNotIn: (entity, property, values) =>
      find(entity, { where: { [property]: { notIn: values } } }),
    whereNamed: (entity, name, value) => find(entity, { where: { [name]: value } }),
    contains: (entity, property, text) =>
      find(entity, { where: { [property]: { contains: text } } }),
    sorted: (entity, property, direction) => find(entity, { orderBy: { [property]: direction } }),
    skip: (entity, count) => find(entity, { orderBy: { id: 'asc' }, skip: count }),
    count: (entity) => model(client, entity).count(),
    update: async (entity, key, values) => {
      await model(client, entity).update({ where: byKey(key), data: toPrisma(values) })
    },
    remove: async (entity, key) => {
      await model(client, entity).delete({ where: byKey(key) })
    },
    removeWhere: async (entity, filter) => {
      await model(client, entity).deleteMany({ where: toPrisma(filter) })
    },
  }
}
