import { spawnSync } from 'node:child_process'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Fixture } from './fixture.ts'

const course = new Fixture()

afterEach(() => course.restore())

afterAll(() => course.remove())

function check(...args: string[]) {
  const command = ['shared/workbook/cli.js', 'check', ...args]
  return spawnSync(process.execPath, command, { cwd: course.root, encoding: 'utf8' })
}

describe('npm run check', () => {
  it('runs the checks that were asked for, says what to do, and sums up', () => {
    course.edit('01-words/solution/words.ts', 'toUpperCase', 'toLocaleUpperCase')

    const { status, stdout } = check('--only', 'numbering,copies')

    expect(status).toBe(1)
    expect(stdout).toMatch(/^✓ numbering /m)
    expect(stdout).toMatch(
      /^✗ copies .*\n +02-shapes\/solution\/words\.ts\n +has drifted .*\n +→ /m,
    )
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 1 failed')
  })

  it('looks only at the stages that are named', () => {
    course.edit('01-words/README.md', '### Task 1', '### Job 1')

    expect(check('01', '--only', 'numbering').status).toBe(1)
    expect(check('shapes', '--only', 'numbering').status).toBe(0)
  })

  it('counts a check that breaks down as failed, and goes on', () => {
    course.write('01-words/mistakes.ts', 'export const = \n')

    const { status, stdout } = check('--only', 'mistakes,copies', '01')

    expect(status).toBe(1)
    expect(stdout).toContain('the check "mistakes" itself')
    expect(stdout).toContain('1 passed, 1 failed')
  })

  it('packs the starters anew', () => {
    course.edit('01-words/starter/words.ts', 'write it', 'write this')

    expect(check('--update-pristine').stdout).toBe(
      '01-words: packed anew\n02-shapes: nothing to do\n',
    )
    expect(check('--only', 'pristine').status).toBe(0)
  })

  it.each([
    [['--only', 'spelling'], 'There is no check "spelling".'],
    [['99'], 'There is no stage "99".'],
  ])('answers wrong use with exit code 2: %j', (args, message) => {
    const { status, stderr } = check(...args)

    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })
})
