import { openPostgresSync } from '#shared/driver/postgres-sync'
import { record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { manage, Registry } from '#stage/07-migrations'

const [folder = '', database = '', killAt] = process.argv.slice(2)

const connection = database.startsWith('postgres')
  ? openPostgresSync(database)
  : openSqlite(database)

// The recorder tells of a statement when it was sent: the transaction is open, and nothing more comes.
const db = record(connection, ({ sql }) => {
  if (sql === killAt) process.kill(process.pid, 'SIGKILL')
})

process.exitCode = await manage(['migrate'], { connection: db, registry: new Registry(), folder })
db.close()
