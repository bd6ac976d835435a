import { runScript } from './commands.ts'
import { type Check, textOf } from './course.ts'

export const story: Check = {
  name: 'story',
  promise: 'the README’s table of one story in ten engines is what the run gives',
  async find(course) {
    const isShown = textOf(course, 'README.md').includes('<!-- story:')
    if (!course.whole || !isShown) return []
    const { status, output } = await runScript(course.root, 'npm run story -- --check')
    if (status === 0) return []
    return [{ where: 'README.md', what: output.trim(), fix: 'npm run story -- --write' }]
  },
}
