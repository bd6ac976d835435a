/** What people use today, as `--peers` takes it. Their packages are installed in this folder alone. */
export const peerNames = ['kysely', 'drizzle', 'typeorm', 'mikro-orm'] as const

export type PeerName = (typeof peerNames)[number]

export const howToInstall = 'npm install --prefix shared/bench'

/** From this stage on everything is awaited, and there is a second database. */
export const firstAsync = '09'

/** Behind the number of a stage: the same on PostgreSQL. */
export const onPostgres = '@postgres'
