import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { judge } from './case.ts'
import { groups } from './cases.ts'
import { type Ground, postgresGround, sqliteGround } from './databases.ts'
import { ownSubject } from './own.ts'
import type { Subject } from './subject.ts'

// Every trap, laid for the finished ORM, on both databases. `npm run edges` lays the same ones for others.

// Some have thousands of rows, and the machine may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const grounds = [
  { database: 'sqlite', openGround: sqliteGround },
  { database: 'postgres', openGround: postgresGround },
] as const

describe.each(grounds)('the ORM at the edges, on $database', ({ database, openGround }) => {
  let ground: Ground
  let subject: Subject

  beforeAll(async () => {
    ground = await openGround()
    subject = ownSubject(ground.open())
  })
  afterAll(async () => {
    await subject?.close()
    await ground?.close()
  })
  beforeEach(() => ground.empty())

  describe.each(Object.entries(groups))('%s', (_, cases) => {
    it.each(cases)('$id: $title', async (one) => {
      const { kind, value, error } = await judge(one, { database, sql: ground.sql }, subject)

      expect({ kind, error: (error as Error | undefined)?.name, value }).toEqual({
        kind: 'right',
        error: one.refusesWith?.[database],
        value: one.refusesWith?.[database] ? undefined : one.right,
      })
    })
  })
})
