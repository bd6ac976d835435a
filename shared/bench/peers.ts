import type { Contender } from './contender.ts'
import type { PeerName } from './names.ts'

/** What people use today. Each is a package of this folder alone, so it may not be there. */
const peers: Readonly<Record<PeerName, () => Promise<{ readonly contender: Contender }>>> = {
  'drizzle-prepared': () => import('./contenders/drizzle-prepared.ts'),
  drizzle: () => import('./contenders/drizzle.ts'),
  kysely: () => import('./contenders/kysely.ts'),
  knex: () => import('./contenders/knex.ts'),
  objection: () => import('./contenders/objection.ts'),
  typeorm: () => import('./contenders/typeorm.ts'),
  'mikro-orm': () => import('./contenders/mikro-orm.ts'),
  sequelize: () => import('./contenders/sequelize.ts'),
  prisma: () => import('./contenders/prisma.ts'),
}

/** A peer, whose packages are there. */
export const openPeer = async (name: PeerName): Promise<Contender> =>
  (await peers[name]()).contender
