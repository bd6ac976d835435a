import { join } from 'node:path'
import { type Check, type Course, filesIn, lineAt, type Problem, textOf } from './course.ts'
import { matchesOf, readSource } from './source.ts'

interface Rule {
  readonly pattern: RegExp
  readonly what: string
  readonly fix: string
}

export const noSkips: Check = {
  name: 'no-skips',
  promise: 'no test is skipped, no exit code swallowed, no assertion empty',
  find: (course) => [...testProblems(course), ...(course.whole ? scriptProblems(course) : [])],
}

const skips: readonly Rule[] = [
  {
    pattern: /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|only|todo|fails|skipIf|runIf)\b/g,
    what: 'a test that is skipped, singled out or expected to fail',
    fix: 'Every test runs, always. Remove it or mend it.',
  },
  {
    pattern: /\b(?:xit|xtest|xdescribe|fit|fdescribe)\(|\bskip\(/g,
    what: 'a test that is skipped',
    fix: 'Every test runs, always. Remove it or mend it.',
  },
  {
    pattern: /\bpassWithNoTests\b/g,
    what: 'zero tests would pass',
    fix: 'Zero tests is an error.',
  },
]

const empty: readonly Rule[] = [
  {
    pattern: /(?<!\bnot)\.toThrow(?:Error)?\(\s*\)/g,
    what: 'a bare toThrow(): it passes on an unfinished starter, because TodoError is thrown too',
    fix: 'Name the class of the error and its message.',
  },
  {
    pattern: /\bexpect\(\s*(?:true|false|null|undefined|\d+)\s*\)/g,
    what: 'an assertion about a constant',
    fix: 'Assert what the code under test gave.',
  },
]

function testProblems(course: Course): Problem[] {
  const inStages = course.stages.flatMap(({ folder }) =>
    filesBelow(course, `${folder}/tests`).flatMap((file) =>
      broken(course, file, [...skips, ...empty]),
    ),
  )
  const inShared = filesBelow(course, 'shared').filter((file) => file.endsWith('.test.ts'))
  return [
    ...inStages,
    ...(course.whole ? inShared.flatMap((file) => broken(course, file, [...skips, ...empty])) : []),
  ]
}

function filesBelow({ root }: Course, folder: string) {
  const files = filesIn(join(root, folder)).filter((file) => file.endsWith('.ts'))
  return files.map((file) => `${folder}/${file}`)
}

function broken(course: Course, file: string, rules: readonly Rule[]): Problem[] {
  const { text, code } = readSource(textOf(course, file))
  return rules.flatMap((rule) => violations(file, text, code, rule))
}

const swallowed: readonly Rule[] = [
  {
    pattern:
      /\|\|\s*(?:true\b|:|exit 0)|\bpassWithNoTests\b|continue-on-error:\s*true|\bset \+e\b/g,
    what: 'a failure would go unnoticed',
    fix: 'Let the exit code through.',
  },
]

function scriptProblems(course: Course): Problem[] {
  const workflows = filesIn(join(course.root, '.github')).map((file) => `.github/${file}`)
  const files = ['package.json', 'vitest.config.ts', '.ci/run', ...workflows]
  return files.flatMap((file) => {
    const text = textOf(course, file)
    return swallowed.flatMap((rule) => violations(file, text, text, rule))
  })
}

function violations(
  file: string,
  text: string,
  code: string,
  { pattern, what, fix }: Rule,
): Problem[] {
  return matchesOf(code, pattern).map(({ text: found, index }) => ({
    where: `${file}:${lineAt(text, index)}`,
    what: `${found.trim()} — ${what}`,
    fix,
  }))
}
