import { runDemo } from './demo.ts'
import { courseMap } from './map.ts'
import { paint } from './paint.ts'
import { readProgress } from './progress.ts'
import { selectWritten } from './select.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm start                      the course map
npm start -- 04                the demo of stage 04, on your code
npm start -- 04 --solution     on the solution; everything else goes to the demo`

/** Shows the course map, or runs the demo of a stage. */
export const main = (argv: string[]): Promise<number> => withUsage(() => start(argv))

async function start(argv: string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined) return say(courseMap(readProgress(), paint))
  if (name === '--help' || name === '-h') return say(usage)
  if (name.startsWith('-')) throw new UsageError(`Which stage?\n\n${usage}`)
  const side = rest.includes('--solution') ? 'solution' : 'starter'
  const { stage } = selectWritten(name)
  return runDemo(
    stage,
    side,
    rest.filter((argument) => argument !== '--solution'),
  )
}

function say(text: string): number {
  console.log(text)
  return 0
}
