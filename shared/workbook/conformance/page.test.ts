import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { root } from '../root.ts'
import { runCommand } from '../run-command.ts'
import { groups } from './cases.ts'

vi.setConfig({ testTimeout: 120_000 })

it('the page of stage 10 shows every case, and this ORM as it should be in each', () => {
  const page = readFileSync(join(root, '10-blog-app', 'README.md'), 'utf8')
  const section = page.split('<!-- edges: begin')[1]?.split('<!-- edges: end -->')[0] ?? ''
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ').map((cell) => cell.replaceAll('|', '').trim()))
    .filter(([title = '']) => title !== '' && !title.startsWith('---') && !title.startsWith('**'))

  const titles = Object.values(groups).flatMap((cases) => cases.map(({ title }) => title))
  expect(rows.map(([title, own]) => `${own} ${title}`)).toEqual(titles.map((title) => `✓ ${title}`))
})

it('npm run edges refuses whom it does not know, and exits with 2', async () => {
  const { status, output } = await runCommand(root, ['edges', '--peers', 'kysely,mybatis'])
  expect([status, output]).toEqual([2, expect.stringContaining('There is no peer "mybatis".')])
})
