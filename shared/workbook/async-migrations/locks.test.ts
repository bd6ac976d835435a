import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { manage, Registry, runStep } from '#stage/09-async'
import { fileText, migration } from '../../../07-migrations/tests/project.ts'
import type { AsyncConnection, AsyncDatabase } from '../../driver/async-driver.ts'
import { recordAsync } from '../../driver/async-recorder.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openDatabase } from './open-database.ts'
import { everywhere, onPostgres, usePostgres } from './places.ts'
import { behindPooler } from './pooler.ts'
import { migrateInProcess } from './process.ts'
import { applied, openProject, type TestProject, tables, writeChain } from './project.ts'

// Several processes at once, and processes that die: on both databases.

usePostgres()

/** The number that the tool locks: the letters of "migrate" as bytes. */
const lockKey = BigInt(`0x${Buffer.from('migrate').toString('hex')}`)

const run = { waiting: { seconds: 60 }, now: () => new Date() }

type Step = Parameters<typeof runStep>[1]

async function oneStep(database: AsyncDatabase, step: Step): Promise<boolean> {
  await using connection = await database.connect()
  return await runStep(connection, step, run)
}

const timesDone = (outputs: readonly { output: string }[]) =>
  outputs.flatMap(({ output }) => output.match(/^Done\.$/gm) ?? []).length

/** A last migration that builds an index without a lock, and takes its time. */
function writeSlowIndex({ write }: TestProject, seconds = 0.3): void {
  const up = [`SELECT pg_sleep(${seconds})`, 'CREATE INDEX CONCURRENTLY ix_marks_n ON marks (n)']
  write('0005_index', fileText({ after: ['0004_three'], up, isTransactional: false }))
}

describe.each(everywhere)('processes on $name', ({ place }) => {
  it('that migrate at once apply everything once', async () => {
    const project = openProject(await place())
    const names = writeChain(project)

    const outputs = await Promise.all([
      migrateInProcess(project.folder, project.address),
      migrateInProcess(project.folder, project.address),
    ])

    expect(outputs).toMatchObject([{ code: 0 }, { code: 0 }])
    expect(timesDone(outputs)).toBe(names.length)
    expect(await applied(project)).toEqual(names)
    expect((await project.values('SELECT n FROM marks')).sort()).toEqual([1, 2, 3])
  }, 120_000)

  it('that are killed in a migration leave the database as it was before it, and no lock', async () => {
    const project = openProject(await place())
    const names = writeChain(project)

    const killAt = 'INSERT INTO marks VALUES (2)'
    const killed = await migrateInProcess(project.folder, project.address, killAt)

    expect(killed.signal ?? killed.code).not.toBe(0)
    expect(await applied(project)).toEqual(names.slice(0, 2))
    expect(await tables(project)).not.toContain('half_2')
    expect(await project.tool('migrate')).toBe(0)
    expect(await applied(project)).toEqual(names)
    expect((await project.values('SELECT n FROM marks')).sort()).toEqual([1, 2, 3])
  }, 120_000)

  it('that are killed before the history is written have not migrated', async () => {
    const project = openProject(await place())
    const names = writeChain(project)
    await project.tool('migrate', '--to', '1')

    const mark = project.db.dialect.name === 'sqlite' ? '?, ?, ?' : '$1, $2, $3'
    const killAt = `INSERT INTO schema_versions (name, checksum, applied_at) VALUES (${mark})`
    const killed = await migrateInProcess(project.folder, project.address, killAt)

    expect(killed.signal ?? killed.code).not.toBe(0)
    expect(await applied(project)).toEqual(['0001_marks'])
    expect(await project.values('SELECT n FROM marks')).toEqual([])
    expect(await project.tool('migrate')).toBe(0)
    expect(await applied(project)).toEqual(names)
  }, 120_000)

  it.each([
    ['up', '0009_late', [], '0009_late builds on 0008_gone, which this database does not have'],
    ['down', '0002_one', ['0003_two'], '0003_two builds on 0002_one, and this database has it'],
  ] as const)(
    'that come too late do not go %s: their plan does not hold any more',
    async (direction, name, followers, said) => {
      const project = openProject(await place())
      const names = writeChain(project)
      await project.tool('migrate')
      const late = migration(name, { after: ['0008_gone'], up: ['CREATE TABLE late (n INTEGER)'] })
      const step = { migration: late, direction, followers }

      await expect(oneStep(project.db, step)).rejects.toThrow(said)
      expect(await applied(project)).toEqual(names)
      expect(await tables(project)).not.toContain('late')
    },
  )
})

describe('the lock on PostgreSQL', () => {
  /** Another process that has the lock, until it ends. */
  async function withLockElsewhere(database: AsyncDatabase, work: () => Promise<void>) {
    await using other = await database.connect()
    await other.run('BEGIN')
    await other.get(`SELECT pg_advisory_xact_lock(${lockKey})`)
    await work()
    await other.run('ROLLBACK')
  }

  /** Asks until so many transactions wait for an advisory lock. */
  async function untilWaiting(connection: AsyncConnection, wanted: number): Promise<void> {
    const sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while ((await connection.values(sql))[0]![0] !== wanted) await sleep(10)
  }

  it('holds for what is built concurrently too: both processes wait, and none for ever', async () => {
    const project = openProject(await onPostgres.place())
    writeChain(project)
    writeSlowIndex(project)

    const outputs = await Promise.all([
      migrateInProcess(project.folder, project.address),
      migrateInProcess(project.folder, project.address),
    ])

    expect(outputs).toMatchObject([{ code: 0 }, { code: 0 }])
    expect(timesDone(outputs)).toBe(5)
    expect(await applied(project)).toContain('0005_index')
  }, 120_000)

  it('does not stop CREATE INDEX CONCURRENTLY where transactions are stricter by default', async () => {
    const place = await onPostgres.place()
    const strict = `${place.address}%20-c%20default_transaction_isolation%3Dserializable`
    const project = openProject(place)
    writeChain(project)
    writeSlowIndex(project)

    const { code } = await migrateInProcess(project.folder, strict)

    expect(code).toBe(0)
    expect(await applied(project)).toContain('0005_index')
  }, 120_000)

  it('outlives what a server allows to idle transactions', async () => {
    const place = await onPostgres.place()
    const impatient = `${place.address}%20-c%20idle_in_transaction_session_timeout%3D2000`
    const project = openProject(place, { database: openDatabase(impatient) })
    onTestFinished(() => project.db.close())
    writeChain(project)
    writeSlowIndex(project, 3)

    expect(await project.tool('migrate')).toBe(0)

    const refused = project.db.statements.filter(({ error }) => error !== undefined)
    expect(refused.map(({ sql }) => sql)).toEqual([])
    expect(project.db.statements.at(-1)?.sql).toBe('ROLLBACK')
  })

  it('is waited for, and whoever waits is told', async () => {
    const place = await onPostgres.place()
    const project = openProject(place)
    writeChain(project)
    const lines: string[] = []
    let tell = () => {}
    const told = new Promise<void>((resolve) => {
      tell = resolve
    })
    const print = (line: string) => {
      lines.push(line)
      tell()
    }

    let migrating: Promise<number> | undefined
    await withLockElsewhere(project.db, async () => {
      const registry = new Registry()
      const { folder, db: database } = project
      migrating = manage(['migrate'], { database, registry, folder, print, warn: print })
      await told
      expect(await tables(project)).toEqual([])
    })

    expect(await migrating).toBe(0)
    expect(lines[0]).toBe('Another process is migrating this database. Waiting for it...')
    expect(lines.filter((line) => line === 'Done.')).toHaveLength(4)
  })

  it('is waited for only so long', async () => {
    const project = openProject(await onPostgres.place())
    writeChain(project)

    await withLockElsewhere(project.db, async () => {
      expect(await project.tool('migrate', '--wait', '0')).toBe(1)
    })

    expect(project.output()).toMatch(/has held the lock of the migrations for 0 seconds/)
    expect(await tables(project)).toEqual([])
    expect(project.db.usage.holders).toEqual([])
  })

  it('asks for a second connection, where the pool has only one', async () => {
    const place = await onPostgres.place()
    const project = openProject(place, { database: openPostgres(place.address, { max: 1 }) })
    onTestFinished(() => project.db.close())
    writeChain(project)

    expect(await project.tool('migrate')).toBe(1)
    expect(project.output()).toMatch(/need two connections.*this pool lends 1.*{ max: 2 }/)
    expect(await project.tool('status')).toBe(0)
    expect(await tables(project)).toEqual([])
  })

  it('goes when a migration fails', async () => {
    const project = openProject(await onPostgres.place())
    project.write('0001_broken', fileText({ up: ['SELECT 1 / 0'] }))

    expect(await project.tool('migrate')).toBe(1)
    expect(await project.tool('migrate', '--wait', '0')).toBe(1)
    expect(project.output()).not.toContain('has held the lock')
  })

  it('may be lost with its connection: of two that then run the same step, one is let through', async () => {
    const place = await onPostgres.place()
    const project = openProject(place)
    project.write('0001_marks', fileText({ up: ['CREATE TABLE marks (n INTEGER)'] }))
    await project.tool('migrate')
    const up = ['INSERT INTO marks VALUES (1)', 'SELECT pg_advisory_xact_lock(1)']
    const step = { migration: migration('0002_mark', { up }), direction: 'up' } as const
    const run = { waiting: { seconds: 5 }, now: () => new Date() }
    await using one = await project.db.connect()
    await using other = await project.db.connect()
    await using gate = await project.db.connect()

    await gate.run('BEGIN')
    await gate.get('SELECT pg_advisory_xact_lock(1)')
    const both = Promise.allSettled([runStep(one, step, run), runStep(other, step, run)])
    await untilWaiting(gate, 2)
    await gate.run('ROLLBACK')
    const [first, second] = await both

    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected'])
    expect(await project.values('SELECT n FROM marks')).toEqual([1])
    expect(await applied(project)).toEqual(['0001_marks', '0002_mark'])
  })

  it('does not stop the work when its connection goes', async () => {
    const project = openProject(await onPostgres.place())
    const up = [
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND ((classid::bigint << 32) | objid::bigint) = ${lockKey}`,
      'CREATE TABLE marks (n INTEGER)',
    ]
    project.write('0001_marks', fileText({ up }))

    expect(await project.tool('migrate')).toBe(0)
    expect(await applied(project)).toEqual(['0001_marks'])
  })

  it('goes with a process that loses its connection in a migration, which says what is known', async () => {
    const project = openProject(await onPostgres.place())
    const up = ['CREATE TABLE marks (n INTEGER)', 'SELECT pg_terminate_backend(pg_backend_pid())']
    project.write('0001_marks', fileText({ up }))

    expect(await project.tool('migrate')).toBe(1)
    expect(project.output()).toMatch(/0001_marks failed. The connection broke.*`status` tells/)
    project.write('0001_marks', fileText({ up: up.slice(0, 1) }))
    expect(await project.tool('migrate', '--wait', '0')).toBe(0)
    expect(await applied(project)).toEqual(['0001_marks'])
  })

  it('is free after a kill in the middle of what has no transaction, and the history says how far it came', async () => {
    const project = openProject(await onPostgres.place())
    writeChain(project)
    writeSlowIndex(project)

    const killed = await migrateInProcess(project.folder, project.address, 'SELECT pg_sleep(0.3)')

    expect(killed.signal ?? killed.code).not.toBe(0)
    expect(await project.tool('migrate', '--wait', '5')).toBe(1)
    expect(project.output()).toMatch(/0005_index has begun, and never ended/)
    expect(await project.tool('rollback', '--fake', '0005_index')).toBe(0)
    expect(await project.tool('migrate')).toBe(0)
    expect(await applied(project)).toContain('0005_index')
  }, 120_000)

  it('holds behind a pooler that gives each transaction another session, and leaves none of them locked', async () => {
    const place = await onPostgres.place()
    const project = openProject(place, { database: await behindPooler(place.open()) })
    const names = writeChain(project)
    writeSlowIndex(project)

    expect(await project.tool('migrate')).toBe(0)
    expect(await applied(project)).toEqual([...names, '0005_index'])
    expect(await project.tool('rollback', '--to', '4', '--fake', '0005_index')).toBe(0)
    const locks = await project.values(
      `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND ((classid::bigint << 32) | objid::bigint) = ${lockKey}`,
    )
    expect(locks).toEqual([0])
  })

  it('keeps two programs behind one pooler apart', async () => {
    const place = await onPostgres.place()
    const database = await behindPooler(place.open(), 6)
    const project = openProject(place, { database })
    const names = writeChain(project)
    const lines: string[] = []
    const print = (line: string) => void lines.push(line)
    const start = () =>
      manage(['migrate'], {
        database: recordAsync(database),
        registry: new Registry(),
        folder: project.folder,
        print,
        warn: print,
      })

    expect(await Promise.all([start(), start()])).toEqual([0, 0])
    expect(lines.filter((line) => line === 'Done.')).toHaveLength(names.length)
    expect((await project.values('SELECT n FROM marks')).sort()).toEqual([1, 2, 3])
  })
})
