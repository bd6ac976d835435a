import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { root } from '../root.ts'
import { type Finding, good, note, reason, wrong } from './finding.ts'
import { examineNode } from './node.ts'

/** Everything the doctor looks at, in this order. */
export const examinations: readonly (() => Finding | Promise<Finding>)[] = [
  () => examineNode(),
  examineSqliteDriver,
  examineKoffi,
  examineSqliteLibrary,
  examineGit,
  examineFolder,
  () => examinePort(8000),
  examinePostgres,
]

const rebuild = (name: string) =>
  `npm rebuild ${name} (native code is built for one version of Node; if that fails, delete node_modules and run npm install)`

async function examineSqliteDriver(): Promise<Finding> {
  const what = 'better-sqlite3'
  try {
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(':memory:')
    const version = database.prepare('SELECT sqlite_version()').pluck().get()
    database.close()
    return good(what, `answers, with SQLite ${version}`)
  } catch (error) {
    return wrong(what, reason(error), rebuild(what))
  }
}

async function examineKoffi(): Promise<Finding> {
  const what = 'koffi'
  try {
    const { default: koffi } = await import('koffi')
    return good(what, `loads, version ${koffi.version}`)
  } catch (error) {
    return wrong(what, reason(error), rebuild(what))
  }
}

/** Stage 01 calls the C library itself: a file of the right name is not enough, it has to answer. */
async function examineSqliteLibrary(): Promise<Finding> {
  const what = 'SQLite C library'
  try {
    const { findSqliteLibrary } = await import('../../driver/sqlite-library.ts')
    const { default: koffi } = await import('koffi')
    const path = findSqliteLibrary()
    const version = koffi.load(path).func('const char *sqlite3_libversion()')()
    return good(what, `${path} answers, version ${version}`)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return wrong(what, 'does not answer (stage 01 calls it)', text.split('\n').join(' '))
  }
}

function examineGit(): Finding {
  const { status, stdout } = spawnSync('git', ['--version'], { encoding: 'utf8' })
  if (status === 0) return good('git', stdout.trim().replace('git version ', ''))
  return wrong(
    'git',
    'not found (diff, reset and carry use it)',
    'Install it from https://git-scm.com/downloads',
  )
}

/** Progress, hints and backups are kept in .workbook/. */
function examineFolder(): Finding {
  const folder = join(root, '.workbook')
  const file = join(folder, `doctor-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, '')
    rmSync(file)
    return good('this folder', 'can be written')
  } catch (error) {
    return wrong('this folder', reason(error), 'Move the course to a folder of your own.')
  }
}

/** The pages of stages 08 and 10 are served here. */
function examinePort(port: number): Promise<Finding> {
  const what = `port ${port}`
  const fix = 'Stop the program that uses it before you start the web pages of stages 08 and 10.'
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(note(what, reason(error), fix)))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(good(what, 'is free'))))
  })
}

function examinePostgres(): Finding {
  const what = 'PostgreSQL'
  const later = 'not needed before stage 09'
  if (process.env.DATABASE_URL) return good(what, `${later}; DATABASE_URL is set`)
  return good(what, `${later}, which brings one of its own; DATABASE_URL would name another`)
}
