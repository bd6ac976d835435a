import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createPasswords, type Passwords } from '#stage/10-blog-app'
import { passwords as cheap, clientOf, openBlog } from '../../../10-blog-app/tests/client.ts'

describe('passwords', () => {
  test('are stored as scrypt has made them, each with a salt of its own', async () => {
    const [one, other] = [await cheap.hash('long enough'), await cheap.hash('long enough')]
    expect(one).toMatch(/^scrypt\$1024\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(other).not.toBe(one)
    expect(await cheap.matches('long enough', one)).toBe(true)
    expect(await cheap.matches('long enougH', one)).toBe(false)
    expect(await cheap.matches('', one)).toBe(false)
  })

  test('cost what OWASP asks for, when nobody says otherwise', async () => {
    expect(await createPasswords().hash('long enough')).toMatch(/^scrypt\$16384\$8\$5\$/)
  })

  test('a hash keeps the cost with which it was made', async () => {
    const stored = await cheap.hash('long enough')
    expect(await createPasswords({ N: 2 ** 11, r: 8, p: 1 }).matches('long enough', stored)).toBe(
      true,
    )
  })

  test('é is é, however it was typed', async () => {
    expect(await cheap.matches('cafe\u0301 au lait', await cheap.hash('caf\u00e9 au lait'))).toBe(
      true,
    )
  })

  test('nobody is hashed as well', async () => {
    // A cost that scrypt refuses shows that it was asked.
    const broken = createPasswords({ N: 3, r: 8, p: 1 })
    await expect(broken.matches('x', undefined)).rejects.toThrow('scrypt')
  })

  test('what is no hash matches nothing', async () => {
    expect(await cheap.matches('x', undefined)).toBe(false)
    expect(await cheap.matches('', 'scrypt$1024$8$1$$')).toBe(false)
  })
})

describe('who logs in', () => {
  let matches: ReturnType<typeof vi.fn<Passwords['matches']>>
  let ask: ReturnType<typeof clientOf>['ask']
  beforeEach(async () => {
    const { database, register } = await openBlog()
    await register('alice')
    matches = vi.fn(cheap.matches)
    ask = clientOf(database, { passwords: { ...cheap, matches } }).ask
  })

  test('is compared, whether there is such a user or not: the clock tells nobody', async () => {
    for (const email of ['alice@example.com', 'nobody@example.com']) {
      const user = { email, password: 'wrong password' }
      const answer = await ask('POST', '/api/users/login', { body: { user } })
      expect([answer.status, answer.json.errors.body]).toEqual([
        401,
        ['email or password is wrong'],
      ])
    }
    expect(matches.mock.calls).toEqual([
      ['wrong password', expect.stringMatching(/^scrypt/)],
      ['wrong password', undefined],
    ])
  })

  test('holds no connection while the password is hashed', async () => {
    const { database, register } = await openBlog()
    await register('alice')
    const held: number[] = []
    const watched: Passwords = {
      ...cheap,
      matches: async (password, stored) => {
        held.push(database.usage.holders.length)
        return cheap.matches(password, stored)
      },
    }
    const user = { email: 'alice@example.com', password: 'long enough' }
    const blog = clientOf(database, { passwords: watched })
    expect((await blog.ask('POST', '/api/users/login', { body: { user } })).status).toBe(200)
    expect(held).toEqual([0])
  })
})
