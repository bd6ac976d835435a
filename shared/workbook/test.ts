import { readArguments } from './arguments.ts'
import { isGreen } from './outcome.ts'
import { openRunner } from './runner.ts'
import { selectWritten, stageList } from './select.ts'
import { withUsage } from './usage.ts'

export const main = (argv: string[]): Promise<number> => withUsage(() => test(argv))

async function test(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(
    argv,
    { solution: { type: 'boolean' }, verbose: { type: 'boolean' } },
    stageList(),
  )
  const selection = selectWritten(positionals[0] ?? '')
  const runner = await openRunner(selection, values.solution ? 'solution' : 'starter')
  const run = await runner.run()
  await runner.close()
  for (const test of run.tests) {
    console.log(test.status === 'pass' ? '✓' : '✗', test.name)
    if (test.failure)
      console.log('   ', test.failure.name, test.failure.message, test.failure.frames)
  }
  console.log(run.broken, run.unhandled, run.stopped)
  return isGreen(run) ? 0 : 1
}
