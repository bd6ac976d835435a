import type { Contender } from './contender.ts'
import type { PeerName } from './peer-names.ts'

/** What people use today. Each is a package of this folder alone, so it may not be there. */
const peers: Readonly<Record<PeerName, () => Promise<{ readonly contender: Contender }>>> = {
  kysely: () => import('./contenders/kysely.ts'),
  drizzle: () => import('./contenders/drizzle.ts'),
  typeorm: () => import('./contenders/typeorm.ts'),
  'mikro-orm': () => import('./contenders/mikro-orm.ts'),
}

/** The peers that are installed, and the names of those that are not. */
export async function openPeers(names: readonly PeerName[]) {
  const found: Contender[] = []
  const missing: PeerName[] = []
  for (const name of names) {
    try {
      const { contender } = await peers[name]()
      found.push(contender)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
      missing.push(name)
    }
  }
  return { found, missing }
}
