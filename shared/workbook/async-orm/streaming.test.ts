import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../driver/embedded-postgres.ts'

// How much memory is in use when all is collected that nobody needs: it says whether rows are held, and no clock is asked.

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
}, 120_000)
afterAll(() => server?.stop())

const program = fileURLToPath(new URL('streaming-program.ts', import.meta.url))

async function read(way: 'rows' | 'objects', count: number, url?: string) {
  const flags = ['--expose-gc', '--conditions', 'solution', '--import', 'tsx', program]
  const given = [way, String(count), ...(url ? [url] : [])]
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...given])
  return JSON.parse(stdout) as { rows: number; sum: number; parts: number; megabytes: number[] }
}

const databases = [
  { name: 'SQLite', url: () => undefined },
  { name: 'PostgreSQL', url: () => server.url },
]

describe.each(databases)('on $name', ({ url }) => {
  it('a million rows are read in parts, and no more than a few parts are in memory', async () => {
    const { rows, sum, parts, megabytes } = await read('rows', 1_000_000, url())

    expect([rows, sum, parts]).toEqual([1_000_000, 500_000_500_000, 1000])
    expect(megabytes).toHaveLength(10)
    // All of them at once would be more than 100.
    expect(Math.max(...megabytes)).toBeLessThan(20)
  }, 240_000)

  it('objects that the program has let go of are not held by a weak session', async () => {
    const { rows, parts, megabytes } = await read('objects', 200_000, url())

    expect([rows, parts]).toEqual([200_000, 200])
    // It levels off: 160,000 more take no room.
    const [, second, ...later] = megabytes
    expect(Math.max(...later) - second!).toBeLessThan(10)
    expect(Math.max(...megabytes)).toBeLessThan(50)
  }, 240_000)
})
