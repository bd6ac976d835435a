import { headsOf, type Progress, problemsOf } from '../history.ts'
import { readProgress } from './apply.ts'
import type { Command } from './command.ts'
import { shownTime } from './print.ts'

export const status: Command = {
  summary: 'lists the migrations, and which of them the database has',
  help: '  It takes no options. What is not in order stands below the list; `check` also gives 1 for it.',
  options: {},
  words: 0,
  async run(tool) {
    const progress = await readProgress(tool)
    if (progress.migrations.length === 0) tool.print('There are no migrations yet.')
    for (const { name } of progress.migrations) tool.print(rowOf(name, progress))
    for (const problem of problemsOf(progress)) tool.warn(`\n${problem}`)
    const heads = headsOf(progress.migrations)
    if (heads.length > 1)
      tool.warn(
        `\nThe history is forked: ${heads.map(({ name }) => name).join(', ')}. \`migrate\` says what to do.`,
      )
    return 0
  },
}

function rowOf(name: string, { applied }: Progress): string {
  const found = applied.find((one) => one.name === name)
  if (!found) return `[ ] ${name}`
  return found.appliedAt ? `[x] ${name}  ${shownTime(found.appliedAt)}` : `[!] ${name}  unfinished`
}
