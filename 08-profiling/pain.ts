/** What stage 07 feels like when a page is slow and nobody knows why: node --import tsx 08-profiling/pain.ts */

import { record } from '#shared/driver/recorder'
import { Session } from '#stage/08-profiling'
import { slow } from './page/authors.ts'
import { openLargeBlog } from './page/database.ts'

const db = record(openLargeBlog())

console.log('1. The page: all authors with the title of their latest post')
const start = performance.now()
const lines = slow(new Session(db))
const milliseconds = performance.now() - start
for (const { name, title } of lines.slice(0, 3)) console.log(`  ${name}: ${title}`)
console.log(`  … and ${lines.length - 3} more, in ${Math.ceil(milliseconds)} ms`)

console.log('\n2. Is that much? Somebody switches on the log')
for (const { sql, parameters } of db.statements.slice(0, 4))
  console.log(`  ${sql} [${parameters.join(', ')}]`)
console.log(`  … and ${db.statements.length - 4} more`)

console.log('\n3. The same page, with a database that is two milliseconds away')
console.log(`  ${db.statements.length} × 2 ms = ${db.statements.length * 2} ms of waiting`)

console.log('\n4. And next year, with ten times as many authors')
const later = record(openLargeBlog({ authors: 1000, posts: 2 }))
slow(new Session(later))
console.log(`  ${later.statements.length} × 2 ms = ${later.statements.length * 2} ms of waiting`)
