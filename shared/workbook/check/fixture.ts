import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writePack } from '../pristine.ts'
import { root } from '../root.ts'
import type { Stage } from '../stages.ts'
import { type Course, filesIn, openCourse } from './course.ts'
import { copyInto, emptySandbox, linkModules, rootFiles } from './sandbox.ts'

interface FixtureTask {
  readonly title: string
  /** The file's whole solution of this task: one function. */
  readonly name: string
  readonly signature: string
  readonly body: string
  /** Call and result, as they stand in the two tests. */
  readonly examples: readonly [readonly [string, string], readonly [string, string]]
  /** A wrong body, and a second one for half of the tasks. */
  readonly wrong: readonly string[]
}

interface FixtureStage {
  readonly number: string
  readonly folder: string
  readonly file: string
  readonly tasks: readonly FixtureTask[]
}

const words: FixtureStage = {
  number: '01',
  folder: '01-words',
  file: 'words.ts',
  tasks: [
    {
      title: 'greet a person',
      name: 'greet',
      signature: '(name: string): string',
      body: "return 'Hi, '.concat(name.trim())",
      examples: [
        ["greet('Alice')", "'Hi, Alice'"],
        ["greet(' Bob ')", "'Hi, Bob'"],
      ],
      wrong: ["return 'Hi, '.concat(name)", 'return name.trim()'],
    },
    {
      title: 'shout',
      name: 'shout',
      signature: '(text: string): string',
      body: 'return text.toUpperCase()',
      examples: [
        ["shout('a')", "'A'"],
        ["shout('ab')", "'AB'"],
      ],
      wrong: ['return text.slice(0, 1).toUpperCase() + text.slice(1)', 'return text'],
    },
    {
      title: 'count the letters',
      name: 'count',
      signature: '(text: string): number',
      body: 'return [...text].length',
      examples: [
        ["count('ab')", '2'],
        ["count('a😀')", '2'],
      ],
      wrong: ['return text.length'],
    },
    {
      title: "turn a word's letters round",
      name: 'reverse',
      signature: '(text: string): string',
      body: "return [...text].reverse().join('')",
      examples: [
        ["reverse('ab')", "'ba'"],
        ["reverse('a😀')", "'😀a'"],
      ],
      wrong: ["return text.split('').reverse().join('')"],
    },
  ],
}

const shapes: FixtureStage = {
  number: '02',
  folder: '02-shapes',
  file: 'mapping/shapes.ts',
  tasks: [
    {
      title: 'the area',
      name: 'area',
      signature: '(width: number, height: number): number',
      body: 'return width * height',
      examples: [
        ['area(2, 3)', '6'],
        ['area(0, 3)', '0'],
      ],
      wrong: ['return width * height || 1', 'return width + height'],
    },
    {
      title: 'the way round it',
      name: 'perimeter',
      signature: '(width: number, height: number): number',
      body: 'return 2 * (width + height)',
      examples: [
        ['perimeter(2, 3)', '10'],
        ['perimeter(0, 3)', '6'],
      ],
      wrong: ['return 2 * width + height', 'return width + height'],
    },
    {
      title: 'tell a square',
      name: 'isSquare',
      signature: '(width: number, height: number): boolean',
      body: 'return width === height',
      examples: [
        ['isSquare(2, 3)', 'false'],
        ['isSquare(2, 2)', 'true'],
      ],
      wrong: ['return width >= height - 1'],
    },
    {
      title: 'the longer side',
      name: 'longer',
      signature: '(width: number, height: number): number',
      body: 'return Math.max(width, height)',
      examples: [
        ['longer(2, 3)', '3'],
        ['longer(4, 3)', '4'],
      ],
      wrong: ['return height'],
    },
  ],
}

/** A course of two tiny stages in a temporary folder: valid as it stands, and easy to break in one place. */
export class Fixture {
  readonly root: string
  readonly remove: () => void
  readonly #files: ReadonlyMap<string, Buffer>

  constructor() {
    const sandbox = emptySandbox()
    this.root = sandbox.root
    this.remove = sandbox.remove
    copyWorkbook(this.root)
    writeStage(this, words, [])
    writeStage(this, shapes, [words])
    this.write('shared/workbook/stages.ts', manifestOf([words, shapes]))
    this.write(
      'README.md',
      '# Fixture\n\nStart with [the first stage](01-words/README.md#the-tasks).\n',
    )
    for (const { number, folder } of [words, shapes]) writePack(this.root, { number, folder })
    this.#files = new Map(this.#present().map((file) => [file, this.#bytes(file)]))
  }

  /** Makes every file what it was at first, whoever has changed it: cheaper than a course for each test. */
  restore(): void {
    for (const file of this.#present()) if (!this.#files.has(file)) this.delete(file)
    for (const [file, bytes] of this.#files) {
      if (!existsSync(join(this.root, file)) || !this.#bytes(file).equals(bytes)) {
        mkdirSync(dirname(join(this.root, file)), { recursive: true })
        writeFileSync(join(this.root, file), bytes)
      }
    }
    for (const name of ['.git', '.workbook']) {
      rmSync(join(this.root, name), { recursive: true, force: true })
    }
  }

  #present(): string[] {
    return filesIn(this.root)
  }

  #bytes(file: string): Buffer {
    return readFileSync(join(this.root, file))
  }

  /** `numbers` limits the checks to these stages. */
  open(...numbers: string[]): Promise<Course> {
    return openCourse(this.root, numbers)
  }

  /** The manifest as changed: for checks that read nothing but what they are given. */
  async openWith(change: (stage: Stage) => Partial<Stage>): Promise<Course> {
    const course = await this.open()
    const stages = course.stages.map((stage) => ({ ...stage, ...change(stage) }))
    return { ...course, written: stages, stages }
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8')
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true })
    writeFileSync(join(this.root, file), text)
  }

  edit(file: string, find: string, replace: string): void {
    const text = this.read(file)
    if (!text.includes(find)) throw new Error(`${file} does not hold "${find}".`)
    this.write(
      file,
      text.replace(find, () => replace),
    )
  }

  delete(file: string): void {
    rmSync(join(this.root, file), { recursive: true })
  }

  url(file: string): string {
    return pathToFileURL(join(this.root, file)).href
  }
}

/** The real commands with the fixture's own manifest: everything but the real stages and the tests of `shared/`. */
function copyWorkbook(target: string) {
  for (const file of rootFiles(root).filter((name) => !name.endsWith('.md'))) {
    copyInto(join(root, file), join(target, file))
  }
  cpSync(join(root, 'shared'), join(target, 'shared'), {
    recursive: true,
    filter: (path) => !/node_modules|bench|pristine$|hints$|\.test\.ts$|README\.md$/.test(path),
  })
  linkModules(root, target)
  addSetting(target, 'tsconfig.json', '"include": ["0*/**/*.ts"]')
  addSetting(target, 'biome.json', '"files": { "includes": ["0*/**"] }')
}

/** Types and lint of `shared/` are no business of the fixture. */
function addSetting(target: string, file: string, setting: string) {
  const text = readFileSync(join(target, file), 'utf8')
  writeFileSync(join(target, file), text.replace('{\n', `{\n  ${setting},\n`))
}

function writeStage(fixture: Fixture, stage: FixtureStage, earlier: readonly FixtureStage[]) {
  const { folder, file, number, tasks } = stage
  for (const side of ['starter', 'solution'] as const) {
    fixture.write(`${folder}/${side}/index.ts`, doorOf([...earlier, stage]))
    fixture.write(`${folder}/${side}/${file}`, moduleOf(stage, side))
    for (const old of earlier) {
      fixture.write(`${folder}/${side}/${old.file}`, moduleOf(old, 'solution'))
    }
  }
  tasks.forEach((task, index) => {
    fixture.write(`${folder}/tests/${index + 1}-${task.name}.test.ts`, testOf(task, index + 1))
  })
  fixture.write(`${folder}/tests/door.ts`, `export * from '#stage/${folder}'\n`)
  fixture.write(`${folder}/demo.ts`, demoOf(stage))
  fixture.write(`${folder}/mistakes.ts`, mistakesOf(stage))
  fixture.write(`${folder}/README.md`, readmeOf(stage))
  fixture.write(`shared/workbook/hints/${number}.ts`, hintsOf(stage))
}

function doorOf(stages: readonly FixtureStage[]) {
  const lines = stages.map(
    ({ file, tasks }) =>
      `export { ${[...tasks.map(({ name }) => name)].sort().join(', ')} } from './${file}'\n`,
  )
  return lines.join('')
}

function moduleOf({ tasks }: FixtureStage, side: 'starter' | 'solution') {
  const functions = tasks.map((task, index) => {
    const heading = `Task ${index + 1}: ${task.title}`
    const gap = `// TODO(${index + 1}): write it.\n  return todo(${quote(heading)})`
    const body = side === 'starter' ? gap : task.body
    return `export function ${task.name}${task.signature} {\n  ${body}\n}\n`
  })
  const head = side === 'starter' ? "import { todo } from '#shared/todo'\n\n" : ''
  return `${head}${functions.join('\n')}`
}

function testOf(task: FixtureTask, id: number) {
  const tests = task.examples.map(
    ([call, result], index) =>
      `  it('answers example ${index + 1}', () => {\n    expect(${call}).toBe(${result})\n  })\n`,
  )
  return `import { describe, expect, it } from 'vitest'
import { ${task.name} } from './door.ts'

describe(${quote(`Task ${id}: ${task.title}`)}, () => {
${tests.join('\n')}})
`
}

function demoOf({ folder, tasks }: FixtureStage) {
  const [task] = tasks as [FixtureTask]
  const [call] = task.examples[0]
  return `import { ${task.name} } from '#stage/${folder}'

console.log(${call})
`
}

function mistakesOf({ file, tasks }: FixtureStage) {
  const entries = tasks.flatMap((task, index) =>
    task.wrong.map((wrong, turn) => {
      const example = task.wrong.length - turn
      const why = `${task.name} is easy to get wrong: the plain case works, and this one shows what was forgotten.`
      return `  {
    name: '${task.name}-${turn + 1}',
    file: '${file}',
    find: ${quote(task.body)},
    replace: ${quote(wrong)},
    caughtBy: ${quote(`Task ${index + 1}: ${task.title} › answers example ${task.wrong.length === 1 ? wrongExample(task) : example}`)},
    why: ${quote(why)},
    ask: ${quote(`What does ${task.name} give for the second example, and why?`)},
  },
`
    }),
  )
  return `import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
${entries.join('')}]
`
}

/** A task with one wrong body fails its second example, but for the two whose first one tells. */
function wrongExample({ name }: FixtureTask) {
  return name === 'isSquare' ? 1 : 2
}

function readmeOf({ tasks, file, folder, number }: FixtureStage) {
  const [first] = tasks as [FixtureTask]
  const [call, result] = first.examples[0]
  const headings = tasks.map(({ title }, index) => `### Task ${index + 1}: ${title}\n\nWrite it.\n`)
  return `# ${folder}

## What you will be able to do

Call functions.

## The pain

It hurts.

## The picture

\`\`\`text
a --> b
\`\`\`

## Predict before you run

What does \`${call}\` give?

## The tasks

${headings.join('\n')}
## What changed

<!-- from: solution/${file} -->

\`\`\`ts
// …
${first.body}
\`\`\`

## Questions

<!-- run: node --import tsx --conditions=solution ${folder}/demo.ts -->

\`\`\`console
${result.replace(/^'|'$/g, '')}
\`\`\`

## How the real ones do it

Like this.

## Further reading

The [first task](#task-1-${first.title.replaceAll(' ', '-')}).

## Next

\`\`\`sh
npm test -- ${number}
\`\`\`
`
}

function hintsOf({ tasks }: FixtureStage) {
  const entries = tasks.map((_, index) => `  ${index + 1}: ['Look.', 'Think.', 'Write.'],\n`)
  return `export const hints: Record<number, readonly string[]> = {\n${entries.join('')}}\n`
}

function manifestOf(stages: readonly FixtureStage[]) {
  const entries = stages.map(({ number, folder, file, tasks }) => ({
    number,
    folder,
    title: folder.slice(3),
    builds: 'functions',
    learnt: 'to write functions',
    time: '1 hour',
    tasks: tasks.map(({ title }, index) => ({ id: index + 1, title, file })),
  }))
  const types = readFileSync(join(root, 'shared/workbook/stages.ts'), 'utf8').split(
    '/** The manifest',
  )[0]
  return `${types}export const stages: readonly Stage[] = ${JSON.stringify(entries, null, 2)}\n`
}

function quote(text: string) {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`
}
