import type { DiffOptions } from './diff.ts'
import { type Question, questions, type RenameQuestion } from './questions.ts'
import type { Schema } from './schema.ts'
import type { Tool } from './tool.ts'
import { NoTerminalError } from './tool-errors.ts'

/** What the command line has answered already. */
export interface Answered extends Required<DiffOptions> {
  /** Nothing was renamed: do not ask. */
  readonly noRenames: boolean
}

/**
 * Asks whatever two schemas alone do not tell, renames first: their answers make other questions go away.
 *
 * @throws {NoTerminalError} when something has to be asked and nobody is there; it names the option that answers
 */
export async function answersTo(from: Schema, to: Schema, given: Answered, tool: Tool) {
  const renames = given.noRenames ? given.renames : await askRenames(from, to, given.renames, tool)
  const backfills = { ...given.backfills }
  for (const question of questions(from, to, { renames, backfills }))
    if (question.kind === 'backfill')
      backfills[question.column] = await ask(tool, question, `--backfill "${question.column}=…"`)
  return { renames, backfills }
}

async function askRenames(from: Schema, to: Schema, given: readonly string[], tool: Tool) {
  const renames = [...given]
  const refused = new Set<string>()
  const next = () =>
    questions(from, to, { renames }).find(
      (one): one is RenameQuestion => one.kind === 'rename' && !refused.has(one.answer),
    )
  for (let question = next(); question; question = next()) {
    const flags = `--rename ${question.answer}, or --no-renames`
    if (isYes(await ask(tool, question, flags, ' [y/N]'))) renames.push(question.answer)
    else refused.add(question.answer)
  }
  return renames
}

async function ask(tool: Tool, { text }: Question, flags: string, choice = ''): Promise<string> {
  if (!tool.ask) throw new NoTerminalError(text, flags)
  const answer = (await tool.ask(text + choice)).trim()
  return answer || choice ? answer : ask(tool, { text } as Question, flags)
}

export const isYes = (answer: string | undefined) => /^y(es)?$/i.test(answer?.trim() ?? '')
