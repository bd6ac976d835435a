/** What people use today, as `--peers` takes it. Their packages are installed in this folder alone. */
export const peerNames = [
  'drizzle-prepared',
  'drizzle',
  'kysely',
  'knex',
  'objection',
  'typeorm',
  'mikro-orm',
  'sequelize',
  'prisma',
] as const

export type PeerName = (typeof peerNames)[number]

/** The driver itself: all others are compared with it. */
export const rawName = 'raw'

export const handWrittenName = 'hand-written'

/** `stage-08`: the solution of a stage. */
export const stageName = (number: string): string => `stage-${number}`

/** From this stage on everything is awaited, and there is a second database. */
export const firstAsync = '09'
