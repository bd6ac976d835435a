import { describe, expect, it } from 'vitest'
import type { ExpectedStatement } from './expected.ts'
import { openBlog } from './open-blog.ts'

function messageOf(assertion: () => void): string {
  try {
    assertion()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('The assertion passed.')
}

describe('openBlog', () => {
  it('gives a seeded blog and records from now on', () => {
    const db = openBlog()
    expect(db).toHaveSentCount(0)
    expect(db.get('SELECT name FROM users WHERE id = ?', [2])).toEqual({ name: 'Bob' })
    expect(db).toHaveSentCount(1)
    db.forget()
    expect(db).toHaveSent([])
  })

  it('gives each caller a database of its own', () => {
    openBlog().exec('DELETE FROM comments')
    expect(openBlog().all('SELECT id FROM comments')).toHaveLength(3)
  })
})

describe('toHaveSent', () => {
  it('accepts every spelling of what is expected', () => {
    const db = openBlog()
    db.exec('begin immediate')
    db.run('update "users" set "email" = ?, "name" = ? where "id" = ?', ['r@x.org', 'Robert', 2])
    db.run('INSERT INTO tags (name) VALUES (?)', ['new'])
    db.exec('COMMIT;')
    expect(db).toHaveSent([
      'BEGIN',
      { statement: 'UPDATE users SET name, email', parameters: ['r@x.org', 'Robert', 2] },
      'INSERT tags (name)',
      'COMMIT',
    ])
    expect(db).toHaveSent(['BEGIN', 'UPDATE users', 'INSERT', { sql: 'COMMIT' }])
  })

  it.each<[string, ExpectedStatement]>([
    ['another verb', 'DELETE users'],
    ['another table', 'UPDATE posts'],
    ['a column too few', 'UPDATE users SET name'],
    ['a column too many', 'UPDATE users SET name, email, age'],
    ['another value', { statement: 'UPDATE users', parameters: ['Rob', 'r@x.org', 2] }],
    ['a value too few', { statement: 'UPDATE users', parameters: ['Robert'] }],
    ['another text', { sql: 'UPDATE users SET name = ?' }],
  ])('refuses %s', (_what, expected) => {
    const db = openBlog()
    db.run('UPDATE users SET name = ?, email = ? WHERE id = ?', ['Robert', 'r@x.org', 2])
    expect(() => expect(db).toHaveSent([expected])).toThrow('expected 1 statement, saw others')
    expect(db).not.toHaveSent([expected])
  })

  it('compares values as a database does', () => {
    const db = openBlog()
    db.all('SELECT ?, ?, ?', [1n, new Uint8Array([1, 2]), null])
    expect(db).toHaveSent([{ statement: 'SELECT', parameters: [1, new Uint8Array([1, 2]), null] }])
    expect(db).not.toHaveSent([{ statement: 'SELECT', parameters: ['1', new Uint8Array(2), null] }])
  })

  it('refuses another order', () => {
    const db = openBlog()
    db.all('SELECT 1 FROM users')
    db.all('SELECT 1 FROM posts')
    expect(db).not.toHaveSent(['SELECT posts', 'SELECT users'])
  })

  it('shows the statements sent beside those expected', () => {
    const db = openBlog()
    db.exec('BEGIN')
    db.get('SELECT name FROM users WHERE id = ?', [2])
    db.run('UPDATE users SET name = ?, age = ?', ['Robert', 26])
    const assertion = () =>
      expect(db).toHaveSent([
        'SELECT users',
        { statement: 'UPDATE users SET name', parameters: ['Robert'] },
        'COMMIT',
      ])
    expect(messageOf(assertion).split('\n')).toEqual([
      'expected 3 statements, saw others',
      '',
      '    expected                            sent',
      '  ≠ (nothing)                           BEGIN',
      '  = SELECT users                        SELECT name FROM users WHERE id = ?  [2]',
      '  ≠ UPDATE users SET name  ["Robert"]   UPDATE users SET name = ?, age = ?  ["Robert", 26]',
      '  ≠ COMMIT                              (nothing)',
    ])
  })

  it('shows repeated statements once, and names the N+1', () => {
    const db = openBlog()
    db.all('SELECT id FROM users')
    for (const id of [1, 2, 3]) db.all('SELECT title FROM posts WHERE "user_id" = ?', [id])
    expect(
      messageOf(() => expect(db).toHaveSent(['SELECT users', 'SELECT posts'])).split('\n'),
    ).toEqual([
      'expected 2 statements, saw 4: SELECT title FROM posts WHERE "user_id" = ? ×3 ← N+1',
      '',
      '    expected       sent',
      '  = SELECT users   SELECT id FROM users',
      '  = SELECT posts   SELECT title FROM posts WHERE "user_id" = ?  [1]',
      '  ≠ (nothing)      SELECT title FROM posts WHERE "user_id" = ?  [2]  and 1 more like it',
    ])
  })

  it('refuses what is no pattern', () => {
    const db = openBlog()
    db.all('SELECT 1')
    expect(() => expect(db).toHaveSent(['users'])).toThrow("'users' is not a pattern")
  })

  it('needs a connection that remembers', () => {
    expect(() => expect({}).toHaveSent([])).toThrow('toHaveSent needs a connection that remembers')
    const forgotten: unknown = undefined
    expect(() => expect(forgotten).not.toHaveSentCount(1)).toThrow('toHaveSentCount needs')
  })
})

describe('toHaveSentCount', () => {
  it('counts the statements of a script', () => {
    const db = openBlog()
    db.exec('BEGIN; DELETE FROM comments; COMMIT')
    expect(db).toHaveSentCount(3)
    expect(() => expect(db).not.toHaveSentCount(3)).toThrow('expected other statements than these')
  })

  it('names the N+1 in its first line', () => {
    const db = openBlog()
    db.all('SELECT id FROM users')
    for (let id = 0; id < 10; id++) {
      db.all('SELECT id, title, content, published FROM posts WHERE "user_id" = ?', [id])
    }
    expect(messageOf(() => expect(db).toHaveSentCount(2)).split('\n')).toEqual([
      'expected 2 queries, saw 11: SELECT … FROM posts WHERE "user_id" = ? ×10 ← N+1',
      '',
      'Sent:',
      '  SELECT id FROM users',
      '  SELECT … FROM posts WHERE "user_id" = ? ×10 ← N+1',
    ])
  })

  it('does not call it N+1 when the same question is asked again, or when rows are written', () => {
    const db = openBlog()
    for (let i = 0; i < 3; i++) db.all('SELECT id FROM users WHERE id = ?', [1])
    for (let i = 0; i < 3; i++) db.run('INSERT INTO tags (name) VALUES (?)', [`tag ${i}`])
    const message = messageOf(() => expect(db).toHaveSentCount(0))
    expect(message).toContain('×3')
    expect(message).not.toContain('N+1')
  })
})
