import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { manage, Registry, readHistory } from '#stage/07-migrations'
import { migrateInProcess } from '../../07-migrations/tests/process.ts'
import { fileText, openProject } from '../../07-migrations/tests/project.ts'
import type { Connection } from '../driver/driver.ts'
import { type PostgresServer, startPostgres } from '../driver/embedded-postgres.ts'
import { openPostgresSync } from '../driver/postgres-sync.ts'

// Stage 07 is tried by its learners on SQLite. Here its tool runs on a real PostgreSQL.

/** The number that the tool locks: the letters of "migrate" as bytes. */
const lockKey = BigInt(`0x${Buffer.from('migrate').toString('hex')}`)

let server: PostgresServer
let url: string
let nextSchema = 0

beforeAll(async () => {
  server = await startPostgres()
}, 60_000)

afterAll(() => server?.stop())

beforeEach(() => {
  const schema = `tool_${process.pid}_${nextSchema++}`
  const connection = openPostgresSync(server.url)
  connection.exec(`CREATE SCHEMA ${schema}`)
  connection.close()
  url = `${server.url}?options=-c%20search_path%3D${schema}`
})

function open(): Connection {
  const connection = openPostgresSync(url)
  onTestFinished(() => connection.close())
  return connection
}

const projectOn = (connection = openPostgresSync(url)) => openProject({ connection })
const applied = (db: Connection) => readHistory(db).map(({ name }) => name)
const tables = (db: Connection) =>
  db
    .values(
      'SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()',
    )
    .flat()
    .sort()

/** A table, and three migrations that each make a table and leave a mark. */
function writeChain({ write }: ReturnType<typeof openProject>): string[] {
  const names = ['0001_marks', '0002_one', '0003_two', '0004_three']
  write('0001_marks', fileText({ up: ['CREATE TABLE marks (n INTEGER)'] }))
  for (const [i, name] of names.entries()) {
    if (i === 0) continue
    const up = [`CREATE TABLE half_${i} (n INTEGER)`, `INSERT INTO marks VALUES (${i})`]
    write(name, fileText({ after: [names[i - 1]!], up, down: [`DROP TABLE half_${i}`] }))
  }
  return names
}

describe('the tool of stage 07 on PostgreSQL', () => {
  it('applies, tells what it did, and does nothing the second time', async () => {
    const project = projectOn()
    const names = writeChain(project)

    expect(await project.tool('migrate')).toBe(0)
    expect(applied(project.db)).toEqual(names)
    expect(readHistory(project.db)[0]!.appliedAt).toEqual(new Date('2026-05-01T09:00:00Z'))
    project.output()
    expect(await project.tool('migrate')).toBe(0)
    expect(project.output()).toBe('No migrations to apply.')
  })

  it('rolls back to where it is told', async () => {
    const project = projectOn()
    const names = writeChain(project)
    await project.tool('migrate')

    expect(await project.tool('rollback', '--to', '2')).toBe(0)
    expect(applied(project.db)).toEqual(names.slice(0, 2))
    expect(tables(project.db)).toEqual(['half_1', 'marks', 'schema_versions'])
  })

  it('takes back a migration that fails, and says so', async () => {
    const project = projectOn()
    const up = ['CREATE TABLE half (n INTEGER)', 'SELECT 1 / 0']
    project.write('0001_broken', fileText({ up }))

    expect(await project.tool('migrate')).toBe(1)
    expect(project.output()).toMatch(/0001_broken failed. It was rolled back/)
    expect(tables(project.db)).toEqual(['schema_versions'])
  })

  it('creates an index concurrently, where the file says that it wants no transaction', async () => {
    const project = projectOn()
    writeChain(project)
    const up = ['CREATE INDEX CONCURRENTLY ix_marks_n ON marks (n)']
    const after = ['0004_three']
    project.write('0005_index', fileText({ after, up }))

    expect(await project.tool('migrate')).toBe(1)
    expect(project.output()).toContain('with the line `-- no transaction`')
    project.write('0005_index', fileText({ after, up, isTransactional: false }))
    expect(await project.tool('migrate')).toBe(0)
    expect(applied(project.db)).toContain('0005_index')
  })

  it('applies everything once when two processes migrate at once, also what is built concurrently', async () => {
    const project = projectOn()
    const names = writeChain(project)
    const up = ['SELECT pg_sleep(0.3)', 'CREATE INDEX CONCURRENTLY ix_marks_n ON marks (n)']
    project.write('0005_index', fileText({ after: [names.at(-1)!], up, isTransactional: false }))

    const outputs = await Promise.all([
      migrateInProcess(project.folder, url),
      migrateInProcess(project.folder, url),
    ])

    expect(outputs).toMatchObject([{ code: 0 }, { code: 0 }])
    const done = outputs.flatMap(({ output }) => output.match(/^Done\.$/gm) ?? [])
    expect(done).toHaveLength(5)
    expect(project.db.get('SELECT COUNT(*) AS n FROM marks')).toEqual({ n: 3 })
  }, 30_000)

  it('leaves the database before a migration when its process is killed in it, and the lock is free', async () => {
    const project = projectOn()
    const names = writeChain(project)

    const killAt = 'INSERT INTO marks VALUES (2)'
    const killed = await migrateInProcess(project.folder, url, { killAt })

    expect(killed.signal ?? killed.code).not.toBe(0)
    expect(applied(project.db)).toEqual(names.slice(0, 2))
    expect(tables(project.db)).not.toContain('half_2')
    expect(await project.tool('migrate')).toBe(0)
    expect(applied(project.db)).toEqual(names)
  }, 30_000)

  it('waits for another process only so long', async () => {
    const other = open()
    const project = projectOn()
    writeChain(project)
    other.get(`SELECT pg_advisory_lock(${lockKey})`)

    expect(await project.tool('migrate', '--wait', '0')).toBe(1)
    expect(project.output()).toMatch(/has held the lock of the migrations for 0 seconds/)
    expect(tables(project.db)).toEqual([])
  })

  it('rebuilds what the files make in a schema of its own, and leaves nothing of it', async () => {
    const connection = open()
    const project = projectOn(connection)
    project.write('0001_marks', fileText({ up: ['CREATE TABLE marks (n INTEGER)'] }))
    await project.tool('migrate')
    project.output()

    const registry = new Registry()
    const warn = () => {}
    expect(await manage(['check'], { connection, registry, folder: project.folder, warn })).toBe(1)
    expect(connection.get('SELECT COUNT(*) AS n FROM marks')).toEqual({ n: 0 })
    const left = connection.values("SELECT 1 FROM pg_namespace WHERE nspname = 'migrations_replay'")
    expect(left).toEqual([])
  })
})
