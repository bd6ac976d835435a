import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { postgres } from '#shared/driver/dialect'
import type { RecordedConnection } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { openBlog } from '#shared/testing/open-blog'
import { raised } from '#shared/testing/raised'
import { MissingTableError, OperandError, Query, UnknownWordError } from '#stage/03-query-builder'
import { holds, nastyName, nastyText } from './property.ts'

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

describe('Task 1: chain and build', () => {
  let db: RecordedConnection

  beforeEach(() => {
    db = openBlog()
  })

  it('builds a simple select().from()', () => {
    const query = new Query().select('id', 'name').from('users')

    expect(query.build()).toEqual({ sql: 'SELECT id, name FROM users;', params: [] })
  })

  it('selects every column when none is named', () => {
    expect(new Query().from('users').build().sql).toBe('SELECT * FROM users;')
  })

  it('keeps a value apart from the SQL', () => {
    const { sql, params } = new Query()
      .select('name')
      .from('users')
      .where('account_type', '=', 'premium')
      .build()

    expect(sql, 'a value stands in the SQL text').not.toContain('premium')
    expect(params).toEqual(['premium'])
  })

  it('joins several where() by AND', () => {
    const query = new Query()
      .select('name')
      .from('users')
      .where('age', '>', 18)
      .where('account_type', '=', 'premium')

    expect(query.build()).toEqual({
      sql: 'SELECT name FROM users WHERE age > ? AND account_type = ?;',
      params: [18, 'premium'],
    })
  })

  it('builds the whole query, with its parameters in order', () => {
    const query = new Query()
      .select('id', 'name', 'email')
      .from('users')
      .where('age', '>', 18)
      .where('account_type', '=', 'premium')
      .orderBy('name', 'ASC')
      .limit(10)

    const { sql, params } = query.build()

    expect(sql).toBe(
      'SELECT id, name, email FROM users WHERE age > ? AND account_type = ? ORDER BY name ASC LIMIT ?;',
    )
    expect(params).toEqual([18, 'premium', 10])
    expect(db.all(sql, params)).toEqual([{ id: 1, name: 'Alice', email: 'alice@example.com' }])
  })

  it('builds for another database as well', () => {
    const query = new Query().select('name').from('users').where('age', '>', 18).limit(10)

    expect(query.build(postgres)).toEqual({
      sql: 'SELECT name FROM users WHERE age > $1 LIMIT $2;',
      params: [18, 10],
    })
  })

  it('leaves the query it was called on as it was', () => {
    const everyone = new Query().select('name').from('users').orderBy('id')
    const adults = everyone.where('age', '>=', 18)
    const two = everyone.limit(2)

    const names = (query: Query) => {
      const { sql, params } = query.build()
      return db.all(sql, params).map((row) => row.name)
    }

    expect({ everyone: names(everyone), adults: names(adults), two: names(two) }).toEqual({
      everyone: ['Alice', 'Bob', 'Carol'],
      adults: ['Alice', 'Bob'],
      two: ['Alice', 'Bob'],
    })
  })

  it('takes the calls in any order', () => {
    const query = new Query()
      .limit(2)
      .orderBy('age', 'desc')
      .where('age', '>', 18)
      .from('users')
      .select('name')

    const { sql, params } = query.build()

    expect(db.all(sql, params)).toEqual([{ name: 'Alice' }, { name: 'Bob' }])
  })

  it('adds up what several calls say', () => {
    const query = new Query()
      .select('name')
      .select('account_type')
      .from('users')
      .orderBy('account_type', 'DESC')
      .orderBy('name', 'DESC')

    const { sql, params } = query.build()

    expect(db.all(sql, params).map((row) => row.name)).toEqual(['Alice', 'Carol', 'Bob'])
  })

  it.each([
    ['like', 'A%', ['Alice']],
    ['between', [20, 28], ['Bob']],
  ] as const)('knows the operator %s', (operator, value, names) => {
    const column = operator === 'like' ? 'name' : 'age'

    const { sql, params } = new Query()
      .select('name')
      .from('users')
      .where(column, operator, value)
      .build()

    expect(db.all(sql, params).map((row) => row.name)).toEqual(names)
  })

  it('refuses an operator that it does not know: it would stand in the SQL', () => {
    const query = () => new Query().from('users').where('age', '> 0 OR 1 =' as never, 1)

    expect(raised(query)).toBeInstanceOf(UnknownWordError)
    expect(raised(query)).toHaveProperty('message', expect.stringContaining('between'))
  })

  it('refuses a direction that is none: it would stand in the SQL', () => {
    const query = () => new Query().from('users').orderBy('name', '; DROP TABLE users' as never)

    expect(raised(query)).toBeInstanceOf(UnknownWordError)
  })

  it.each([-1, 1.5, Number.NaN, '10', undefined])('refuses to limit to %s', (count) => {
    expect(raised(() => new Query().from('users').limit(count as number))).toBeInstanceOf(
      OperandError,
    )
  })

  it('refuses undefined where a value is needed', () => {
    expect(raised(() => new Query().from('users').where('id', '=', undefined))).toBeInstanceOf(
      OperandError,
    )
  })

  it('says when the table is missing', () => {
    expect(raised(() => new Query().select('name').build())).toBeInstanceOf(MissingTableError)
  })

  it('never writes a value into the SQL', () => {
    const query = new Query().select('name').from('users')
    const { sql } = query.where('name', '=', 'Alice').build()

    holds(
      fc.property(nastyText, (text) => {
        const built = query.where('name', '=', text).build()
        expect(built.sql, 'a value stands in the SQL text').toBe(sql)
        expect(built.params).toEqual([text])
      }),
    )
  })

  it('quotes names of any kind, on a real database', () => {
    const connection = openSqlite()

    holds(
      fc.property(nastyName, nastyName, nastyText, (table, column, text) => {
        fc.pre(!/^sqlite_/i.test(table))
        connection.exec(`CREATE TABLE ${quoted(table)} (${quoted(column)} TEXT)`)
        try {
          connection.run(`INSERT INTO ${quoted(table)} VALUES (?)`, [text])
          const query = new Query().select(column).from(table).where(column, '=', text)
          const { sql, params } = query.orderBy(column).build()
          expect(connection.values(sql, params)).toEqual([[text]])
        } finally {
          connection.exec(`DROP TABLE ${quoted(table)}`)
        }
      }),
    )
  })
})
