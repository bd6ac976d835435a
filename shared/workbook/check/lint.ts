import { join, relative, sep } from 'node:path'
import { runProgram } from '../child.ts'
import type { Check, Problem } from './course.ts'

export const lint: Check = {
  name: 'lint',
  promise: 'format, imports and lint are clean',
  async find({ root, stages, whole }) {
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
    const folders = whole ? [] : stages.map(({ folder }) => folder)
    const options = ['--error-on-warnings', '--reporter=github', '--max-diagnostics=none']
    const args = [biome, 'check', ...options, ...folders]
    const { status, output } = await runProgram(process.execPath, args, { cwd: root, seconds: 120 })
    if (status === 0) return []
    const problems = output.split('\n').flatMap((line) => problemOf(root, line))
    return problems.length > 0 ? problems : [{ where: 'biome check', what: output.trim(), fix }]
  },
}

const fix = 'Run npm run format; what is left, npx biome check shows.'

/** `::error title=lint/…,file=…,line=7,endLine=7,col=3,endColumn=9::This parameter is unused.` */
function problemOf(root: string, line: string): Problem[] {
  const [, rule, file, at, text] =
    line.match(/^::(?:error|warning) title=(.*?),file=(.*?),line=(\d+),.*?::(.*)$/) ?? []
  if (!rule || !file || text === undefined) return []
  const path = relative(root, file).split(sep).join('/')
  return [{ where: `${path}:${at}`, what: `${rule}: ${text}`, fix }]
}
