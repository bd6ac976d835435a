import { shownPath } from './link.ts'
import type { TestOutcome } from './run/outcome.ts'
import type { Suite } from './suite.ts'

/** With more failures than these nobody was disturbed: something is broken. */
const most = 5

/**
 * The files whose failures may come from the machine: the tests of shared/ start servers, browsers and other processes beside each other.
 * They are run once more, alone, and the report says so. Nothing of a stage is tried twice, and no random input that has found a fault.
 */
export function disturbed({ tests, loose }: Suite): Set<string> {
  const red = tests.filter(isRed)
  const isBroken = loose.length > 0 || red.length > most || !red.every(mayBeDisturbed)
  return new Set(isBroken ? [] : red.map(({ file }) => file))
}

const mayBeDisturbed = ({ file, failure }: TestOutcome) =>
  shownPath(file).startsWith('shared/') && !failure?.message.includes('Property failed')

/** The outcome of the whole run, where the files that were run again count as they ended then. */
export function atSecondTry(first: Suite, again: Suite): Suite {
  const files = new Set(again.tests.map(({ file }) => file))
  const tests = [...first.tests.filter(({ file }) => !files.has(file)), ...again.tests]
  const before = new Set(first.tests.filter(isRed).map(placeOf))
  const red = tests.filter(isRed).length
  return {
    tests,
    loose: again.loose,
    passed: tests.length - red,
    failed: red + again.loose.length,
    second: again.tests.filter((test) => !isRed(test) && before.has(placeOf(test))),
  }
}

/** The lines of the report. A test that stands here often is a fault to mend, so it is never passed over in silence. */
export function secondTries({ second }: Suite): string[] {
  if (second.length === 0) return []
  const head =
    'These failed beside all the others, and passed when their file ran once more, alone:'
  return [head, ...second.map((test) => `  ${placeOf(test)}`)]
}

const isRed = ({ status }: TestOutcome) => status === 'fail'

const placeOf = ({ file, name }: TestOutcome) => `${shownPath(file)}: ${name}`
