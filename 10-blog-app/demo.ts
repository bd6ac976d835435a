/** The blog: npm start -- 10 --solution. PORT, DATABASE_URL, DATABASE_FILE and JWT_SECRET say how; --postgres starts a server; --tour asks, and ends. With a command behind it (migrate, status, …) it is the migration tool. */

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { DatabaseError } from '#shared/driver/errors'
import {
  addSampleData,
  createApp,
  MigrationError,
  migrateBlog,
  openDatabase,
  ServeError,
  samplePassword,
  serve,
  stopOnSignals,
} from '#stage/10-blog-app'
import { runTool } from './tool.ts'
import { tour } from './tour.ts'

const words = process.argv.slice(2)
if (words.some((word) => !word.startsWith('-'))) process.exit(await runTool(words))

const isStarter = import.meta.resolve('#stage/10-blog-app').includes('/starter/')
const flag = { type: 'boolean', default: false } as const
const { values } = parseArgs({ options: { postgres: flag, tour: flag } })
const { PORT = '8000', DATABASE_URL, DATABASE_FILE, JWT_SECRET, LOG_LEVEL = 'info' } = process.env
if (!/^\d{1,5}$/.test(PORT) || Number(PORT) > 65_535) {
  console.error(
    `PORT is "${PORT}", and a port is a number from 0 to 65535: PORT=8001 npm start -- 10`,
  )
  process.exit(2)
}

const { database, name, close } = await openDatabase({
  usePostgres: values.postgres,
  url: DATABASE_URL,
  file: DATABASE_FILE,
})
const logger = pino({ level: values.tour ? 'silent' : LOG_LEVEL })
await migrateBlog(database, logger).catch(giveUp)
await addSampleData(database)

// Without a secret of its own the server takes a new one each time: whoever was logged in has to log in again.
const secret = JWT_SECRET ?? randomBytes(32).toString('hex')
if (values.tour) {
  await tour(database, secret)
  await close()
  process.exit()
}
const development = process.env.NODE_ENV !== 'production'
const app = createApp({ database, secret, logger, development })
const server = await serve(app, Number(PORT)).catch(giveUp)
stopOnSignals(() => server.drain().then(close))
introduce()

/** What somebody at the terminal can mend is said without a stack, which would hide it. */
function giveUp(error: unknown): never {
  const isOurs = error instanceof ServeError || error instanceof MigrationError
  const isUnreachable = error instanceof DatabaseError && error.sql === '(connect)'
  if (!isOurs && !isUnreachable) throw error
  console.error(isUnreachable ? unreachable(error) : error.message)
  process.exit(1)
}

function unreachable({ cause }: DatabaseError): string {
  return `The blog cannot reach the database of DATABASE_URL: ${(cause as Error).message}. This usually happens when the server does not run, or when its address, user or password is another one. Start it, mend the address, or leave DATABASE_URL out: then the blog takes SQLite.`
}

function introduce(): void {
  const { url } = server
  console.log(`The blog runs on ${name}. Ctrl-C ends it.

Open in a browser
  ${url}/       the articles
  ${url}/docs   the API
${development ? `  ${url}/lens   what each request has asked the database\n` : ''}
Ask it
  curl ${url}/posts/
  curl -X POST ${url}/posts/ -d '{"title": "New from API", "user_id": 1}'
  curl '${url}/api/articles?tag=orm'
  curl -i ${url}/api/articles/what-an-orm-does
  curl ${url}/api/users/login -d '{"user": {"email": "alice@example.com", "password": "${samplePassword}"}}'
${isStarter ? '\nWhat is not written yet answers 501, and says which task it waits for.\n' : ''}`)
}
