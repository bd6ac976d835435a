import type { AsyncDatabase } from '#shared/driver/async-driver'

/** All connections of a database, so that nobody else gets one. They are given back at the end of the block, also when a test fails. */
export async function holdAll(db: AsyncDatabase) {
  const held = await Promise.all(Array.from({ length: db.usage.size }, () => db.connect()))
  const release = async () => {
    for (const connection of held) await connection.release()
  }
  return { release, [Symbol.asyncDispose]: release }
}
