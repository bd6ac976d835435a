import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type { Work } from '../bench/contender.ts'
import { handWritten } from '../bench/contenders/hand-written.ts'
import { sqliteSeed } from '../bench/data.ts'
import { installPeers } from '../bench/install.ts'
import { fillPlaces, placesOf } from '../bench/report/page.ts'
import { pictureOf } from '../bench/report/svg.ts'
import { growthTable, ratiosTable, targetsTable } from '../bench/report/table.ts'
import { type Measured, partOf, type Results } from '../bench/results.ts'
import { countRoundTrips, messages } from '../bench/round-trips.ts'
import { prove, WrongResultError, workloads } from '../bench/workloads.ts'
import { runProgram } from './child.ts'
import { root } from './root.ts'
import { runCommand } from './run-command.ts'

vi.setConfig({ testTimeout: 240_000 })

const bench = (...args: string[]) => runCommand(root, ['bench', ...args])

it('says what it cannot measure, and exits with 2', async () => {
  const outcomes = await Promise.all([
    bench('02'),
    bench('--peers', 'kysely,mybatis'),
    bench('--rounds', 'many'),
    bench('08', '--on', 'postgres'),
    bench('--write', '--quick'),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2])
  const [stage, peer, rounds, database, write] = outcomes.map(({ output }) => output)
  expect(stage).toContain('Only the stages from 04 on are measured.')
  expect(peer).toContain('There is no peer "mybatis".')
  expect(rounds).toContain('--rounds takes a whole number from 1 on, not "many".')
  expect(database).toContain('Only the stages from 09 on work on PostgreSQL.')
  expect(write).toContain('--write is for a whole run')
})

it('measures a stage beside the raw driver, and writes the numbers to a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orm-workbook-bench-'))
  const file = join(folder, 'bench.json')
  const words = ['bench', '06', '--peers', 'none', '--quick', '--json', file]
  const { status, output } = await runProgram(
    process.execPath,
    ['shared/workbook/cli.js', ...words],
    { cwd: root, seconds: 220, env: { INIT_CWD: root } },
  )
  expect(output).toMatch(/raw +\| +1\.00/)
  expect(output).toMatch(/stage-06 +\| +\d/)
  expect(status).toBe(0)
  const results: Results = JSON.parse(readFileSync(file, 'utf8'))
  rmSync(folder, { recursive: true })
  expect(Object.keys(results.ratios)).toEqual(['raw', 'hand-written', 'stage-06'])
  expect(Object.keys(results.ratios['stage-06'] ?? {})).toEqual(keys)
  expect(results.raw.findByPk).toBeGreaterThan(0)
  expect(results.bytesPerObject['stage-06']).toBeGreaterThan(0)
  expect(results.missing).toEqual({})
})

const keys = ['findByPk', 'load10k', 'list20', 'insert10k', 'update1k', 'eager200x10', 'manyToMany']

it('installs the others when one is missing, and says why when that does not work', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orm-workbook-peers-'))
  const at = (...names: string[]) => join(folder, ...names)
  const npm = (script: string) => {
    writeFileSync(at('npm.cjs'), script)
    vi.stubEnv('npm_execpath', at('npm.cjs'))
  }
  const said = vi.spyOn(console, 'log').mockReturnValue()
  writeFileSync(at('package.json'), '{ "dependencies": { "some-orm": "1.2.3" } }')
  mkdirSync(at('node_modules', 'some-orm'), { recursive: true })
  writeFileSync(at('node_modules', 'some-orm', 'package.json'), '{ "version": "1.2.3" }')
  npm('throw new Error("not needed")')
  expect(await installPeers(folder)).toBeUndefined()
  expect(said).not.toHaveBeenCalled()

  writeFileSync(at('package.json'), '{ "dependencies": { "some-orm": "1.2.4" } }')
  npm('if (process.argv[2] !== "ci" || process.argv[3] !== "--prefix") process.exitCode = 1')
  expect(await installPeers(folder)).toBeUndefined()
  expect(said).toHaveBeenCalledWith(expect.stringContaining('npm ci --prefix shared/bench'))

  npm('console.error("no network"); process.exitCode = 1')
  expect(await installPeers(folder)).toBe('npm ci did not work here. It ended with: no network')
  expect(existsSync(at('node_modules'))).toBe(false)
  vi.unstubAllEnvs()
  said.mockRestore()
  rmSync(folder, { recursive: true })
})

it('refuses a contender that gives something else than what is stored', async () => {
  const work = await handWritten.sqlite(sqliteSeed())
  await prove(handWritten, work, true)
  const wrong: Partial<Work>[] = [
    { find: (id) => work.find(id + 1) },
    { loadAll: async () => (await work.loadAll()).slice(1) },
    { list: async (age) => [...(await work.list(age))].reverse() },
    { insert: () => undefined },
    { openForUpdate: () => () => undefined },
    { eager: async (limit) => (await work.eager(limit)).toReversed().slice(1) },
    { manyToMany: async (limit) => [...(await work.manyToMany(limit))].fill({ tags: [] }) },
    { openForHits: () => () => ({}) },
  ]
  for (const part of wrong)
    await expect(prove(handWritten, { ...work, ...part }, true)).rejects.toThrow(WrongResultError)
  const rows = { ...work, find: () => ({ ...author, active: 1 }) }
  await expect(prove(handWritten, rows, true)).rejects.toThrow(/hand-written is refused: its "find/)
  await work.close()
})

/** The seventh, as it would come out of a driver that knows no booleans. */
const author = {
  id: 7,
  name: 'name 7',
  email: 'author7@example.com',
  age: 7,
  bio: null,
  createdAt: new Date(1_700_000_007_000),
}

const measured = (times: number, hit?: number): Measured => ({
  raw: Object.fromEntries(keys.map((key) => [key, 10])),
  own: {
    ...Object.fromEntries(keys.map((key) => [key, 10 * times])),
    ...(hit && { identityHit: hit }),
  },
  rawBytes: 200,
  bytes: 200 * times,
})

const part = partOf(
  new Map([
    ['stage-10', [measured(1.4, 0.5), measured(9, 0.7), measured(1.2, 0.6)]],
    ['kysely', [measured(120)]],
  ]),
)

it('takes the median of the processes', () => {
  expect(part.ratios['stage-10']?.findByPk).toBeCloseTo(1.4)
  expect(part.spread['stage-10']?.findByPk).toEqual([1.2, 9])
  expect(part.identityHit).toEqual({ 'stage-10': 0.6 })
  expect(part.bytesPerObject).toEqual({ raw: 200, 'stage-10': 280, kysely: 24_000 })
})

it('writes the ratios, the targets and the growth as tables', () => {
  const lines = ratiosTable(part, 'better-sqlite3').split('\n')
  expect(lines[0]).toMatch(/find by pk .* tags of 200 posts \| identity hit \(µs\)/)
  expect(lines[2]).toMatch(/^\| better-sqlite3, in µs \| +10\.0 /)
  expect(lines[3]).toMatch(/^\| raw +\| +1\.00 .* – \| +200 \|$/)
  expect(lines[4]).toMatch(/^\| stage-10 +\| +1\.40 .* 0\.60 \| +280 \|$/)
  expect(lines[5]).toMatch(/^\| kysely +\| +120 .* – \| +24,000 \|$/)
  expect(new Set(lines.map((line) => line.length)).size).toBe(1)
  expect(targetsTable(part, 'stage-10').split('\n').at(-1)).toMatch(
    /\| +met \| +missed \| +met \| +met \| +met \| +missed \|/,
  )
  const point = { milliseconds: 2, microsecondsPerRow: 2, bytesPerObject: 1400 }
  const growth = { raw: [1_000, 10_000].map((rows) => ({ rows, ...point })) }
  expect(growthTable(growth)).toMatch(/\| raw \| +2\.00 \| +2\.00 \| +– \| +– \| +1,400 \|/)
})

const results: Results = {
  ...part,
  date: '2026-11-21',
  machine: { cpu: 'A & B', cores: 2, gigabytes: 8, system: 'x', node: '20', load: [1, 2] },
  versions: { kysely: '0.28.18' },
  rounds: 3,
  seconds: 3,
  minutes: 9,
  missing: {},
}

it('draws a bar for each ratio, and none for what there is not', () => {
  const picture = pictureOf(results)
  const panels = picture.split('<g ').slice(1)
  expect(panels).toHaveLength(workloads.length + 2)
  for (const panel of panels.slice(0, -2)) expect(panel.match(/class="bar/g)).toHaveLength(3)
  expect(panels.at(-2)?.match(/class="bar/g)).toHaveLength(1)
  expect(picture).toContain('@media (prefers-color-scheme: dark)')
  expect(picture).not.toMatch(/NaN|undefined|Infinity/)
})

it('puts what was measured into its places on the page, and leaves the rest alone', () => {
  const place = (name: string, inside = '') => `<!-- measured: ${name} -->\n${inside}<!-- end -->\n`
  const page = `a\n${place('run')}b\n${place('versions', 'old\n')}c\n${place('growth', 'x\n')}`
  const filled = fillPlaces(page, placesOf(results))
  const [run, versions] = [filled.match(/2026-11-21, Node 20, .*\n/)?.[0], 'kysely 0.28.18\n']
  expect(filled).toBe(
    `a\n${place('run', `\n${run}\n`)}b\n${place('versions', `\n${versions}\n`)}c\n${place('growth', 'x\n')}`,
  )
  expect(fillPlaces(filled, placesOf(results))).toBe(filled)
})

it('shows on its page what the last published run found', () => {
  const at = (name: string) => join(root, 'shared', 'bench', name)
  const page = readFileSync(at('README.md'), 'utf8')
  expect(existsSync(at('results.json'))).toBe(true)
  const published: Results = JSON.parse(readFileSync(at('results.json'), 'utf8'))
  expect(fillPlaces(page, placesOf(published))).toBe(page)
  expect(pictureOf(published)).toBe(readFileSync(at('results.svg'), 'utf8'))
})

it('counts how often a question waits for its answer', async () => {
  const server = createServer((socket) => socket.on('data', () => socket.write(ready)))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await using counter = await countRoundTrips(`postgresql://u:p@127.0.0.1:${port}/db`)
  const socket = connect(Number(new URL(counter.url).port), '127.0.0.1')
  await ask(socket, greeting)
  expect(counter.roundTrips).toBe(0)
  await ask(socket, query)
  await ask(socket, query)
  expect(counter.roundTrips).toBe(2)
  socket.destroy()
  server.close()
})

it('reads messages out of a stream that is cut anywhere', () => {
  const seen: string[] = []
  const read = messages({ greets: true }, (type) => seen.push(type))
  for (const byte of Buffer.concat([greeting, query, ready])) read(Buffer.of(byte))
  read(Buffer.concat([query, query]))
  expect(seen).toEqual(['Q', 'Z', 'Q', 'Q'])
})

const greeting = Buffer.from('\0\0\0\x08\0\x03\0\0')
const query = Buffer.from('Q\0\0\0\x09BEGI\0')
const ready = Buffer.from('Z\0\0\0\x05I')

function ask(socket: Socket, bytes: Buffer): Promise<unknown> {
  return new Promise((answered) => {
    socket.once('data', answered)
    socket.write(bytes)
  })
}
