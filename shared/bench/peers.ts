import type { Contender } from './contender.ts'
import type { PeerName } from './names.ts'

/** What people use today. Each is a package of this folder alone, so it may not be there. */
const peers: Readonly<Record<PeerName, () => Promise<{ readonly contender: Contender }>>> = {
  kysely: () => import('./contenders/kysely.ts'),
  drizzle: () => import('./contenders/drizzle.ts'),
  typeorm: () => import('./contenders/typeorm.ts'),
  'mikro-orm': () => import('./contenders/mikro-orm.ts'),
}

/** A peer; undefined when it is not installed. */
export async function openPeer(name: PeerName): Promise<Contender | undefined> {
  try {
    const { contender } = await peers[name]()
    return contender
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
