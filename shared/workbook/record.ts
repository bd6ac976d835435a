import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArguments } from './arguments.ts'
import { drawScenes } from './recording/draw.ts'
import { playScenes } from './recording/scenes.ts'
import { root } from './root.ts'
import { withUsage } from './usage.ts'

const usage = `npm run record              plays the scenes of README.md's terminal anew, and draws what they print

  --check       ends with 1 when they print something else than README.md shows`

const options = { check: { type: 'boolean', default: false } } as const

const shown = 'shared/workbook/recording/terminal.svg'

export const main = (argv: string[]): Promise<number> => withUsage(() => record(argv))

async function record(argv: string[]): Promise<number> {
  const { values } = readArguments(argv, options, usage)
  const file = join(root, shown)
  const drawn = drawScenes(await playScenes())
  const before = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : ''
  if (!values.check) writeFileSync(file, drawn)
  const isTrue = drawn === before
  console.log(
    isTrue ? `${shown} shows what is printed.` : values.check ? outdated : `${shown} is written.`,
  )
  return values.check && !isTrue ? 1 : 0
}

const outdated = `${shown} shows something else than the commands print now. To draw it anew: npm run record`
