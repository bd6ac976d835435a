import { expect, it, vi } from 'vitest'
import { root } from './root.ts'
import { runCommand } from './run-command.ts'

vi.setConfig({ testTimeout: 60_000 })

const bench = (...args: string[]) => runCommand(root, ['bench', ...args])

it('says what it cannot measure, and exits with 2', async () => {
  const [stage, peer, rounds] = await Promise.all([
    bench('02'),
    bench('--peers', 'kysely,mybatis'),
    bench('--rounds', 'many'),
  ])
  expect([stage.status, peer.status, rounds.status]).toEqual([2, 2, 2])
  expect(stage.output).toContain('Only the stages from 04 on are measured.')
  expect(peer.output).toContain('There is no peer "mybatis".')
  expect(rounds.output).toContain('--rounds takes a whole number from 1 on, not "many".')
})

it('measures a stage beside the raw driver', async () => {
  const { status, output } = await bench('06', '--peers', 'none', '--rounds', '1')
  expect(status).toBe(0)
  expect(output).toMatch(/raw better-sqlite3 +\| +1\.00/)
  expect(output).toMatch(/stage 06 +\| +\d/)
})
