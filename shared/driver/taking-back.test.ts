import { describe, expect, it } from 'vitest'
import { ConnectionClosedError } from './errors.ts'
import { openSqliteAsync } from './sqlite-async.ts'
import { takingBack } from './taking-back.ts'

describe('taking back', () => {
  it('closes although somebody still has a connection, and takes back what was begun on it', async () => {
    const database = takingBack(openSqliteAsync())
    const connection = await database.connect()
    await connection.run('BEGIN')
    await database.close()

    expect(database.usage.holders).toEqual([])
    await expect(connection.run('COMMIT')).rejects.toBeInstanceOf(ConnectionClosedError)
  })

  it('leaves alone what was given back, and lends as before', async () => {
    await using database = takingBack(openSqliteAsync())
    await (await database.connect()).release()
    await using connection = await database.connect()

    expect(await connection.values('SELECT 1')).toEqual([[1]])
  })
})
