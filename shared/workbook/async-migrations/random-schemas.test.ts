import fc from 'fast-check'
import { describe, it } from 'vitest'
import { schemaOf } from '#stage/07-migrations'
import {
  diff,
  inspect,
  reverse,
  runStatements,
  type Schema,
  schemaAfter,
  statements,
} from '#stage/09-async'
import {
  answersFor,
  asWritten,
  fill,
  type Plan,
  plain,
  plan,
  registryOf,
  survivors,
} from '../../../07-migrations/tests/random-schemas.ts'
import type { AsyncConnection } from '../../driver/async-driver.ts'
import type { Connection, Value } from '../../driver/driver.ts'
import { everywhere, usePostgres } from './places.ts'

// The property of stage 07, awaited: whatever two schemas there are, the way from the one to the other exists, keeps the rows,
// and leads back. The schemas and what is in their tables are made up by stage 07; everything is sent by stage 09.

usePostgres()

describe.each(everywhere)('random schemas on $name', ({ place }) => {
  it('lead to each other, keep the rows, and lead back', async () => {
    const database = (await place()).open()
    await using connection = await database.connect()
    const pair = fc.asyncProperty(
      plan,
      plan,
      fc.boolean(),
      async (before, after, renamesTables) => {
        await migrateThereAndBack(connection, before, after, renamesTables)
        await empty(connection)
      },
    )
    await fc.assert(pair, { numRuns: Number(process.env.WORKBOOK_PAIRS ?? 12), endOnFailure: true })
  }, 3_600_000)
})

async function migrateThereAndBack(
  connection: AsyncConnection,
  before: Plan,
  after: Plan,
  renamesTables: boolean,
): Promise<void> {
  const { dialect } = connection
  const [a, b] = [schemaOf(registryOf(before), dialect), schemaOf(registryOf(after), dialect)]
  const answers = answersFor({ dialect } as Connection, a, b, renamesTables)
  const kept = survivors(a, b, answers.renames)
  await migrate(connection, { dialect: dialect.name, tables: [] }, a)
  await fillAll(connection, a)
  const rows = await contents(connection, kept.map(wasOf))

  const start = await inspect(connection)
  const operations = diff(start, b, answers)
  await send(connection, statements(operations, start, dialect))
  await expectSchema(connection, b)
  needSame(await contents(connection, kept.map(isOf)), rows)

  const back = statements(reverse(operations), schemaAfter(start, operations), dialect)
  await send(connection, back)
  await expectSchema(connection, a)
}

async function migrate(connection: AsyncConnection, from: Schema, to: Schema): Promise<void> {
  await send(connection, statements(diff(from, to), from, connection.dialect))
  await expectSchema(connection, to)
}

const send = (connection: AsyncConnection, sql: readonly string[]) =>
  runStatements(connection, asWritten(sql))

async function expectSchema(connection: AsyncConnection, wanted: Schema): Promise<void> {
  const left = diff(await inspect(connection), wanted)
  if (left.length > 0) throw new Error(`there is still a difference: ${JSON.stringify(left)}`)
}

/** Stage 07 fills synchronously: what it would send is written down, and sent here. */
async function fillAll(connection: AsyncConnection, schema: Schema): Promise<void> {
  const inserts: [sql: string, parameters: readonly Value[]][] = []
  const run = (sql: string, parameters: readonly Value[] = []) => {
    inserts.push([sql, parameters])
    return { changes: 0, lastInsertId: 0 }
  }
  fill({ dialect: connection.dialect, run } as Partial<Connection> as Connection, schema)
  for (const [sql, parameters] of inserts) await connection.run(sql, parameters)
}

interface Part {
  readonly table: string
  readonly columns: readonly string[]
}

type Kept = ReturnType<typeof survivors>[number]
const wasOf = ({ was, columns }: Kept) => ({ table: was, columns: columns.map((one) => one.was) })
const isOf = ({ is, columns }: Kept) => ({ table: is, columns: columns.map((one) => one.is) })

async function contents(connection: AsyncConnection, parts: readonly Part[]): Promise<string[]> {
  const { quoteIdentifier } = connection.dialect
  const found: string[] = []
  for (const { table, columns } of parts) {
    const names = columns.map(quoteIdentifier).join(', ')
    const sql = `SELECT ${names} FROM ${quoteIdentifier(table)} ORDER BY id`
    for (const row of await connection.values(sql))
      found.push(row.map((value, i) => plain(columns[i]!, value)).join(' | '))
  }
  return found
}

function needSame(now: readonly string[], before: readonly string[]): void {
  if (now.join('\n') !== before.join('\n'))
    throw new Error(`rows were lost:\n${before.join('\n')}\nbecame\n${now.join('\n')}`)
}

async function empty(connection: AsyncConnection): Promise<void> {
  const there = await inspect(connection)
  await migrate(connection, there, { ...there, tables: [] })
}
