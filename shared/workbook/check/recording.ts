import { runScript } from './commands.ts'
import { type Check, textOf } from './course.ts'

export const recording: Check = {
  name: 'recording',
  promise: 'the terminal that the README shows prints what the commands print',
  async find(course) {
    const isShown = textOf(course, 'README.md').includes('recording/terminal.svg')
    if (!course.whole || !isShown) return []
    const { status, output } = await runScript(course.root, 'npm run record -- --check')
    if (status === 0) return []
    return [{ where: 'README.md', what: output.trim(), fix: 'npm run record' }]
  },
}
