/** What searching feels like with the stage before: node --import tsx 03-query-builder/pain.ts */

import { createBlog } from '#shared/blog/blog'
import type { Connection } from '#shared/driver/driver'
import { openSqlite } from '#shared/driver/sqlite'

/** What a search form may send: every field may be missing. */
interface Filters {
  readonly text?: string
  readonly minAge?: number | null
  readonly ids?: readonly number[]
  readonly sort?: string
}

// User.where({…}) of stage 02 knows "equals" and AND. So the SQL is put together by hand, and the values are bound, as we have learnt.
function search(db: Connection, { text, minAge, ids, sort }: Filters): string {
  let sql = 'SELECT name FROM users WHERE 1 = 1'
  const params: (string | number | null)[] = []
  if (text !== undefined) {
    sql += ' AND name LIKE ? OR email LIKE ?'
    params.push(`%${text}%`, `%${text}%`)
  }
  if (minAge !== undefined) {
    sql += ' AND age >= ?'
    params.push(minAge)
  }
  if (ids !== undefined) {
    sql += ` AND id IN (${ids.map(() => '?').join(', ')})`
    params.push(...ids)
  }
  if (sort !== undefined) sql += ` ORDER BY ${sort}`
  return db
    .all(sql, params)
    .map((row) => row.name)
    .join(', ')
}

say('who has an "o" and is Bob (id 2)?', { text: 'o', ids: [2] })
say('who has a "_" in the name or email?', { text: '_' })
say('of whom do we not know the age?', { minAge: null })
say('whose id is in the empty list?', { ids: [] })
say('sort by: a sort from the address bar', {
  sort: "(SELECT CASE WHEN (SELECT age FROM users WHERE name = 'Bob') > 20 THEN -id ELSE id END)",
})

function say(question: string, filters: Filters): void {
  const db = openSqlite()
  createBlog(db)
  console.log(`${question.padEnd(38)} ${search(db, filters) || '(nobody)'}`)
}
