import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { readArguments } from './arguments.ts'
import { shownPath } from './link.ts'
import { differingFiles, type Files, pristineStarter, readSide, writeFiles } from './pristine.ts'
import { forgetProgress } from './progress.ts'
import { root } from './root.ts'
import { selectWritten } from './select.ts'
import { forgetHints } from './shown-hints.ts'
import { chooseFiles } from './stage-files.ts'
import type { Stage } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run reset -- 04                     puts the untouched starter back; keeps yours as a backup
npm run reset -- 04 mapping/table.ts    only this file or folder
npm run reset -- 04 --yes               does not ask`

export const main = (argv: string[]): Promise<number> => withUsage(() => reset(argv))

async function reset(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, { yes: { type: 'boolean' } }, usage)
  const [name, ...names] = positionals
  if (!name) throw new UsageError(usage)
  const { stage } = selectWritten(name)
  const pristine = pristineStarter(root, stage)
  const changed = changedFiles(stage, pristine, names)
  if (changed.length === 0) return nothingToDo(stage)
  if (!values.yes && !(await confirmed(stage, changed))) return kept()
  const backup = backUp(stage)
  putBack(stage, pristine, changed)
  forget(stage, changed)
  console.log(report(stage, changed, backup))
  return 0
}

/** Also the files that the learner has added: they are part of what goes. */
function changedFiles(stage: Stage, pristine: Files, names: readonly string[]): string[] {
  const mine = readSide(root, stage, 'starter')
  const all = [...new Set([...Object.keys(pristine), ...Object.keys(mine)])].sort()
  const chosen = chooseFiles(stage, all, names)
  return differingFiles(pristine, mine).filter((file) => chosen.includes(file))
}

function nothingToDo({ folder }: Stage) {
  console.log(`${folder}/starter is as the course ships it: nothing to do.`)
  return 0
}

function kept() {
  console.log('Nothing was changed.')
  return 0
}

async function confirmed({ folder }: Stage, changed: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UsageError('Nobody is there to be asked. Add --yes to put the starter back.')
  }
  const list = changed.map((file) => `  ${folder}/starter/${file}`).join('\n')
  const ask = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await ask.question(`${list}\nPut back as the course ships them? [y/N] `)
  ask.close()
  return /^y(es)?$/i.test(answer.trim())
}

/** The whole starter, as it was: a single file makes no sense without its neighbours. */
function backUp({ folder, number }: Stage): string | undefined {
  const starter = join(root, folder, 'starter')
  if (!existsSync(starter)) return undefined
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const backup = unused(join(root, '.workbook', 'backups', `${number}-${time}`))
  cpSync(starter, backup, { recursive: true })
  return backup
}

function unused(folder: string) {
  let path = folder
  for (let count = 2; existsSync(path); count += 1) path = `${folder}-${count}`
  return path
}

function putBack({ folder }: Stage, pristine: Files, changed: readonly string[]) {
  const starter = join(root, folder, 'starter')
  for (const file of changed) {
    const text = pristine[file]
    if (text === undefined) rmSync(join(starter, file))
    else writeFiles(starter, { [file]: text })
  }
}

/** What was reached in these files, and the hints that were shown for them. */
function forget(stage: Stage, changed: readonly string[]) {
  const tasks = stage.tasks.filter(({ file }) => changed.includes(file))
  forgetProgress(stage, tasks)
  forgetHints(stage, tasks)
}

function report({ folder, number }: Stage, changed: readonly string[], backup: string | undefined) {
  const lines = changed.map((file) => `  ${folder}/starter/${file}`)
  const where = backup ? [`Yours is kept in ${shownPath(backup)}.`] : []
  return ['Put back:', ...lines, ...where, `Begin again with npm test -- ${number}.`].join('\n')
}
