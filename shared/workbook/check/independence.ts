import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runScript } from './commands.ts'
import { type Check, filesIn } from './course.ts'
import { copyCourse } from './sandbox.ts'
import { testFiles } from './tests.ts'

/*
 * One stage is enough to show it, the one with the fewest test files. The tests of shared/ are left out of the copy:
 * they know no starter, and this very check is among them.
 */
export const independence: Check = {
  name: 'independence',
  promise: 'npm test without arguments is green whatever is in starter/',
  async find(course) {
    const [stage] = course.stages.toSorted(
      (a, b) => testFiles(course, a).length - testFiles(course, b).length,
    )
    if (!stage) return []
    const { root, remove } = copyCourse(course.root, [stage.folder])
    ruinStarter(join(root, stage.folder, 'starter'))
    removeTests(join(root, 'shared'))
    const { status, output } = await runScript(root, 'npm test')
    remove()
    if (status === 0) return []
    const what = `with a ruined ${stage.folder}/starter, npm test exits with ${status}:\n${output.trim().slice(-1500)}`
    return [
      {
        where: 'npm test',
        what,
        fix: 'Select solutions, shared/ and the commands; never a starter.',
      },
    ]
  },
}

function ruinStarter(starter: string) {
  for (const file of filesIn(starter))
    writeFileSync(join(starter, file), 'export const = ruined (\n')
}

function removeTests(shared: string) {
  for (const file of filesIn(shared)) {
    if (file.endsWith('.test.ts')) rmSync(join(shared, file))
  }
}
