/** The blog: npm start -- 10 --solution. PORT, DATABASE_URL, DATABASE_FILE and JWT_SECRET say how; --postgres starts a server. */

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import {
  addSampleData,
  createApp,
  createTables,
  openDatabase,
  samplePassword,
  serve,
} from '#stage/10-blog-app'

const { values } = parseArgs({ options: { postgres: { type: 'boolean', default: false } } })
const { PORT = '8000', DATABASE_URL, DATABASE_FILE, JWT_SECRET, LOG_LEVEL = 'info' } = process.env

const { database, name, close } = await openDatabase({
  usePostgres: values.postgres,
  url: DATABASE_URL,
  file: DATABASE_FILE,
})
await createTables(database)
await addSampleData(database)

// Without a secret of its own the server takes a new one each time: whoever was logged in has to log in again.
const secret = JWT_SECRET ?? randomBytes(32).toString('hex')
const app = createApp({ database, secret, logger: pino({ level: LOG_LEVEL }) })
const server = await serve(app, Number(PORT))
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // A PostgreSQL that was started for this listens too, and would end before the last answers are out.
  process.removeAllListeners(signal)
  process.once(signal, stop)
}
introduce()

function stop(): void {
  void server.drain().then(close)
}

function introduce(): void {
  const { url } = server
  console.log(`The blog runs on ${name}. Ctrl-C ends it.

Open in a browser
  ${url}/       the articles
  ${url}/docs   the API

Ask it
  curl ${url}/posts/
  curl -X POST ${url}/posts/ -d '{"title": "New from API", "user_id": 1}'
  curl '${url}/api/articles?tag=orm'
  curl ${url}/api/users/login -d '{"user": {"email": "alice@example.com", "password": "${samplePassword}"}}'
`)
}
