import { describe, expect, it } from 'vitest'
import { inTaskOrder, select } from './select.ts'

describe('select', () => {
  it.each([
    '2',
    '02',
    'active-record',
    '02-active-record',
    '02-active-record/',
    'active',
    'ACT',
    'Active-Record',
  ])('finds stage 02 by %s', (text) => {
    expect(select(text).stage.folder).toBe('02-active-record')
    expect(select(text).task).toBeUndefined()
  })

  it.each(['11', '0', 'zzz', '', 'record', '-02', '002'])('does not know %j', (text) => {
    expect(() => select(text)).toThrow(`There is no stage "${text}".`)
    expect(() => select(text)).toThrow(/01-manual-mapping[\s\S]*10-blog-app/)
  })

  it.each(['01.1.2', '1.2.', '01.x'])('says how a task is written, not %j', (text) => {
    expect(() => select(text)).toThrow(/^A task is written 01\.2/)
  })

  it('does not guess between several', () => {
    expect(() => select('m')).toThrow('"m" could be 01-manual-mapping or 07-migrations.')
  })

  it('finds a task, and lists the tasks when there is no such one', () => {
    expect(select('01.1').task?.id).toBe(1)
    expect(() => select('01.99')).toThrow(/has no task 99\.\n\nIts tasks:\n {2}01\.1 {2}/)
  })
})

describe('the order of test files', () => {
  it('is that of their numbers', () => {
    const files = ['10-last.test.ts', '2-two.test.ts', '1-one.test.ts']
    expect(files.sort(inTaskOrder)).toEqual(['1-one.test.ts', '2-two.test.ts', '10-last.test.ts'])
  })
})
