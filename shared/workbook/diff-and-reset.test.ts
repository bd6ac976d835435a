import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Fixture } from './check/fixture.ts'

const course = new Fixture()

afterEach(() => course.restore())

afterAll(() => course.remove())

/** Without a terminal, as in a script. */
function run(...args: string[]) {
  const command = ['shared/workbook/cli.js', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: course.root,
    encoding: 'utf8',
    input: '',
  })
  return { status, stdout, stderr }
}

function git(...args: string[]) {
  const identity = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.com']
  const { status, stderr } = spawnSync('git', [...identity, ...args], {
    cwd: course.root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
}

const starter = '01-words/starter/words.ts'

function solveFirstTask() {
  course.edit(starter, "return todo('Task 1: greet a person')", 'return name // mine')
}

describe('npm run diff', () => {
  it('shows the way from the untouched starter to the solution, after the learner has committed work', () => {
    git('init', '-q')
    solveFirstTask()
    git('add', '01-words', 'shared', 'package.json')
    git('commit', '-qm', 'my work')

    const { status, stdout } = run('diff', '01')

    expect(status).toBe(0)
    expect(stdout).toContain(`--- ${starter}\n+++ 01-words/solution/words.ts`)
    expect(stdout).toContain("-  return todo('Task 1: greet a person')")
    expect(stdout).not.toContain('mine')
  })

  it('shows the way from the learner’s own code with --mine', () => {
    solveFirstTask()

    const { stdout } = run('diff', '1', '--mine')

    expect(stdout).toContain('-  return name // mine')
    expect(stdout).not.toContain("-  return todo('Task 1")
  })

  it('shows what a stage adds with --added, in some files', () => {
    const { status, stdout } = run('diff', 'shapes', '--added', 'mapping')

    expect(status).toBe(0)
    expect(stdout).toContain('+++ 02-shapes/solution/mapping/shapes.ts')
    expect(stdout).not.toContain('index.ts')
  })

  it('says so when there is no difference', () => {
    const { status, stdout } = run('diff', '02', 'words.ts')

    expect(status).toBe(0)
    expect(stdout).toBe('02-shapes: the starter and the solution do not differ.\n')
  })

  it.each([
    [['diff'], 'npm run diff -- 04'],
    [['diff', '01', '--added'], '01-words is the first stage'],
    [['diff', '01', 'nowhere.ts'], '01-words has no file "nowhere.ts". Its files:\n  index.ts'],
    [['diff', '99'], 'There is no stage "99".'],
  ])('answers wrong use with exit code 2: %j', (args, message) => {
    const { status, stderr } = run(...args)

    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })
})

describe('npm run reset', () => {
  function backups() {
    const folder = join(course.root, '.workbook', 'backups')
    return existsSync(folder) ? readdirSync(folder) : []
  }

  it('puts the starter back and keeps the old one', () => {
    const before = course.read(starter)
    solveFirstTask()
    course.write('01-words/starter/notes.ts', 'export const mine = 1\n')

    const { status, stdout } = run('reset', '01', '--yes')

    expect(status).toBe(0)
    expect(course.read(starter)).toBe(before)
    expect(existsSync(join(course.root, '01-words/starter/notes.ts'))).toBe(false)
    const [backup = ''] = backups()
    expect(stdout).toContain(`Yours is kept in .workbook/backups/${backup}.`)
    const kept = join(course.root, '.workbook', 'backups', backup)
    expect(readFileSync(join(kept, 'words.ts'), 'utf8')).toContain('// mine')
    expect(readFileSync(join(kept, 'notes.ts'), 'utf8')).toContain('mine')
  })

  it('forgets the progress and the hints of what it puts back', () => {
    const passed = { passed: 2, total: 2 }
    const memory = (name: string) => JSON.parse(course.read(`.workbook/${name}`))
    const stages = { '01': { 1: passed }, '02': { 1: passed } }
    course.write('.workbook/progress.json', JSON.stringify({ last: '01', stages }))
    course.write('.workbook/hints.json', '{ "01.2": 3, "02.1": 1 }')
    course.write('01-words/starter/index.ts', '// mine\n')

    run('reset', '01', 'index.ts', '--yes')
    expect(memory('progress.json').stages).toEqual(stages)

    solveFirstTask()
    run('reset', '01', '--yes')
    expect(memory('progress.json')).toEqual({ last: '01', stages: { '02': { 1: passed } } })
    expect(memory('hints.json')).toEqual({ '02.1': 1 })
  })

  it('puts one file back and leaves the others', () => {
    solveFirstTask()
    course.write('01-words/starter/index.ts', '// mine\n')

    expect(run('reset', '01', 'index.ts', '--yes').status).toBe(0)

    expect(course.read('01-words/starter/index.ts')).toContain('export')
    expect(course.read(starter)).toContain('// mine')
  })

  it('brings back a starter that is gone', () => {
    course.delete('01-words/starter')

    expect(run('reset', '01', '--yes').status).toBe(0)

    expect(course.read(starter)).toContain('TODO(1)')
  })

  it('has nothing to do on an untouched starter', () => {
    const { status, stdout } = run('reset', '01')

    expect(status).toBe(0)
    expect(stdout).toContain('nothing to do')
    expect(backups()).toEqual([])
  })

  it('changes nothing when nobody can be asked', () => {
    solveFirstTask()

    const { status, stderr } = run('reset', '01')

    expect(status).toBe(2)
    expect(stderr).toContain('--yes')
    expect(course.read(starter)).toContain('// mine')
  })
})
