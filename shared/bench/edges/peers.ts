import { existsSync, readFileSync } from 'node:fs'
import { ownSubject } from '../../workbook/conformance/own.ts'
import { own } from './names.ts'
import type { Peer } from './peer.ts'
import { both } from './peer.ts'

/** Those that are asked, in the order of the columns. */
const peers: Readonly<Record<string, () => Promise<{ readonly peer: Peer }>>> = {
  drizzle: () => import('./drizzle.ts'),
  kysely: () => import('./kysely.ts'),
  knex: () => import('./knex.ts'),
  objection: () => import('./objection.ts'),
  typeorm: () => import('./typeorm.ts'),
  'mikro-orm': () => import('./mikro-orm.ts'),
  sequelize: () => import('./sequelize.ts'),
  prisma: () => import('./prisma.ts'),
}

export const peerNames = Object.keys(peers)

/** A peer; undefined when it is not installed. */
export async function openPeer(name: string): Promise<Peer | undefined> {
  if (name === own) return ownPeer
  try {
    return (await peers[name]!()).peer
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

const ownPeer: Peer = {
  packages: [],
  databases: both,
  open: async ({ ground }) => ownSubject(ground.open()),
}

/** `kysely 0.28.18` */
export function versionsOf({ packages }: Peer): string[] {
  return packages.map((name) => {
    const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
    return existsSync(file) ? `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}` : name
  })
}
