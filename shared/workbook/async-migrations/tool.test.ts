import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../../../07-migrations/tests/project.ts'
import { runTool } from '../../../09-async/tool.ts'
import { onPostgres, usePostgres } from './places.ts'

usePostgres()

/** What the tool prints, line by line. */
function listen(): string[] {
  const lines: string[] = []
  const said = (line: unknown) => void lines.push(String(line))
  const spies = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(said),
  )
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return lines
}

describe('the command line of stage 09', () => {
  it.each(['sqlite', 'postgres'])(
    'leads a project on %s from nothing to its tables',
    async (name) => {
      const folder = temporaryFolder()
      const url = name === 'sqlite' ? '' : (await onPostgres.place()).address
      const lines = listen()
      const tool = (...words: string[]) => runTool(words, { url, folder })

      expect(await tool('makemigrations')).toBe(0)
      expect(await tool('check')).toBe(1)
      expect(await tool('migrate')).toBe(0)
      expect(await tool('check')).toBe(0)
      expect(lines.at(-1)).toBe('Models, files and database agree.')
      expect(readdirSync(join(folder, `migrations-${name}`))).toEqual([
        '0001_create_users_and_posts.sql',
      ])
      expect(await tool('rollback', '--allow-data-loss')).toBe(0)
      expect(await tool('status')).toBe(0)
      expect(lines.at(-1)).toBe('[ ] 0001_create_users_and_posts')
      expect(await tool('migrat')).toBe(2)
    },
  )
})
