import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import type { Stage } from '../stages.ts'
import { type Check, type Course, filesIn, lineAt, type Problem, textOf } from './course.ts'
import { copyCourse } from './sandbox.ts'
import { importsOf, readSource } from './source.ts'
import { brokenFiles, lineOf, runStages } from './tests.ts'

export const selfContained: Check = {
  name: 'self-contained',
  promise: 'a stage needs itself and shared/, and its layers point one way',
  async find(course) {
    const imports = course.stages.flatMap((stage) => wrongImports(course, stage))
    const below = course.whole ? sharedImports(course) : []
    return [...imports, ...below, ...(await failuresAlone(course))]
  },
}

export function wrongImports(course: Course, stage: Stage): Problem[] {
  const files = filesIn(join(course.root, stage.folder)).filter((file) => file.endsWith('.ts'))
  const packages = packagesOf(course)
  return files.flatMap((file) => {
    const source = readSource(textOf(course, stage.folder, file))
    return importsOf(source).flatMap(({ text, index }) => {
      const problem = wrongImport(stage, file, text, packages)
      const where = `${stage.folder}/${file}:${lineAt(source.text, index)}`
      return problem ? [{ where, ...problem }] : []
    })
  })
}

type Wrong = Omit<Problem, 'where'> | undefined

function wrongImport(
  stage: Stage,
  file: string,
  name: string,
  packages: ReadonlySet<string>,
): Wrong {
  if (name.startsWith('.')) return wrongPath(file, name)
  if (name.startsWith('#stage/')) return wrongDoor(stage, file, name)
  if (name.startsWith('#shared/') || name.startsWith('node:')) return undefined
  if (packages.has(packageOf(name))) return undefined
  return {
    what: `imports "${name}", which package.json does not name`,
    fix: 'Do without, or add it at the root.',
  }
}

/**
 * Each part of a stage is a world of its own: `starter/`, `solution/` and `tests/` do not import each other.
 * A program beside them, such as the demo, may have a folder of its own parts.
 */
function wrongPath(file: string, name: string): Wrong {
  const target = posix.join(posix.dirname(file), name)
  const [part] = file.includes('/') ? file.split('/') : ['']
  if (target.startsWith('..')) {
    return {
      what: `imports "${name}", outside of the stage`,
      fix: 'Carry a copy of the file; a stage needs only itself and #shared/….',
    }
  }
  if (part ? !target.startsWith(`${part}/`) : /^(starter|solution|tests)\//.test(target)) {
    return {
      what: `imports "${name}", outside of ${part || 'its place'}`,
      fix: 'Tests and demos come in through #stage/… alone.',
    }
  }
  return wrongLayer(file, target)
}

function wrongDoor({ folder }: Stage, file: string, name: string): Wrong {
  if (name !== `#stage/${folder}`) {
    return { what: `imports another stage, "${name}"`, fix: 'Carry a copy of the file instead.' }
  }
  if (!/^(starter|solution)\//.test(file)) return undefined
  return {
    what: `imports its own door, "${name}"`,
    fix: 'Import the file that defines it: the door is for tests and demos.',
  }
}

/** What each folder of the ORM may import, beside itself, `#shared/…` and files at the top. */
const below: Readonly<Record<string, readonly string[]>> = {
  mapping: [],
  query: ['mapping'],
  relations: ['mapping', 'query'],
  record: ['mapping', 'query', 'relations'],
  session: ['mapping', 'query', 'relations'],
  migrations: ['mapping', 'query', 'relations', 'session'],
  profiling: ['mapping', 'query', 'relations', 'session'],
  app: ['mapping', 'query', 'relations', 'session', 'migrations', 'profiling'],
}

function wrongLayer(file: string, target: string): Wrong {
  const [side, from, inner] = file.split('/')
  if ((side !== 'starter' && side !== 'solution') || !from) return undefined
  if (target === `${side}/index.ts`) {
    return {
      what: 'imports index.ts',
      fix: 'Import the file that defines it: the door is for tests and demos.',
    }
  }
  const [, to = '', deeper] = target.split('/')
  const allowed = inner ? below[from] : undefined
  if (!allowed || !deeper || to === from || !(to in below) || allowed.includes(to)) return undefined
  return {
    what: `${from}/ imports ${to}/, which is above or beside it`,
    fix: `${from}/ may know: ${allowed.join(', ') || '#shared/driver'}.`,
  }
}

/** The driver is at the bottom, and nothing in `shared/` but the course's commands knows a stage. */
function sharedImports(course: Course): Problem[] {
  const files = filesIn(join(course.root, 'shared')).filter(
    (file) => file.endsWith('.ts') && !/^(workbook|bench)\//.test(file),
  )
  return files.flatMap((file) => {
    const source = readSource(textOf(course, 'shared', file))
    return importsOf(source)
      .filter(({ text }) => knowsTooMuch(file, text))
      .map(({ text, index }) => ({
        where: `shared/${file}:${lineAt(source.text, index)}`,
        what: `imports "${text}"`,
        fix: 'shared/ knows no stage, and shared/driver/ knows only itself.',
      }))
  })
}

function knowsTooMuch(file: string, name: string) {
  if (name.startsWith('#stage/')) return true
  const target = name.startsWith('.')
    ? posix.join(posix.dirname(file), name)
    : name.replace(/^#shared\//, '')
  if (target.startsWith('..')) return true
  const isCode = dirname(file).startsWith('driver') && !file.endsWith('.test.ts')
  const isOurs = name.startsWith('.') || name.startsWith('#')
  return isCode && isOurs && !target.startsWith('driver/')
}

function packagesOf({ root }: Course): ReadonlySet<string> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)])
}

function packageOf(name: string) {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Each stage in an empty folder with `shared/` and the root's files, as someone would copy it. */
async function failuresAlone(course: Course): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const stage of course.stages) {
    const { root, remove } = copyCourse(course.root, [stage.folder])
    const alone = { ...course, root }
    const run = await runStages(alone, [stage], 'solution')
    const red = run.files.flatMap(({ tests }) => tests.filter(({ state }) => state !== 'passed'))
    problems.push(
      ...brokenFiles(alone, run),
      ...red.map((test) => redAlone(stage, test.name, lineOf(test))),
    )
    remove()
  }
  return problems
}

function redAlone({ folder }: Stage, name: string, what: string): Problem {
  return {
    where: `${folder}, copied alone: ${name}`,
    what,
    fix: 'The stage must need nothing but itself, shared/ and the root’s files.',
  }
}
