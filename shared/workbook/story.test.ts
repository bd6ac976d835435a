import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { draft } from '../blog/story.ts'
import { type PostgresServer, startPostgres } from '../driver/embedded-postgres.ts'
import { openSqliteAsync } from '../driver/sqlite-async.ts'
import { Fixture } from './check/fixture.ts'
import { emptySandbox } from './check/sandbox.ts'
import { story } from './check/story.ts'
import { root } from './root.ts'
import { runCommand } from './run-command.ts'
import { stages } from './stages.ts'
import { about, perAct } from './story/figures.ts'
import { countLines, linesOf, part, textOf } from './story/lines.ts'
import { stalePages, withTable } from './story/pages.ts'
import { picture } from './story/picture.ts'
import { Trips } from './story/stands.ts'
import { type Told, tell } from './story/tell.ts'

vi.setConfig({ testTimeout: 120_000 })

let server: PostgresServer
const told = new Map<string, Told>()

beforeAll(async () => {
  server = await startPostgres()
  for (const stage of stages) told.set(stage.number, await tell(stage, server.url))
}, 120_000)

afterAll(() => server?.stop())

const tenPosts = [
  { title: "Robert'); DROP TABLE posts; --", author: "Robert O'Malley", tags: ['security', 'sql'] },
  { title: 'What Await Waits for', author: 'Alice', tags: ['orm', 'typescript'] },
  { title: 'Plans', author: "Robert O'Malley", tags: ['sql'] },
  { title: 'A Question of Order', author: 'Carol', tags: [] },
  { title: 'One Row, One Object', author: 'Alice', tags: ['orm', 'typescript'] },
  { title: 'Locks', author: "Robert O'Malley", tags: ['orm', 'sql'] },
  { title: 'Types at Runtime', author: 'Carol', tags: ['typescript'] },
  { title: 'Who Owns the Session?', author: 'Carol', tags: ['orm'] },
  { title: 'Indexes', author: 'Alice', tags: ['sql'] },
  { title: 'NULL Is Not Nothing', author: "Robert O'Malley", tags: ['sql'] },
]

/** What each stage sends in the three acts, and what its last line says is still wrong. */
const expected: [number: string, statements: number[], wrong: RegExp][] = [
  ['01', [7, 3, 1], /`users\.joined_at` was forgotten, and nobody can sign up$/],
  ['02', [8, 3, 34], /reads 15 posts to show 10, and sends 34 statements: the N\+1$/],
  ['03', [5, 1, 2], /writes its joins anew \(2 in the list\), and gives rows/],
  ['04', [7, 3, 3], /rename one, and the other keeps the old name$/],
  ['05', [6, 3, 3], /the post is refused, and 1 tag of it stays$/],
  ['06', [7, 5, 3], /by hand \(`no such column: subtitle`\)$/],
  ['07', [7, 5, 3], /the list sends 14 statements; nobody is told$/],
  ['08', [7, 5, 2], /the program stands still 2 times, and everybody else with it$/],
  ['09', [7, 5, 2], /is a `ForeignKeyViolation` with SQL in it/],
  [
    '10',
    [7, 5, 2],
    /is a 422, and 0 tags stay\. .* 2 statements for the list, where SQL written by hand needs 1$/,
  ],
]

describe.each(expected)('stage %s', (number, statements, wrong) => {
  it('lists the ten posts that every stage lists', () => {
    expect(told.get(number)?.list).toEqual(tenPosts)
  })

  it('sends as many statements as the README says, and waits for each', () => {
    const one = told.get(number)!
    expect(perAct(one)).toEqual(statements)
    expect(one.waits).toBe(statements.reduce((sum, count) => sum + count, 0))
  })

  it('publishes a post without tags too', async () => {
    const stage = stages.find((one) => one.number === number)!
    const { list } = await tell(stage, server.url, { ...draft, tags: [] })
    expect(list).toEqual([{ ...tenPosts[0], tags: [] }, ...tenPosts.slice(1)])
  })

  it('runs into what is still wrong', () => {
    expect(told.get(number)?.wrong).toMatch(wrong)
  })
})

describe('the scenes', () => {
  const sceneOf = (number: string) =>
    part(textOf(stages.find((stage) => stage.number === number)!), 'The scene')

  it('begin by saying what is new', () => {
    const leads = [...told.values()].map(({ lead }) => lead)
    expect(leads.filter((lead) => /^[A-Z].*\.$|\?$/.test(lead))).toHaveLength(10)
    expect(leads[8]).toBe(
      'The same, awaited, on a server: while one visitor waits for the database, the others go on.',
    )
  })

  it('is in stage 07 what it was in stage 06, to the letter', () => {
    expect(sceneOf('06')).toContain('session.commit()')
    expect(sceneOf('07')).toBe(sceneOf('06'))
  })

  it('is told without a word about what comes later', () => {
    expect(stages.map(({ number }) => /await/.test(sceneOf(number)))).toEqual([
      ...Array(8).fill(false),
      true,
      true,
    ])
  })
})

describe('the lines', () => {
  it('are those that hold more than blanks and comments', () => {
    const code = [
      '/** A comment',
      ' * over several lines. */',
      '',
      "const address = 'http://localhost' // where it is",
      'const sql = `SELECT /* all */ *',
      '  FROM users`',
      '/* before */ send(sql)',
      '  ',
    ]
    expect(countLines(code.join('\n'))).toBe(4)
    expect(countLines('')).toBe(0)
  })

  it('are counted from heading to heading', () => {
    const story =
      'import a\n\n// The tables\n\nclass A {}\n\n// The scene\n\n// A word.\nsend()\n// Then another.\nlist()\n\n// Still wrong\n\nwrong()\n'
    expect(countLines(part(story, 'The tables'))).toBe(1)
    expect(countLines(part(story, 'The scene'))).toBe(2)
    expect(part(story, 'The end')).toBe('')
  })

  it('are there for every stage, and the first one declares no table', () => {
    const lines = stages.map((stage) => linesOf(stage))
    expect(lines.map(({ tables }) => tables > 0)).toEqual([false, ...Array(9).fill(true)])
    expect(Math.min(...lines.map(({ scene }) => scene))).toBeGreaterThan(10)
    expect(Math.min(...lines.map(({ orm }) => orm))).toBeGreaterThan(500)
  })

  it('are said in two digits', () => {
    expect([about(848), about(9_940), about(13_609)]).toEqual([850, 9_900, 14_000])
  })
})

const place = 'a\n<!-- story: npm run story -- --write -->\nstale words\n<!-- /story -->\nz\n'

describe('the README', () => {
  it('gets its table between the two marks, and gets it once', () => {
    const once = withTable(place, [...told.values()])
    expect(once).toMatch(/^a\n<!-- story: /)
    expect(once).toMatch(/<!-- \/story -->\nz\n$/)
    expect(once).toContain('| [02](02-active-record/story.ts) | 8 + 3 + 34 = 45 | 45 |')
    expect(once).not.toContain('stale')
    expect(withTable(once, [...told.values()])).toBe(once)
  })

  it('is stale as long as it shows something else than the run gives, and so is the picture', () => {
    const all = [...told.values()]
    const { root: folder, remove } = emptySandbox()
    mkdirSync(join(folder, 'shared/workbook/story'), { recursive: true })
    writeFileSync(join(folder, 'README.md'), place)

    const stale = stalePages(folder, all)
    for (const { file, text } of stale) writeFileSync(join(folder, file), text)

    expect(stale.map(({ file }) => file)).toEqual(['README.md', 'shared/workbook/story/story.svg'])
    expect(stalePages(folder, all)).toEqual([])
    const [first, ...others] = all
    const other = { ...first!, wrong: 'nothing' }
    expect(stalePages(folder, [other, ...others]).map(({ file }) => file)).toEqual(['README.md'])
    remove()
  })

  it('must have a place for it', () => {
    expect(() => withTable('nothing', [])).toThrow('README.md needs one "<!-- story:')
    expect(() => withTable(place + place, [])).toThrow('README.md needs one "<!-- story:')
  })
})

describe('the picture', () => {
  it('says each stage in words, and draws its five figures as high as they are', () => {
    const svg = picture([...told.values()])
    expect(svg).toContain('Stage 02, Active Record: 45 statements, ')
    const lists = [
      ...svg.matchAll(/class="list" x="[\d.]+" y="[\d.]+" width="42" height="([\d.]+)"/g),
    ]
    const heights = lists.map(([, height]) => Number(height))
    expect(heights).toHaveLength(10)
    expect(heights.indexOf(Math.max(...heights))).toBe(1)
    for (const name of ['rename', 'publish', 'scene', 'tables'])
      expect(svg.match(new RegExp(`class="${name}" [^>]*width="42"`, 'g'))).toHaveLength(10)
  })
})

describe('the round trips', () => {
  it('are counted once for what is under way together', async () => {
    await using database = openSqliteAsync()
    const trips = new Trips()
    const db = trips.through(database)
    await db.values('SELECT 1')
    await Promise.all([db.values('SELECT 2'), db.values('SELECT 3')])
    expect(trips.count).toBe(2)
    await using connection = await db.connect()
    await connection.run('BEGIN')
    await connection.get('SELECT 4')
    expect(trips.count).toBe(4)
  })
})

describe('the check', () => {
  it('has nothing to say where the README shows no story, and says what to do where it is not true', async () => {
    const course = new Fixture()
    expect(await story.find(await course.open())).toEqual([])
    course.write('README.md', place)
    expect(await story.find(await course.open())).toEqual([
      { where: 'README.md', what: expect.any(String), fix: 'npm run story -- --write' },
    ])
    course.remove()
  })
})

describe('npm run story', () => {
  it('shows one stage: its code, what it sends, its figures; and writes them down', async () => {
    const file = join(tmpdir(), `orm-workbook-story-${process.pid}.json`)
    const { status, output } = await runCommand(root, ['story', '04', '--json', file])
    const [{ number, statements }] = JSON.parse(readFileSync(file, 'utf8'))
    rmSync(file)
    expect(status).toBe(0)
    expect(output).toContain('Objects reach for each other')
    expect(output).toContain('export function publish(')
    expect(output).toContain('list: 3 statements')
    expect(output).toContain("  Robert'); DROP TABLE posts; -- (Robert O'Malley) #security #sql")
    expect(number).toBe('04')
    expect(statements.list[0]).toMatch(/^SELECT .* FROM posts ORDER BY id DESC LIMIT \? {3}-- 10$/)
  })

  it('says what it does not understand, and exits with 2', async () => {
    const [stage, write] = await Promise.all([
      runCommand(root, ['story', '11']),
      runCommand(root, ['story', '04', '--write']),
    ])
    expect([stage.status, write.status]).toEqual([2, 2])
    expect(stage.output).toContain('There is no stage "11".')
    expect(write.output).toContain('README.md shows all ten stages: leave out the numbers.')
  })
})
