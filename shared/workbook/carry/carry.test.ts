import { spawnSync } from 'node:child_process'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copies } from '../check/copies.ts'
import { Fixture } from '../check/fixture.ts'
import { pristine } from '../check/pristine.ts'

const course = new Fixture()

beforeEach(() => {
  git('init', '-q')
  git('add', '01-words', '02-shapes', 'shared/workbook/pristine')
  git('commit', '-qm', 'the course')
})

afterEach(() => course.restore())

afterAll(() => course.remove())

function git(...args: string[]) {
  const identity = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.com']
  const { status, stderr } = spawnSync('git', [...identity, ...args], {
    cwd: course.root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
}

function carry(...args: string[]) {
  const command = ['shared/workbook/cli.js', 'carry', ...args]
  const env = { ...process.env, INIT_CWD: course.root }
  return spawnSync(process.execPath, command, { cwd: course.root, encoding: 'utf8', env })
}

const origin = '01-words/solution/words.ts'

describe('npm run carry', () => {
  it('brings a fix into the later copies and keeps the gap of the starter', async () => {
    course.edit(origin, 'text.toUpperCase()', 'text.toLocaleUpperCase()')

    const { status, stdout } = carry(origin)

    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^gap kept +01-words\/starter\/words\.ts\n +line 9, by hand, if it applies:\n +return text\.toLocale/m,
    )
    expect(stdout).toMatch(/^updated +02-shapes\/solution\/words\.ts$/m)
    expect(stdout).toMatch(/^updated +02-shapes\/starter\/words\.ts$/m)
    expect(course.read('02-shapes/solution/words.ts')).toBe(course.read(origin))
    expect(course.read('01-words/starter/words.ts')).toContain("return todo('Task 2: shout')")
    expect(await copies.find(await course.open())).toEqual([])
    expect(await pristine.find(await course.open())).toEqual([])
  })

  it('merges what lies outside of the gaps into a starter, and packs it anew', async () => {
    course.edit(origin, 'export function shout', '/** Shouts. */\nexport function shout')

    expect(carry(origin).stdout).toMatch(/^updated +01-words\/starter\/words\.ts$/m)

    expect(course.read('01-words/starter/words.ts')).toContain('/** Shouts. */')
    expect(await pristine.find(await course.open())).toEqual([])
  })

  it('carries what it can and leaves the rest to a person, where a later copy has other lines', () => {
    course.edit('02-shapes/solution/words.ts', 'text.toUpperCase()', 'text.trim().toUpperCase()')
    course.edit(origin, 'text.toUpperCase()', 'text.toLocaleUpperCase()')
    course.edit(origin, 'export function greet', '/** Says hello. */\nexport function greet')

    const { status, stdout } = carry(origin)

    expect(status).toBe(1)
    expect(stdout).toMatch(/^conflict +02-shapes\/solution\/words\.ts\n +line 7, by hand/m)
    const copy = course.read('02-shapes/solution/words.ts')
    expect(copy).toContain('text.trim().toUpperCase()')
    expect(copy).toContain('/** Says hello. */')
    expect(copy).not.toContain('<<<<')
    expect(copy.split('\n')[6]).toContain('text.trim()')
  })

  it('says which copies have the fix already', () => {
    course.edit(origin, 'text.toUpperCase()', 'text.toLocaleUpperCase()')
    carry(origin)

    expect(carry(origin).stdout).toMatch(/^already equal +02-shapes\/solution\/words\.ts$/m)
  })

  it('carries a fix that is committed already, from the commit before it', () => {
    course.edit(origin, 'text.toUpperCase()', 'text.toLocaleUpperCase()')
    git('commit', '-qam', 'a fix')

    expect(carry(origin).stderr).toContain('--base HEAD~1')
    expect(carry(origin, '--base', 'HEAD~1').status).toBe(0)
    expect(course.read('02-shapes/solution/words.ts')).toBe(course.read(origin))
  })

  it.each([
    [[], 'npm run carry -- 03'],
    [['package.json'], 'package.json is no file of a stage'],
    [['01-words/solution/nowhere.ts'], 'is no file of a stage'],
  ])('answers wrong use with exit code 2: %j', (args, message) => {
    const { status, stderr } = carry(...args)

    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })
})
