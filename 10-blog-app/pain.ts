/** The blog of somebody in a hurry: one session for everybody, objects as they are, errors as they come. */

import { Hono } from 'hono'
import { recordAsync } from '#shared/driver/async-recorder'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { AsyncSession, addSampleData, blog, migrateBlog } from '#stage/10-blog-app'

const { Post, User } = blog
const say = (line = '') => console.log(line)

const database = recordAsync(openSqliteAsync())
await migrateBlog(database)
await addSampleData(database)
const session = new AsyncSession(database)

const app = new Hono()
app.get('/users/:id', async (c) => {
  const user = await session.get(User, Number(c.req.param('id')))
  return c.json(user)
})
app.put('/users/:id', async (c) => {
  const user = await session.get(User, Number(c.req.param('id')))
  Object.assign(user, await c.req.json())
  await session.commit()
  return c.text('saved')
})
app.get('/posts', async (c) => {
  const lines = []
  for (const post of await session.query(Post).all())
    lines.push(`${post.title}, by ${(await post.author).username}`)
  return c.json(lines)
})
app.onError((error, c) => c.text(error.message, 500))

say('1. Who is Alice?')
await ask('GET', '/users/1')

say('\n2. Two people read at the same moment')
await Promise.all([ask('GET', '/posts'), ask('GET', '/posts')])

say('\n3. Bob wants an address that Alice has')
await ask('PUT', '/users/2', { email: 'alice@example.com' })

say('\n4. A minute later somebody else changes a word about Alice')
await ask('PUT', '/users/1', { bio: 'I like views.' })

say('\n5. A hundred posts of a hundred authors')
await addHundred()
await new Promise((resolve) => setTimeout(resolve))
database.forget()
await ask('GET', '/posts', undefined, 60)
say(`  ${database.statements.length} statements`)
await database.close()

async function ask(method: string, path: string, body?: object, width = 400): Promise<void> {
  const request = { method, ...(body && { body: JSON.stringify(body) }) }
  const answer = await app.request(path, request)
  const text = (await answer.text()).slice(0, width)
  say(`  ${method} ${path} → ${answer.status} ${text.replaceAll('\n', '\n    ')}`)
}

async function addHundred(): Promise<void> {
  await using session = new AsyncSession(database)
  for (let number = 1; number <= 100; number++) {
    const username = `author ${number}`
    const author = new User({ username, email: `${number}@example.com`, password: 'x' })
    session.add(new Post({ title: `Post ${number}`, author }))
  }
  await session.commit()
}
