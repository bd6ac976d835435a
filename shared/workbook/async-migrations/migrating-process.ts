import { manage, Registry } from '#stage/09-async'
import { recordAsync } from '../../driver/async-recorder.ts'
import { openDatabase } from './open-database.ts'

const [folder = '', address = '', killAt] = process.argv.slice(2)

// The recorder tells of a statement when it was answered: the transaction is open, and nothing more comes.
const database = recordAsync(openDatabase(address), {
  listener: ({ sql }) => {
    if (sql === killAt) process.kill(process.pid, 'SIGKILL')
  },
})

process.exitCode = await manage(['migrate'], { database, registry: new Registry(), folder })
await database.close()
