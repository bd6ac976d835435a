/** What you will have at the end: npm start -- 05 */

import { inspect } from 'node:util'
import { createBlog } from '#shared/blog/blog'
import { record, type Statement } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import {
  belongsTo,
  DetachedError,
  entity,
  hasMany,
  inherit,
  OtherSessionError,
  Registry,
  Session,
  t,
} from '#stage/05-identity-map'

class User extends entity('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  age: t.integer().nullable(),
  joinedAt: t.timestamp().default(() => new Date('2026-05-01T09:00:00Z')),
  posts: () => hasMany(Post),
}) {}

class Post extends entity('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  userId: t.integer().references(() => User.c.id),
  author: () => belongsTo(User),
}) {}

const blog = openSqlite()
createBlog(blog)
const db = record(blog, show)
const session = new Session(db)

title('1. The same object')
say('The first time, it hits the database:')
const userA = session.get(User, 1)
say('The second time, it is there:')
const userB = session.get(User, 1)
say(`userA === userB: ${userA === userB}`)
userA.name = 'A-lice'
say(`userB.name: ${userB.name}`)

title('2. Every door leads through the map')
const [found] = session
  .query(User)
  .where((u) => u.email.eq('alice@example.com'))
  .all()
say(`found === userA: ${found === userA}, and it is still called ${found?.name}`)
const posts = session.query(Post).with({ author: true }).all()
say(`author of the first post === userA: ${posts[0]?.author === userA}`)

title('3. The session writes')
say(`changes: ${inLine(session.changes(userA))}`)
session.save(userA)
session.save(userA)
const dan = new User({ name: 'Dan', email: 'dan@example.com' })
say(`a new object is ${session.stateOf(dan)}`)
session.save(dan)
say(`it is ${session.stateOf(dan)}`)
say(`find(User, ${dan.id}) === dan: ${session.find(User, dan.id) === dan}`)

title('4. Somebody else changes the row')
blog.run('UPDATE users SET age = 31 WHERE id = 1')
session.query(User).all()
say(`userA.age after a query: ${userA.age}`)
session.refresh(userA)
say(`after refresh: ${userA.age}`)
blog.run('UPDATE users SET age = 32 WHERE id = 1')
session.expire(userA)
say('expired; nothing was sent')
say(`at the next touch: ${userA.age}`)

title('5. Out of the session')
session.expunge(userA)
say(`userA is ${session.stateOf(userA)}`)
refused(DetachedError, () => userA.posts.length)
const other = new Session(db)
refused(OtherSessionError, () => other.save(dan))

title('6. One hierarchy, one identity')
const firm = new Registry()
class Person extends entity(
  'people',
  {
    id: t.integer().primaryKey(),
    type: t.text().discriminator(() => [Employee, Manager], 'person'),
    name: t.text(),
  },
  { registry: firm },
) {
  introduce() {
    return `I am ${this.name}`
  }
}
class Employee extends inherit(Person, 'employee', { salary: t.integer() }) {}
class Manager extends inherit(Person, 'manager', { level: t.integer() }, { table: 'managers' }) {
  override introduce() {
    return `${super.introduce()}, level ${this.level}`
  }
}
firm.createAll(db)
for (const person of [
  new Person({ name: 'Pat' }),
  new Employee({ name: 'Eve', salary: 5000 }),
  new Manager({ name: 'Max', level: 3 }),
])
  session.save(person)
session.clear()
const people = session.query(Person).all()
for (const person of people) say(`${person.constructor.name}: ${person.introduce()}`)
say('Eve as an employee, and Max as a manager:')
session.query(Employee).all()
session.query(Manager).all()
say(`find(Manager, 3) === people[2]: ${session.find(Manager, 3) === people[2]}`)
say(`find(Employee, 3): ${session.find(Employee, 3)}`)

/** What the session refuses, and its words. */
function refused(type: new (...values: never[]) => Error, run: () => unknown): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof type)) throw error
    say(error.message)
  }
}

function show({ sql, parameters }: Statement): void {
  for (const line of sql.split('\n')) console.log(`    ${line}`)
  if (parameters.length > 0) console.log(`      with ${inLine(parameters)}`)
}

function say(what: unknown): void {
  console.log(`  ${typeof what === 'string' ? what : inLine(what)}`)
}

function title(text: string): void {
  console.log(`\n${text}`)
}

function inLine(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY })
}
