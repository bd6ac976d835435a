import { join } from 'node:path'
import { runProgram } from '../child.ts'
import type { Check, Course, Problem } from './course.ts'

export const types: Check = {
  name: 'types',
  promise: 'starters and solutions type-check, behind the same door',
  async find(course) {
    const starters = await typeErrors(course, 'tsconfig.json')
    const solutions = await typeErrors(course, 'tsconfig.solution.json')
    const known = new Set(starters.map(({ where, what }) => where + what))
    const both = [...starters, ...solutions.filter(({ where, what }) => !known.has(where + what))]
    return both.filter(({ where }) => concerns(course, where))
  },
}

/** A run for some stages leaves out the others, which somebody may be working on. */
function concerns({ whole, stages }: Course, where: string) {
  const own = stages.some(({ folder }) => where.startsWith(`${folder}/`))
  return whole || own || !/^\d\d-/.test(where)
}

async function typeErrors({ root }: Course, config: string): Promise<Problem[]> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = [compiler, '--pretty', 'false', '-p', config]
  const { status, output } = await runProgram(process.execPath, args, { cwd: root, seconds: 120 })
  const errors = output.split(/\n(?=\S)/).flatMap((error) => problemOf(error, config))
  if (status === 0 || errors.length > 0) return errors
  return [
    { where: config, what: output.trim() || 'tsc ended early', fix: `Run npx tsc -p ${config}.` },
  ]
}

function problemOf(error: string, config: string): Problem[] {
  const [, file, line, what] = error.match(/^(.+?)\((\d+),\d+\): error (TS\d+: [\s\S]+)$/) ?? []
  if (!file || !what) return []
  const fix = `See it again with npx tsc -p ${config}. ${sideOf(config)}`
  return [{ where: `${file}:${line}`, what: what.trim(), fix }]
}

function sideOf(config: string) {
  return config === 'tsconfig.json'
    ? 'Tests see the starters here: a starter must export what its tests use.'
    : 'Tests see the solutions here.'
}
