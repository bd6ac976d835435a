import { readArguments } from './arguments.ts'
import {
  addedBy,
  type Comparison,
  mineToSolution,
  showDiff,
  starterToSolution,
} from './comparison.ts'
import type { Files } from './pristine.ts'
import { selectWritten } from './select.ts'
import { needSolution } from './solution.ts'
import { chooseFiles } from './stage-files.ts'
import type { Stage } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run diff -- 04              from the untouched starter to the solution
npm run diff -- 04 --mine       from your starter to the solution
npm run diff -- 04 --added      what this stage's solution adds to the stage before
npm run diff -- 04 mapping      only these files or folders`

const options = { mine: { type: 'boolean' }, added: { type: 'boolean' } } as const

export const main = (argv: string[]): Promise<number> => withUsage(() => diff(argv))

async function diff(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  const [name, ...names] = positionals
  if (!name || (values.mine && values.added)) throw new UsageError(usage)
  const { stage } = selectWritten(name)
  needSolution(stage)
  const comparison = limitTo(stage, names, compare(stage, values))
  const differs = await showDiff(comparison)
  if (!differs) console.log(comparison.same)
  return 0
}

function compare(stage: Stage, { mine, added }: { mine?: boolean; added?: boolean }): Comparison {
  if (added) return addedBy(stage)
  return mine ? mineToSolution(stage) : starterToSolution(stage)
}

function limitTo(stage: Stage, names: readonly string[], comparison: Comparison): Comparison {
  const { before, after } = comparison
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const chosen = new Set(chooseFiles(stage, all, names))
  return { ...comparison, before: pick(before, chosen), after: pick(after, chosen) }
}

function pick(files: Files, chosen: ReadonlySet<string>): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => chosen.has(path)))
}
