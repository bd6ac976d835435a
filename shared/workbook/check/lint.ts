import { join } from 'node:path'
import { runProgram } from '../child.ts'
import type { Check } from './course.ts'

export const lint: Check = {
  name: 'lint',
  promise: 'format, imports and lint are clean',
  async find({ root }) {
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
    const args = [biome, 'check', '--error-on-warnings', '--colors=off']
    const { status, output } = await runProgram(process.execPath, args, { cwd: root, seconds: 120 })
    if (status === 0) return []
    return [
      {
        where: 'biome check',
        what: output.trim(),
        fix: 'Run npm run format, then npx biome check --error-on-warnings.',
      },
    ]
  },
}
