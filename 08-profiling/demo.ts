/** What you will have at the end: npm start -- 08, and in a browser: npm start -- 08 --serve */

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  callTree,
  describeNPlusOne,
  expectQueries,
  explainPlan,
  fingerprint,
  flame,
  Lens,
  proposeIndexes,
  QueryCountError,
  Session,
  showPlan,
  timeByPart,
  writeCpuProfile,
} from '#stage/08-profiling'
import { printFigures } from './figures.ts'
import { openDatabases } from './page/app.ts'
import { eager, slow } from './page/authors.ts'
import { openLargeBlog } from './page/database.ts'
import { measureCurves, measureVersions, profileSlowPage } from './page/measure.ts'
import { models, User } from './page/models.ts'
import { serve } from './page/serve.ts'

const { values } = parseArgs({
  options: {
    serve: { type: 'boolean' },
    port: { type: 'string', default: '0' },
    profile: { type: 'string' },
  },
})

if (values.serve) await servePages(Number(values.port))
else if (values.profile) saveProfile(values.profile)
else showAll()

function showAll(): void {
  const blog = openLargeBlog()

  title('1. One shape, one fingerprint')
  for (const list of ['(1)', '(?, ?, ?)', '( 4,5,6,7,8 )'])
    say(fingerprint(`select ID, title from "posts" where user_id in ${list} -- posts`))

  title('2. Who asked for it, and what to write instead')
  const lens = new Lens(blog, { models })
  slow(new Session(lens.connection))
  say(`${lens.report.statements.length} statements, ${lens.report.rows} rows`)
  for (const found of lens.report.nPlusOnes) say(describeNPlusOne(found))

  title('3. How the database goes about it')
  const question = lens.connection.statements[1]!
  say(showPlan(explainPlan(blog, question)))
  for (const { sql, after } of proposeIndexes(blog, question)) {
    say(`better: ${sql}`)
    say(showPlan(after))
  }

  title('4. The page, version by version')
  printVersions()

  title('5. Each fix, measured')
  printFigures()

  title('6. What is loaded in vain')
  const vain = new Lens(blog, { models })
  const session = new Session(vain.connection, { usage: vain.usage })
  session.query(User).with({ posts: true }).all()
  for (const { fix } of vain.report.unusedLoads) say(fix)

  title('7. A test that counts')
  const counted = new Lens(blog)
  expectQueries(counted.connection, 2, () => eager(new Session(counted.connection)))
  say('eager: 2 statements, as expected')
  try {
    expectQueries(counted.connection, 2, () => slow(new Session(counted.connection)))
  } catch (error) {
    if (!(error instanceof QueryCountError)) throw error
    say(error.message)
  }

  title('8. How it grows')
  for (const { name, points } of measureCurves([10, 100, 1000]))
    say(
      `${name.padEnd(24)} ${points.map(({ n, statements }) => `N=${n}: ${statements}`).join(', ')}`,
    )

  title('9. Where the time of the slow page goes')
  printParts(blog)
}

function printVersions(): void {
  say(`${''.padEnd(22)}statements   rows     ms`)
  for (const one of measureVersions(openDatabases())) {
    const name = one.version.title.padEnd(22)
    if ('task' in one) {
      say(`${name}waits for ${one.task}`)
      continue
    }
    const figures = [one.statements, one.rows].map((figure, i) =>
      String(figure).padStart(10 - 3 * i),
    )
    say(`${name}${figures.join('')}${one.milliseconds.toFixed(1).padStart(7)}`)
  }
}

/** Every moment counts for the function that was running. */
function printParts(blog: ReturnType<typeof openLargeBlog>): void {
  const parts = timeByPart(callTree(profileSlowPage(blog)))
  parts.delete('idle')
  const all = [...parts.values()].reduce((sum, one) => sum + one, 0)
  for (const [part, time] of [...parts].sort(([, a], [, b]) => b - a))
    if (time / all >= 0.01)
      say(`${part.padEnd(12)} ${`${Math.round((time / all) * 100)} %`.padStart(5)}`)
}

/** A file for the tools of browsers and editors, and a picture of our own beside it. */
function saveProfile(name: string): void {
  const profile = profileSlowPage(openLargeBlog())
  const file = name.endsWith('.cpuprofile') ? name : `${name}.cpuprofile`
  writeCpuProfile(profile, file)
  writeFileSync(file.replace(/cpuprofile$/, 'svg'), String(flame(profile)))
  say(`${file} is written: open it in the browser's developer tools, under Performance.`)
}

async function servePages(port: number): Promise<void> {
  const { url, close } = await serve(port)
  console.log(`The pages are at ${url}\nCtrl-C ends it.`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void close().then(() => process.exit(0)))
}

function say(text: string): void {
  for (const line of text.split('\n')) console.log(`  ${line}`)
}

function title(text: string): void {
  console.log(`\n${text}`)
}
