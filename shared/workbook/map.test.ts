import { describe, expect, it } from 'vitest'
import { courseMap } from './map.ts'
import { plain } from './paint.ts'
import type { Progress } from './progress.ts'
import { isWritten } from './select.ts'
import { stages } from './stages.ts'

const green = (number: string) =>
  Object.fromEntries(
    stages
      .find((stage) => stage.number === number)!
      .tasks.map(({ id }) => [id, { passed: 3, total: 3 }]),
  )

const nextOf = (progress: Progress) => courseMap(progress, plain).match(/Next: stage (\d\d)/)?.[1]

describe('the next thing to do', () => {
  it('is the first stage for a newcomer', () => {
    expect(nextOf({ stages: {} })).toBe('01')
  })

  it('is the stage worked on last, as long as it is not done', () => {
    const begun = { ...green('02'), 7: { passed: 1, total: 3 } }

    expect(nextOf({ last: '02', stages: { '02': begun } })).toBe('02')
  })

  it('is the stage after the one that was finished, wherever the learner began', () => {
    expect(nextOf({ last: '02', stages: { '02': green('02') } })).toBe('03')
  })

  it('is what was left out before, when nothing comes after', () => {
    const written = stages.filter(isWritten).map(({ number }) => number)
    const later = written.slice(1)

    const done = Object.fromEntries(later.map((number) => [number, green(number)]))

    expect(nextOf({ last: later.at(-1)!, stages: done })).toBe('01')
  })

  it('is none when every stage is green', () => {
    const done = stages.filter(isWritten).map(({ number }) => [number, green(number)])

    expect(courseMap({ stages: Object.fromEntries(done) }, plain)).toContain(
      'Every stage that is written is green.',
    )
  })
})
