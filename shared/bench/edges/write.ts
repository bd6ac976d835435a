import { readFileSync, writeFileSync } from 'node:fs'
import { begin, end } from './table.ts'

const page = new URL('../../../10-blog-app/README.md', import.meta.url)

/** Puts the section between its markers in the page of stage 10. @throws when the markers are not there */
export function writeSection(section: string): void {
  const text = readFileSync(page, 'utf8')
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`The page has no "${begin}" and "${end}".`)
  writeFileSync(page, `${before}${begin}\n\n${section.trim()}\n\n${end}${after}`)
}
