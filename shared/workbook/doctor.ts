import { readArguments } from './arguments.ts'
import { examinations } from './doctor/examinations.ts'
import type { Finding } from './doctor/finding.ts'
import { type Paint, paint } from './paint.ts'
import { indent, wrap } from './report/layout.ts'
import { withUsage } from './usage.ts'

const usage = 'npm run doctor     says what is wrong with this machine, and the fix'

/** Examines the machine; 1 when something that the course needs is wrong. */
export const main = (argv: string[]): Promise<number> => withUsage(() => doctor(argv))

async function doctor(argv: string[]): Promise<number> {
  readArguments(argv, {}, usage)
  const findings: Finding[] = []
  for (const examine of examinations) findings.push(await examine())
  console.log(findings.map((finding) => describe(finding, paint)).join('\n'))
  const bad = findings.filter(({ state }) => state === 'wrong').length
  console.log(bad === 0 ? '\nThis machine is fit for the course.' : `\n${bad} to mend.`)
  return bad === 0 ? 0 : 1
}

function describe({ state, what, detail, fix }: Finding, paint: Paint): string {
  const marks = { good: paint('green', '✓'), note: paint('yellow', '!'), wrong: paint('red', '✗') }
  const lines = [`${marks[state]} ${what}: ${detail}`]
  return [...lines, ...indent(fix ? wrap(`→ ${fix}`, 90) : [], 4)].join('\n')
}
