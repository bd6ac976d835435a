import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stages } from '../stages.ts'
import { about, inAll, perAct, written } from './figures.ts'
import { picture } from './picture.ts'
import type { Told } from './tell.ts'

/** A file as it should be. */
export interface Page {
  /** Relative to the root. */
  readonly file: string
  readonly text: string
}

const begin = '<!-- story: npm run story -- --write -->'
const end = '<!-- /story -->'

/** The files that show the story, as they should be. */
function pages(root: string, told: readonly Told[]): Page[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  return [
    { file: 'README.md', text: withTable(readme, told) },
    { file: 'shared/workbook/story/story.svg', text: picture(told) },
  ]
}

/** Those of them that are not so now. */
export const stalePages = (root: string, told: readonly Told[]): Page[] =>
  pages(root, told).filter(({ file, text }) => textAt(join(root, file)) !== text)

const textAt = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined

/** @throws when the README has no place for the table, or several */
export function withTable(readme: string, told: readonly Told[]): string {
  const parts = readme.split(new RegExp(`${begin}[\\s\\S]*?${end}`))
  if (parts.length !== 2) throw new Error(`README.md needs one "${begin}", and below it "${end}".`)
  return parts.join(`${begin}\n\n${table(told)}\n\n${end}`)
}

function table(told: readonly Told[]): string {
  const head = '| | statements | round trips | application code | ORM code | still wrong |'
  return [head, '| --- | ---: | ---: | ---: | ---: | --- |', ...told.map(row)].join('\n')
}

function row(told: Told): string {
  const { number, lines, wrong } = told
  const { folder } = stages.find((stage) => stage.number === number)!
  const cells = [
    `[${number}](${folder}/story.ts)`,
    `${perAct(told).join(' + ')} = ${inAll(told)}`,
    told.waits,
    lines.tables > 0 ? `${lines.scene} + ${lines.tables}` : lines.scene,
    written(about(lines.orm)),
    wrong,
  ]
  return `| ${cells.join(' | ')} |`
}
