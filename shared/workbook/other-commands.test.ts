import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Fixture } from './check/fixture.ts'
import { endTree, watch as endWithThisProcess, ownGroup, plainEnvironment } from './child.ts'
import { isInRange } from './doctor/node.ts'
import { runCommand } from './run-command.ts'

vi.setConfig({ testTimeout: 120_000 })

let course: Fixture

const starter = '01-words/starter/words.ts'

beforeAll(() => {
  course = new Fixture()
})

afterAll(() => course.remove())

const run = (...args: string[]) => runCommand(course.root, args)

describe('npm start', () => {
  it('shows the map with the progress of the last runs, and the next step', async () => {
    const fresh = await run('start')
    expect(fresh.status).toBe(0)
    expect(fresh.output).toContain('  01  words             ░░░░░░░░░░  0 of 4   functions')
    expect(fresh.output).toContain('Next: stage 01, words (about 1 hour)')
    expect(fresh.output).toContain('npm test -- 01')

    const task = { passed: 2, total: 2 }
    const stages = { '01': { 1: task, 2: task, 3: { passed: 1, total: 2 } } }
    course.write('.workbook/progress.json', JSON.stringify({ last: '01', stages }))
    const later = await run('start')
    expect(later.output).toContain('█████░░░░░  2 of 4')
    expect(later.output).toContain('Next: stage 01, Task 3: count the letters')
    expect(later.output).toContain('run   npm test -- 01.3\n')

    course.write('.workbook/progress.json', 'not JSON')
    expect((await run('start')).output).toContain('0 of 4')
    course.delete('.workbook')
  })

  it('shows stages that are not written yet', async () => {
    const manifest = course.read('shared/workbook/stages.ts')
    course.write(
      'shared/workbook/stages.ts',
      manifest.replace(/"tasks": \[[^\]]*\](?![\s\S]*"tasks")/, '"tasks": []'),
    )
    const [map, demo, test] = await Promise.all([
      run('start'),
      run('start', '02'),
      run('test', '02'),
    ])
    course.write('shared/workbook/stages.ts', manifest)
    expect(map.output).toMatch(/02 {2}shapes +not written yet/)
    expect([demo.status, test.status]).toEqual([2, 2])
    expect(test.output).toContain('Stage 02 (shapes) is not written yet.')
  })

  it('runs a demo on either side, and stops kindly at what is not written yet', async () => {
    const [mine, theirs] = await Promise.all([run('start', '01'), run('start', '01', '--solution')])
    expect(theirs).toEqual({ status: 0, output: 'Hi, Alice\n', timedOut: false })
    expect(mine.status).toBe(1)
    expect(mine.output).toContain('The demo stops here: Task 1: greet a person — not written yet.')
    expect(mine.output).toContain('read  01-words/README.md#task-1-greet-a-person')
    expect(mine.output).toContain('edit  01-words/starter/words.ts:5')
    expect(mine.output).toContain('run   npm test -- 01.1\n')
    expect(mine.output).toContain('npm start -- 01 --solution')
    expect(mine.output).not.toContain('    at ')
  })

  it('hands arguments on, and the exit code back', async () => {
    const demo = course.read('01-words/demo.ts')
    course.write('01-words/demo.ts', 'console.log(process.argv.slice(2))\nprocess.exitCode = 3\n')
    const { status, output } = await run('start', '01', '--fast', 'a b', '--solution')
    course.write('01-words/demo.ts', "console.log('before')\nnull.name\n")
    const broken = await run('start', '01')
    course.write(
      '01-words/demo.ts',
      "import { parseArgs } from 'node:util'\nparseArgs({ options: { serve: { type: 'boolean' } } })\n",
    )
    const misspelt = await run('start', '01', '--sevre')
    course.write('01-words/demo.ts', demo)
    expect(output).toContain("[ '--fast', 'a b' ]")
    expect(status).toBe(3)
    expect(broken.output).toMatch(/before\nTypeError[\s\S]*demo\.ts:2/)
    expect(broken.status).toBe(1)
    expect(misspelt).toMatchObject({ status: 2, output: "Unknown option '--sevre'.\n" })
  })

  it.each(['start', 'test', 'hint', 'diff', 'reset', 'teach', 'grade', 'doctor', 'check', 'carry'])(
    'says how it is used, and that is no error: %s --help',
    async (command) => {
      const { status, output } = await run(command, '--help')
      expect(output).toMatch(new RegExp(`^npm (run )?${command} `))
      expect(status).toBe(0)
    },
  )

  it('says that a solution is missing, as the other commands do', async () => {
    const before = course.read('01-words/solution/index.ts')
    course.delete('01-words/solution/index.ts')
    const uses = [
      ['start', '01', '--solution'],
      ['test', '01', '--solution'],
      ['diff', '01', '--mine'],
      ['diff', '02', '--added'],
    ]
    const results = await Promise.all(uses.map((use) => run(...use)))
    course.write('01-words/solution/index.ts', before)
    for (const { status, output } of results) {
      expect(output).toMatch(/^There is no solution in 01-words\/solution: /)
      expect(output).not.toContain('    at ')
      expect(status).toBe(2)
    }
  })

  it('explains wrong use', async () => {
    const [unknown, option] = await Promise.all([run('start', 'zzz'), run('start', '--nope')])
    expect([unknown.status, option.status]).toEqual([2, 2])
    expect(unknown.output).toContain('There is no stage "zzz"')
  })
})

describe('npm run hint', () => {
  it('gives one hint more each time, and says when it was the last', async () => {
    const first = await run('hint', '01.2')
    expect(first.output).toContain('01-words · Task 2: shout\n\nhint 1 of 3\n  Look.')
    expect(first.status).toBe(0)
    expect((await run('hint', '1.2')).output).toContain('hint 2 of 3\n  Think.')
    const last = await run('hint', 'words.2')
    expect(last.output).toContain('hint 3 of 3\n  Write.\n\nThat was the last hint.')
    expect(last.output).toContain('npm run diff -- 01 --mine')
    expect((await run('hint', '01.2')).output).toContain('hint 3 of 3')
    await run('hint', '01.2', '--reset')
    expect((await run('hint', '01.2')).output).toContain('hint 1 of 3')
    expect((await run('hint', '01.2', '--all')).output).toMatch(/1 of 3[\s\S]*2 of 3[\s\S]*3 of 3/)
  })

  it('takes the first red task of the last run', async () => {
    const stages = { '02': { 1: { passed: 2, total: 2 } } }
    course.write('.workbook/progress.json', JSON.stringify({ last: '02', stages }))
    expect((await run('hint')).output).toContain('02-shapes · Task 2: the way round it')
    course.delete('.workbook')
    expect((await run('hint')).output).toContain('01-words · Task 1: greet a person')
  })

  it('explains wrong use', async () => {
    const results = await Promise.all([
      run('hint', '01.9'),
      run('hint', '--nope'),
      run('hint', '1', '2'),
    ])
    expect(results.map(({ status }) => status)).toEqual([2, 2, 2])
  })
})

describe('npm run doctor', () => {
  it('finds nothing on a machine that runs the course, and notes a port in use', async () => {
    const server = createServer().listen(8000, '127.0.0.1')
    await Promise.race([once(server, 'listening'), once(server, 'error')])
    const { status, output } = await run('doctor')
    server.close()
    expect(output).toMatch(/✓ better-sqlite3[\s\S]*✓ koffi[\s\S]*✓ SQLite C library/)
    expect(output).toMatch(/! port 8000: .*\n {4}→ /)
    expect(output).toContain('PostgreSQL: not needed before stage 09')
    expect(output).toContain('This machine is fit for the course.')
    expect(status).toBe(0)
  })

  it('names what is wrong, with the way out', async () => {
    const { status, output } = await runCommand(course.root, ['doctor'], {
      SQLITE_LIBRARY: '/nowhere/libsqlite3.so',
      PATH: '',
      Path: '',
    })
    expect(output).toMatch(/✗ SQLite C library[^\n]*\n {4}→ [\s\S]*\/nowhere\/libsqlite3\.so/)
    expect(output).toMatch(/✗ git: [^\n]*\n {4}→ Install it/)
    expect(output).toContain('2 to mend.')
    expect(status).toBe(1)
  })

  it.each([
    ['20.18.9', false],
    ['20.19.0', true],
    ['21.9.0', false],
    ['22.12.0', false],
    ['22.13.0', true],
    ['23.11.0', false],
    ['24.0.0', true],
    ['26.1.0', true],
  ])('knows whether Node %s will do', (version, expected) => {
    expect(isInRange(version, '^20.19 || ^22.13 || >=24')).toBe(expected)
  })
})

describe('npm test -- NN --watch', () => {
  // Stage 01 gets a new process for every run, the other stages keep theirs.
  it.each([
    {
      task: '01.1',
      file: starter,
      gap: "return todo('Task 1: greet a person')",
      answer: "return 'Hi, '.concat(name.trim())",
      done: 'Task 1: greet a person is done.',
    },
    {
      task: '02.1',
      file: '02-shapes/starter/mapping/shapes.ts',
      gap: "return todo('Task 1: the area')",
      answer: 'return width * height',
      done: 'Task 1: the area is done.',
    },
  ])('runs $task again after a save, and quits at q', async ({ task, file, gap, answer, done }) => {
    const before = course.read(file)
    const command = ['shared/workbook/cli.js', 'test', task, '--watch']
    const child = spawn(process.execPath, command, {
      cwd: course.root,
      env: plainEnvironment(),
      ...ownGroup,
    })
    endWithThisProcess(child)
    let output = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    const next = async () => {
      await vi.waitFor(() => expect(output).toContain('Watching.'), 100_000)
      const printed = output
      output = ''
      return printed
    }
    try {
      expect(await next()).toContain('Red is where everyone starts')
      course.edit(file, gap, answer)
      expect(await next()).toContain(done)
      course.write(file, 'export const = 1\n')
      expect(await next()).toContain('This is not TypeScript')
      course.write(file, before.replace(gap, "\n\n  throw new Error('mine')"))
      expect(await next()).toContain(`${lineOf(before, gap) + 2} |   throw new Error('mine')`)
      course.write(file, before)
      expect(await next()).toContain('Red is where everyone starts')
      child.stdin.write('q')
      expect(await once(child, 'exit')).toEqual([0, null])
    } finally {
      endTree(child)
    }
  })
})

const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length
