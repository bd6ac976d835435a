import type { Connection, Value } from '#shared/driver/driver'
import { blogSchema } from './schema.ts'
import { blogRows } from './seed.ts'

/**
 * Creates the blog's tables and fills them.
 *
 * @example
 * const connection = openSqlite(':memory:')
 * createBlog(connection)
 * connection.get('SELECT name FROM users WHERE id = 1') // { name: 'Alice' }
 */
export function createBlog(connection: Connection): void {
  connection.exec(blogSchema(connection.dialect))
  for (const [table, rows] of Object.entries(blogRows)) {
    for (const row of rows) insert(connection, table, row)
  }
}

function insert(connection: Connection, table: string, row: readonly Value[]): void {
  const values = connection.dialect.hasBooleans ? row : row.map(withoutBoolean)
  const marks = values.map((_, i) => connection.dialect.placeholder(i + 1)).join(', ')
  connection.run(`INSERT INTO ${table} VALUES (${marks})`, values)
}

const withoutBoolean = (value: Value): Value => (typeof value === 'boolean' ? Number(value) : value)
