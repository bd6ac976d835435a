import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '#shared/driver/driver'
import type { Statement } from '#shared/driver/recorder'
import { openBlog } from '#shared/testing/open-blog'
import { raised } from '#shared/testing/raised'
import {
  html,
  Lens,
  reportOf,
  Session,
  toolbar,
  toolbarRows,
  withToolbar,
} from '#stage/08-profiling'
import { Comment, Post, User } from './models.ts'

let blog: Connection
let lens: Lens
let session: Session

beforeEach(() => {
  blog = openBlog()
  lens = new Lens(blog, { models: [User, Post, Comment] })
  session = new Session(lens.connection, { usage: lens.usage })
})

const rows = () => toolbarRows(lens.report)

const statement = (
  sql: string,
  milliseconds: number,
  more: Partial<Statement> = {},
): Statement => ({
  sql,
  milliseconds,
  parameters: [],
  rows: 1,
  startedAt: 0,
  callSite: 'list (page.ts:1:1)',
  ...more,
})

describe('Task 4: show it on the page', () => {
  describe('in a line for each shape and each line of the program', () => {
    it('with how often it was sent, and the rows of all together', () => {
      for (const user of session.query(User).all()) user.posts.toArray()
      expect(rows().map(({ times, rows, marks }) => ({ times, rows, marks }))).toEqual([
        { times: 1, rows: 3, marks: [] },
        { times: 3, rows: 3, marks: ['N+1'] },
      ])
    })

    it('in the order in which they were sent first', () => {
      session
        .query(User)
        .with({ posts: { comments: true } })
        .all()
      expect(rows().map(({ group }) => /FROM (\w+)/.exec(group.fingerprint)?.[1])).toEqual([
        'users',
        'posts',
        'comments',
      ])
    })

    it('with the time of all together, and its part of the whole', () => {
      const report = reportOf([
        statement('SELECT a FROM t', 0.0625),
        statement('SELECT 1', 0.125, { rows: 1 }),
        statement('SELECT 2', 0.3125, { rows: 5 }),
      ])
      expect(toolbarRows(report)).toMatchObject([
        { milliseconds: 0.0625, share: 1 / 8, rows: 1 },
        { milliseconds: 0.4375, share: 7 / 8, rows: 6 },
      ])
    })

    it('also when everything took no time', () => {
      expect(toolbarRows(reportOf([statement('SELECT 1', 0)]))).toMatchObject([{ share: 0 }])
      expect(toolbarRows(reportOf([]))).toEqual([])
    })
  })

  describe('with a mark', () => {
    const marks = (...statements: readonly Statement[]) =>
      toolbarRows(reportOf(statements)).map((row) => row.marks)
    const ask = (id: number, more?: Partial<Statement>) =>
      statement('SELECT id FROM users WHERE id = ?', 1, { parameters: [id], ...more })

    it('for N+1, and only at the line that does it', () => {
      expect(marks(ask(1), ask(2), ask(3), ask(4, { callSite: 'elsewhere' }))).toEqual([
        ['N+1'],
        [],
      ])
    })

    it('for that statement alone, when its line sends another one too', () => {
      const slow = statement('SELECT COUNT(*) FROM users', 250)
      expect(marks(ask(1), ask(2), ask(3), slow)).toEqual([['N+1'], ['slow']])
    })

    it('for a question that was asked before', () => {
      expect(marks(ask(1), ask(1))).toEqual([['again']])
      expect(marks(ask(1), ask(2))).toEqual([[]])
      expect(marks(ask(1), ask(2), ask(1))).toEqual([['again']])
    })

    it('for N+1 and for a repeated question, when one line does both', () => {
      expect(marks(ask(1), ask(2), ask(3), ask(1)).map((all) => all.toSorted())).toEqual([
        ['N+1', 'again'],
      ])
    })

    it('for what is written twice: none, that may be meant', () => {
      expect(
        marks(
          statement('INSERT INTO tags DEFAULT VALUES', 1),
          statement('INSERT INTO tags DEFAULT VALUES', 1),
          statement('BEGIN', 1),
          statement('BEGIN', 1),
        ),
      ).toEqual([[], []])
    })

    it('for a statement that was slow', () => {
      expect(marks(ask(1, { milliseconds: 250 }))).toEqual([['slow']])
      expect(toolbarRows(reportOf([ask(1)], { slowFrom: 1 }))[0]?.marks).toEqual(['slow'])
    })

    it('for a statement that the database refused', () => {
      expect(marks(ask(1), ask(2, { error: new Error('no') }))).toEqual([['failed']])
    })
  })

  describe('in the page', () => {
    it('before its end', () => {
      expect(withToolbar('<body><p>Hello</p></body></html>', html`<b>bar</b>`)).toBe(
        '<body><p>Hello</p><b>bar</b></body></html>',
      )
    })

    it('before the last of several ends: the others are part of what the page tells', () => {
      const page = '<body><code>"</body>"</code></BODY>'
      expect(withToolbar(page, html`!`)).toBe('<body><code>"</body>"</code>!</BODY>')
    })

    it('after a page that leaves its end out', () => {
      expect(withToolbar('<p>Hello', html`!`)).toBe('<p>Hello!')
    })

    it('before its end, though capitals in it are longer or shorter than small letters', () => {
      expect(withToolbar('<p>İİİ</BODY>', html`!`)).toBe('<p>İİİ!</BODY>')
      expect(withToolbar('<p>Hello</body\n></html>', html`!`)).toBe('<p>Hello!</body\n></html>')
    })

    it('whatever signs stand in it', () => {
      expect(withToolbar('<p></body>', html`${"$& $' $1"}`)).toContain('$&#38; $&#39; $1')
    })
  })

  describe('as HTML', () => {
    it('in which a value is text, whatever stands in it', () => {
      const attack = '</template><script>alert(1)</script>'
      raised(() => lens.connection.all(`SELECT '${attack}' FROM nowhere WHERE id = ?`, [attack]))
      const page = String(lens.toolbar())
      expect(page).not.toContain('<script')
      expect(page).toContain('&#60;script&#62;')
    })

    it('that says what is wrong, who asked, and what to write', () => {
      for (const user of session.query(User).all()) user.posts.toArray()
      const page = String(lens.toolbar())
      expect(page).toContain('N+1: User.posts asked for 3 times')
      expect(page).toContain('session.query(User).with({ posts: true })')
      expect(page).toMatch(/4-toolbar\.test\.ts:\d+:\d+/)
    })

    it('that says what was loaded in vain', () => {
      for (const user of session.query(User).with({ posts: true }).all()) user.name
      expect(String(lens.toolbar())).toContain('User.posts was loaded in vain')
    })

    it('that shows the plan, and an index when it may try one', () => {
      session
        .query(Post)
        .where((p) => p.userId.eq(1))
        .all()
      const advised = new Lens(blog, { advise: true })
      advised.connection.all('SELECT id FROM posts WHERE user_id = ?', [1])
      expect(String(lens.toolbar())).toContain('SCAN posts   ← reads the whole table')
      expect(String(lens.toolbar())).not.toContain('CREATE INDEX')
      expect(String(advised.toolbar())).toContain(
        'CREATE INDEX ix_posts_user_id ON posts (user_id)',
      )
    })

    it('that is there without a plan, when the table is gone since', () => {
      lens.connection.exec('CREATE TABLE passing (id INTEGER)')
      lens.connection.all('SELECT id FROM passing')
      lens.connection.exec('DROP TABLE passing')
      const page = String(lens.toolbar())
      expect(page).toContain('SELECT id FROM passing')
      expect(page).not.toContain('SCAN passing')
    })

    it('that is no part of what the page has sent', () => {
      session.query(User).all()
      lens.toolbar()
      expect(lens.connection).toHaveSentCount(1)
    })

    it('that fetches nothing from elsewhere and runs no script', () => {
      session.query(User).all()
      const page = String(toolbar(lens.report))
      expect(page).toContain('1 statement')
      expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
        /https?:|<script|<link|@import|url\(/,
      )
    })

    it('that says so when a page has sent nothing', () => {
      expect(String(lens.toolbar())).toContain('This page has sent nothing.')
    })
  })
})
