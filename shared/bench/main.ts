import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type PostgresServer, startPostgres } from '../driver/embedded-postgres.ts'
import { ownGroup, watch } from '../workbook/child.ts'
import { type Growth, sizes } from './growth.ts'
import { installed, installPeers, whyNot } from './install.ts'
import { firstAsync, handWrittenName, type PeerName, rawName, stageName } from './names.ts'
import { versionOf } from './postgres-rooms.ts'
import { fillPlaces, placesOf } from './report/page.ts'
import { pictureOf } from './report/svg.ts'
import { report } from './report/table.ts'
import { type Machine, type Measured, partOf, type Results, roundTripsIn } from './results.ts'

/** The program of `npm run bench`: shared/workbook/bench.ts has read and checked the arguments. */
const { values } = parseArgs({
  options: {
    stages: { type: 'string', default: '' },
    peers: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    on: { type: 'string' },
    growth: { type: 'boolean', default: false },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    redraw: { type: 'boolean', default: false },
  },
})

/** A million watched objects take more than Node allows itself on a small machine. */
const roomForAMillion = '--max-old-space-size=6144'

const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const missing: Record<string, string> = {}
if (values.redraw) publish(JSON.parse(readFileSync(at('results.json'), 'utf8')))
else await bench()

async function bench(): Promise<void> {
  const results = await measureAll()
  progress('')
  console.log(report(results))
  if (values.json) writeFileSync(values.json, json(results))
  if (values.write) publish(results)
}

async function measureAll(): Promise<Results> {
  const began = performance.now()
  const loadBefore = load()
  const peers = await readyPeers(values.peers.split(',').filter(Boolean) as PeerName[])
  const stages = values.stages.split(',').filter(Boolean)
  const asyncStages = stages.filter((number) => number >= firstAsync).map(stageName)
  const contenders = [handWrittenName, ...stages.map(stageName), ...peers]
  const isOnServer = values.on !== 'sqlite' && asyncStages.length > 0
  const sqlite = values.on === 'postgres' ? new Map() : await inTurns(contenders)
  const postgres = isOnServer ? await postgresPart([...asyncStages, ...peers]) : undefined
  const growth = values.growth ? await growthOf([rawName, ...contenders]) : undefined
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine([loadBefore, load()]),
    versions: installed(),
    rounds,
    seconds,
    minutes: Math.ceil((performance.now() - began) / 60_000),
    missing,
    ...partOf(sqlite),
    ...(postgres && { postgres }),
    ...(growth && { growth }),
  }
}

/** Those that can be measured here, after what is missing was installed. */
async function readyPeers(names: readonly PeerName[]): Promise<PeerName[]> {
  const failure = names.length > 0 ? await installPeers() : undefined
  if (failure) console.log(`${failure}\nWhat is there is measured.\n`)
  const ready: PeerName[] = []
  for (const name of names) {
    const why = await whyNot(name)
    if (why) missing[name] = why
    else ready.push(name)
  }
  return ready
}

async function postgresPart(names: readonly string[]): Promise<Results['postgres']> {
  let server: PostgresServer
  try {
    server = await startPostgres()
  } catch (error) {
    missing.PostgreSQL = (error as Error).message
    return undefined
  }
  try {
    const processes = await inTurns(names, server.url)
    const roundTrips = roundTripsIn(processes)
    return { version: await versionOf(server.url), ...partOf(processes), roundTrips }
  } finally {
    await server.stop()
  }
}

/** Round by round, a fresh process for each: what else the machine does for a while hits all of them. */
async function inTurns(names: readonly string[], server?: string) {
  const found = new Map<string, Measured[]>()
  for (let round = 1; round <= rounds; round++)
    for (const name of names) {
      progress(`${server ? 'PostgreSQL' : 'SQLite'}, round ${round} of ${rounds}: ${name}`)
      const measured = await inProcess<Measured>(name, server ? [`--server=${server}`] : [])
      if (measured) found.set(name, [...(found.get(name) ?? []), measured])
    }
  return found
}

async function growthOf(names: readonly string[]): Promise<Record<string, Growth[]>> {
  const found: Record<string, Growth[]> = {}
  for (const rows of sizes)
    for (const name of names) {
      progress(`${rows} rows: ${name}`)
      const growth = await inProcess<Growth>(name, [`--rows=${rows}`])
      if (growth) found[name] = [...(found[name] ?? []), growth]
    }
  return found
}

/** Measures one contender in a process of its own. Undefined when that did not work; why is noted. */
async function inProcess<T>(name: string, words: readonly string[]): Promise<T | undefined> {
  const program = at('one.ts')
  const args = [roomForAMillion, ...process.execArgv, program, `--name=${name}`]
  const child = spawn(process.execPath, [...args, `--seconds=${seconds}`, ...words], ownGroup)
  watch(child)
  const output: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes) => (output.stdout += bytes))
  child.stderr.on('data', (bytes) => (output.stderr += bytes))
  const status = await new Promise((resolve) => child.once('close', resolve))
  const found = status === 0 ? JSON.parse(output.stdout.trim().split('\n').at(-1) ?? '') : {}
  if (status === 0 && !found.refused) return found
  process.exitCode = 1 // Who is there must be able to do the work.
  missing[name] =
    found.refused ?? `it ended with ${status} (${words.join(' ')}): ${reason(output.stderr)}`
  return undefined
}

/** The line of an error that says what is wrong stands before the stack. */
function reason(text: string): string {
  return text.split('\n').find((line) => /error/i.test(line)) ?? text.trim().slice(-300)
}

/** On a terminal one line that changes. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(60)}\r`)
  else if (text) process.stderr.write(`${text}\n`)
}

function at(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

/** What `--write` writes: page and picture show the numbers of the file, so that they can be drawn from it again. */
function publish(found: Results): void {
  const text = json(found)
  writeFileSync(at('results.json'), text)
  const results: Results = JSON.parse(text)
  writeFileSync(at('results.svg'), pictureOf(results))
  const page = readFileSync(at('README.md'), 'utf8')
  writeFileSync(at('README.md'), fillPlaces(page, placesOf(results)))
}

function json(results: Results): string {
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value
  return `${JSON.stringify(results, rounded, 2)}\n`
}

function machine(load: Machine['load']): Machine {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    load,
  }
}

function load(): number {
  return Number(loadavg()[0]?.toFixed(1))
}
