// A program that starts a server, and is killed before it can stop it.
import pg from 'pg'
import { startPostgres } from './embedded-postgres.ts'

const { url } = await startPostgres()
const client = new pg.Client(url)
await client.connect()
const { rows } = await client.query(`SELECT pg_read_file('postmaster.pid') AS text`)
await client.end()
process.send?.(Number.parseInt(rows[0].text, 10))
