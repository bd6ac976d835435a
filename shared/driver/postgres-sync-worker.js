// The other end of postgres-sync.ts: one connection to PostgreSQL, which answers one request after the other.
// Plain JavaScript, so that a worker thread of any Node can load it without a loader.
import { workerData } from 'node:worker_threads'

/** @type {{ url: string, port: import('node:worker_threads').MessagePort, bell: Int32Array }} */
const { url, port, bell } = workerData

/** What PostgreSQL tells of an error beside its message: an Error that is sent to another thread would lose it. */
const fields = ['code', 'severity', 'detail', 'hint', 'schema', 'table', 'column', 'constraint']

/** An error without a code is one of `pg` itself, about the connection: 08006 is the code for that. */
const reportOf = (error) => ({
  ...Object.fromEntries(fields.map((field) => [field, error[field]])),
  code: error.code ?? '08006',
  message: error.message || String(error.code ?? error),
})

/** The answer is in the port before the bell rings, and nobody looks for it earlier. */
function answer(message) {
  port.postMessage(message)
  Atomics.add(bell, 0, 1)
  Atomics.notify(bell, 0)
}

const fail = (error) => answer({ failure: reportOf(error) })

/** Every value stays the text that PostgreSQL sends: the other thread knows its types. */
const asText = { getTypeParser: () => (text) => text }

/** A script gives a result for each of its statements; nobody asks for them. */
function tell({ rows, fields, rowCount }) {
  const columns = (fields ?? []).map(({ name, dataTypeID }) => ({ name, type: dataTypeID }))
  answer({ result: { rows: rows ?? [], columns, changes: rowCount ?? 0 } })
}

/** Without parameters `pg` sends a plain query, which may hold several statements: that is for scripts alone. */
const queryOf = ({ sql, parameters }) =>
  parameters
    ? { text: sql, values: parameters, rowMode: 'array', queryMode: 'extended', types: asText }
    : sql

async function serve() {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // A connection that breaks between two statements is told at the next one.
  client.on('error', () => {})
  await client.connect()
  port.on('message', (request) => {
    if (request.close) return client.end().then(() => answer({ result: undefined }), fail)
    return client.query(queryOf(request)).then(tell, fail)
  })
  answer({ result: undefined })
}

serve().catch(fail)
