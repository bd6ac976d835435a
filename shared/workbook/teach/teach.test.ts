import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findBrowser, noBrowser } from '../browser.ts'
import { headingsOf } from '../check/markdown.ts'
import { emptySandbox } from '../check/sandbox.ts'
import { heading, taskNumber } from '../link.ts'
import type { Mistake } from '../mistakes.ts'
import { root } from '../root.ts'
import { runCommand } from '../run-command.ts'
import { stages } from '../stages.ts'
import { main } from '../teach.ts'
import { toHtml } from './html.ts'
import { collectKit, type Kit } from './kit.ts'
import { pageOf } from './page.ts'
import { taskOf } from './plan.ts'
import { readLesson } from './readme.ts'
import { sheetOf } from './sheet.ts'
import { editOf } from './wrong-answer.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })

const kits = new Map<string, Kit>()
const kitOf = (number: string) => kits.get(number) as Kit

beforeAll(async () => {
  const all = stages.map(async (stage) => kits.set(stage.number, await collectKit(stage, [45, 90])))
  await Promise.all(all)
})

/** A part of the sheet: from its heading to the next one of the same level. */
function part(sheet: string, title: string): string {
  const [, text = ''] = sheet.split(`\n## ${title}\n`)
  return text.split(/\n## /)[0] ?? ''
}

describe.each(stages.map((stage) => [stage.number, stage] as const))(
  'the kit of %s',
  (number, stage) => {
    const sheet = () => sheetOf(kitOf(number))

    it('has no part without content, and no word that nobody wrote', () => {
      const bodies = sheet()
        .split(/^#{2,4} .+$/m)
        .slice(1)
      const titles = headingsOf(sheet()).filter(({ level }) => level > 1)
      const empty = titles.filter(({ level }, at) => {
        const isLeaf = (titles[at + 1]?.level ?? 0) <= level
        return isLeaf && !bodies[at]?.trim()
      })
      expect(bodies).toHaveLength(titles.length)
      expect(empty).toEqual([])
      const unfinished = /^(?:\*\*(?!At home)[^*]+:\*\*|Say:) *(?:undefined|NaN|\[object.*)?$/
      expect(
        sheet()
          .split('\n')
          .filter((line) => unfinished.test(line)),
      ).toEqual([])
    })

    it('names the goals of the README, and what was learnt', () => {
      const { goals, predictions, questions } = kitOf(number).lesson
      expect(goals.length).toBeGreaterThanOrEqual(4)
      for (const goal of goals) expect(sheet()).toContain(`\n- ${goal}\n`)
      expect(sheet()).toContain(stage.learnt)
      expect(predictions.length).toBeGreaterThanOrEqual(3)
      expect(questions.length).toBeGreaterThanOrEqual(4)
      for (const { question, answer } of [...predictions, ...questions]) {
        expect(question).not.toBe('')
        expect(answer, question).not.toBe('')
      }
    })

    it('fills each task of the starter with all lines of the solution', () => {
      const { gaps, sizes, diff } = kitOf(number)
      const live = part(sheet(), 'Live coding, and the answers')
      for (const task of stage.tasks) {
        expect(live).toContain(`### ${heading(task)}\n`)
        expect(live).toContain(`\`npm test -- ${taskNumber(stage, task)}\``)
        expect(gaps.get(task.id)?.some(({ asks }) => asks)).toBe(true)
        for (const { code } of gaps.get(task.id) ?? []) expect(live).toContain(code.join('\n'))
      }
      const ofTasks = diff
        .split(/^diff --git /m)
        .filter((part) => stage.tasks.some(({ file }) => part.includes(`/solution/${file}\n`)))
      const typed = ofTasks.join('').match(/^\+(?!\+\+ ).*\S/gm) ?? []
      expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBe(typed.length)
    })

    it('names a test that is there for the first red', () => {
      const live = part(sheet(), 'Live coding, and the answers')
      expect(live.match(/\*\*Red first:\*\* “[^”]{3,}” says `Task \d: /g)).toHaveLength(
        stage.tasks.length,
      )
    })

    it('shows each wrong answer with its edit, its question, its test and its idea', () => {
      const { mistakes, solution } = kitOf(number)
      const wrong = part(sheet(), 'The usual wrong answers')
      for (const mistake of mistakes) {
        expect(taskOf(stage, mistake), mistake.name).toBeDefined()
        const edit = editOf(mistake, solution)
        expect(
          edit.some((line) => /^[+-]/.test(line)),
          mistake.name,
        ).toBe(true)
        expect(wrong).toContain(edit.join('\n'))
        expect(wrong).toContain(mistake.why)
        expect(wrong).toContain(`**Ask:** ${mistake.ask}`)
      }
      expect(wrong.match(/^\*\*They see red:\*\* \S/gm)).toHaveLength(mistakes.length)
    })

    it('has plans that take the time they say, with a task, a vote and a wrong answer', () => {
      for (const { minutes, steps, live, alone } of kitOf(number).plans) {
        expect(steps.reduce((sum, step) => sum + step.minutes, 0)).toBe(minutes)
        expect(steps.map(({ kind }) => kind)).toEqual(
          expect.arrayContaining([
            'opening',
            'pain',
            'picture',
            'vote',
            'task',
            'wrong',
            'closing',
          ]),
        )
        expect(steps.at(-1)?.kind).toBe('closing')
        expect(live).not.toContain(alone)
        const table = part(sheet(), `${minutes} minutes`)
        for (const task of stage.tasks) expect(table).toContain(heading(task))
      }
    })

    it('says what the stage adds, file by file', () => {
      const { added } = kitOf(number)
      if (number === '01') return expect(added).toBeUndefined()
      const text = part(sheet(), `What it adds to stage ${added?.before.number}`)
      for (const { file } of added?.files ?? []) expect(text).toContain(`| \`${file}\` | `)
      for (const reason of Object.values({ ...stage.rewrites, ...stage.retires })) {
        expect(text).toContain(reason)
      }
    })
  },
)

describe('a plan', () => {
  it('brings in more tasks when there is more time', async () => {
    const { plans } = await collectKit(stages[3]!, [30, 60, 120, 480])
    const live = plans.map((plan) => plan.live.length)
    expect(live).toEqual([...live].sort((a, b) => a - b))
    expect(live.at(-1)).toBe(stages[3]!.tasks.length)
  })
})

describe('a lesson on some tasks', () => {
  it('types no others together', async () => {
    const [, second, , fourth] = stages[3]!.tasks
    const { plans } = await collectKit(stages[3]!, [90, 480], [second!, fourth!])
    expect(plans.map(({ live }) => live)).toEqual([
      [second, fourth],
      [second, fourth],
    ])
  })
})

describe('an edit', () => {
  const mistake = (find: string, replace: string): Mistake => ({
    ...{ name: 'one', file: 'a.ts', find, replace, caughtBy: '', why: '', ask: '' },
  })
  const solution = { 'a.ts': '  one\n  two\n  two and a half\n  three\n' }

  it.each([
    ['two\n', '2\n', [' one', '-two', '+2', ' two and a half']],
    ['  two\n', '', [' one', '-two', ' two and a half']],
    ['three', 'three\n  four', [' three', '+four']],
    ['half\n  three', 'half\n  3\n  three', [' two and a half', '+3', ' three']],
  ])('of %j to %j', (find, replace, lines) => {
    expect(editOf(mistake(find, replace), solution)).toEqual(lines)
  })
})

describe('a README', () => {
  it('is read to the words, also where an item goes on in the next line', () => {
    const markdown = `# 01

## What you will be able to do

- one
  and a half
- two

**You need:** a head.

## Predict before you run

1. First?
2. Second,
   or not?

<details>
<summary>Answers</summary>

1. Yes.
2. No.

</details>

## The tasks

### Task 1: begin

Words.

\`\`\`sh
## no heading
\`\`\`

**Not asked yet:** the rest.

## Questions

<details>
<summary>Why <code>this</code>?</summary>

<!-- shown: an example -->

Because.

</details>
`
    const lesson = readLesson(markdown, [{ id: 1, title: 'begin', file: 'a.ts' }])
    expect(lesson.goals).toEqual(['one and a half', 'two'])
    expect(lesson.needs).toBe('a head.')
    expect(lesson.predictions).toEqual([
      { question: 'First?', answer: 'Yes.' },
      { question: 'Second, or not?', answer: 'No.' },
    ])
    expect(lesson.tasks.get(1)).toContain('**Not asked yet:** the rest.')
    expect(lesson.questions).toEqual([{ question: 'Why `this`?', answer: 'Because.' }])
  })
})

describe('Markdown', () => {
  it.each([
    ['# A `b` & <c>', '<h1 id="a-b-c">A <code>b</code> &amp; &lt;c&gt;</h1>'],
    ['two\nlines', '<p>two\nlines</p>'],
    [
      '**bold**, _soft_, snake_case_name',
      '<p><strong>bold</strong>, <em>soft</em>, snake_case_name</p>',
    ],
    ['`**no**` [a](https://b.c)', '<p><code>**no**</code> <a href="https://b.c">a</a></p>'],
    ['- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
    [
      '- a\n  more\n\n  ```ts\n  x\n  ```\n- b',
      '<ul>\n<li>a\nmore\n<pre class="ts"><code>x</code></pre></li>\n<li>b</li>\n</ul>',
    ],
    ['1. a\n2. b', '<ol>\n<li>a</li>\n<li>b</li>\n</ol>'],
    ['> a\n>\n> b', '<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>'],
    [
      '| a | b |\n| --- | --- |\n| `x | y` | 1 \\| 2 |',
      '<div class="wide"><table>\n<thead><tr><th>a</th><th>b</th></tr></thead>\n<tbody>\n<tr><td><code>x | y</code></td><td>1 | 2</td></tr>\n</tbody></table></div>',
    ],
    [
      '```diff\n+a <b>\n-c\n d\n```',
      '<pre class="diff"><code><ins>+a &lt;b&gt;</ins>\n<del>-c</del>\n d</code></pre>',
    ],
    ['text\n- item', '<p>text</p>\n<ul>\n<li>item</li>\n</ul>'],
  ])('%j', (markdown, html) => {
    expect(toHtml(markdown)).toBe(html)
  })
})

describe('npm run teach', () => {
  const folder = emptySandbox()
  afterAll(() => folder.remove())

  it('prints the kit, or writes a page of it', async () => {
    const file = join(folder.root, 'new', 'kit.html')
    const [printed, written] = await Promise.all([
      runCommand(root, ['teach', 'relations', '--minutes', '60']),
      runCommand(root, ['teach', '04', '--html', file]),
    ])
    expect(printed.status).toBe(0)
    expect(printed.output).toMatch(/^# 04 · Relations: a kit for teaching it\n/)
    expect(printed.output).toContain('\n## 60 minutes\n')
    expect(written).toMatchObject({ status: 0, output: `04-relations: ${file}\n` })
    expect(readFileSync(file, 'utf8')).toMatch(
      /^<!doctype html>[\s\S]*<h2 id="90-minutes">[\s\S]*<\/html>\n$/,
    )
  })

  it('writes a page for each of several stages', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const status = await main(['01', '2', '01', '--out', folder.root])
    vi.restoreAllMocks()
    expect(status).toBe(0)
    for (const name of ['01-manual-mapping', '02-active-record'])
      expect(existsSync(join(folder.root, `${name}.html`)), name).toBe(true)
  })

  it.each([
    [[], 'npm run teach -- 04'],
    [['77'], 'There is no stage "77"'],
    [['04', '--tasks', '1,9'], 'has no task 9'],
    [['04', '--tasks', 'one'], 'A task is written 01.2'],
    [['04', '--minutes', 'short'], '--minutes needs whole numbers'],
    [['04', '--minutes', '20'], '--minutes needs whole numbers'],
    [['04', '05', '--html', 'a.html'], '--html takes one stage'],
    [['04', '--html', 'a.html', '--out', 'b'], 'One of --html and --out'],
    [['04', '--html', root], 'The page could not be written'],
  ])('answers wrong use with exit code 2: %j', async (args, message) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const status = await main(args)
    const said = error.mock.calls.flat().join('\n')
    vi.restoreAllMocks()
    expect(status).toBe(2)
    expect(said).toContain(message)
  })
})

const path = findBrowser()

if (path) describe('in a browser', () => inBrowser(path))
else
  it('NO page was opened in a browser: there is none on this machine', () => {
    if (process.env.CI) throw new Error(noBrowser)
    console.warn(`\n⚠ ${noBrowser}\n`)
  })

/** What the browser runs, and its answer. */
const cut = `[...document.querySelectorAll('pre, .wide')]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => box.textContent.slice(0, 80))`
const lost = `[...document.querySelectorAll('nav a')]
  .filter((link) => !document.getElementById(link.hash.slice(1)))
  .map((link) => link.textContent)`
const inkAndPaper = `(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))`

function inBrowser(executablePath: string) {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())

  it.each(stages.map(({ number }) => number))(
    'the page of %s fits a telephone and paper, and asks nobody',
    async (number) => {
      const page = await browser.newPage({ viewport: { width: 320, height: 640 } })
      const asked: string[] = []
      const complaints: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', ({ message }) => complaints.push(message))
      await page.setContent(pageOf('kit', sheetOf(kitOf(number))))
      const widest = () => page.evaluate<number>('document.documentElement.scrollWidth')
      expect(await widest()).toBe(320)
      await page.emulateMedia({ media: 'print' })
      await page.setViewportSize({ width: 680, height: 960 })
      expect(await widest()).toBe(680)
      expect(await page.evaluate<string[]>(cut)).toEqual([])
      expect(await page.evaluate<string[]>(lost)).toEqual([])
      await page.close()
      expect([asked, complaints]).toEqual([[], []])
    },
  )

  it('changes its colours with the system, and keeps them readable', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' })
    await page.setContent(pageOf('kit', '# a\n\n```diff\n+b\n```'))
    const colours = () => page.evaluate<string[]>(inkAndPaper)
    expect(await colours()).toEqual(['rgb(228, 231, 235)', 'rgb(20, 24, 29)'])
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await colours()).toEqual(['rgb(28, 32, 36)', 'rgb(255, 255, 255)'])
    await page.close()
  })
}
