import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mistakes } from '../../../04-relations/mistakes.ts'
import { copyCourse } from '../check/sandbox.ts'
import { runProgram } from '../child.ts'
import { root } from '../root.ts'
import { stages } from '../stages.ts'

/** What stands on the terminal after one command. */
export interface Scene {
  /** As it is typed: `npm test -- 04.5`. */
  readonly command: string
  readonly lines: readonly string[]
}

const slip = 'forgets-those-without-any'

/**
 * An evening with stage 04, played in a copy of the course: a learner has written all of it, and has made one of the known mistakes.
 * The tests find it, the learner mends it, and the map moves on.
 */
export async function playScenes(): Promise<Scene[]> {
  const sandbox = copyCourse(
    root,
    stages.map((stage) => stage.folder),
  )
  try {
    const starter = join(sandbox.root, '04-relations', 'starter')
    cpSync(join(sandbox.root, '04-relations', 'solution'), starter, { recursive: true })
    const mend = makeTheMistake(starter)
    const red = await play(sandbox.root, 'test', '04.5')
    mend()
    return [red, await play(sandbox.root, 'test', '04'), await play(sandbox.root, 'start')]
  } finally {
    sandbox.remove()
  }
}

/** @returns puts the right lines back */
function makeTheMistake(starter: string): () => void {
  const { file, find, replace } = mistakes.find(({ name }) => name === slip)!
  const path = join(starter, file)
  const right = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    right.replace(find, () => replace),
  )
  return () => writeFileSync(path, right)
}

/** npm's own two lines before the output are left out. */
async function play(cwd: string, ...words: string[]): Promise<Scene> {
  const [command, ...rest] = words
  const cli = join(cwd, 'shared', 'workbook', 'cli.js')
  const { output } = await runProgram(process.execPath, [cli, ...words], { cwd, seconds: 120 })
  const shown = rest.length > 0 ? `npm ${command} -- ${rest.join(' ')}` : `npm ${command}`
  return { command: shown, lines: output.trim().split(/\r?\n/) }
}
