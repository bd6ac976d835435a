import { groups } from '../../workbook/conformance/cases.ts'
import { own } from './names.ts'
import type { Sheet } from './run.ts'
import type { Told } from './tell.ts'

export const begin = '<!-- edges: begin, written by npm run edges -- --write -->'
export const end = '<!-- edges: end -->'

const signs: Readonly<Record<Told['kind'], string>> = {
  right: '✓',
  wrong: '✗',
  refused: '!',
  crash: '†',
  'not offered': '–',
}

/** The table, and under it what came back where something else was right. */
export function sectionOf(sheets: readonly Sheet[], date: Date): string {
  const names = [...new Set(sheets.map(({ name }) => name))]
  const head = ['', ...names.map((name) => (name === own ? 'this ORM' : name))]
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : ':-:'))]
  for (const [group, cases] of Object.entries(groups)) {
    lines.push([`**${group}**`, ...names.map(() => '')])
    for (const { id, title } of cases)
      lines.push([title, ...names.map((name) => cellOf(sheets, name, id))])
  }
  for (const kind of ['right', 'refused', 'wrong', 'not offered'] as const)
    lines.push([`**all ${signs[kind]}**`, ...names.map((name) => countOf(sheets, name, kind))])
  const versions = [...new Set(sheets.flatMap((sheet) => sheet.versions))].join(', ')
  const notes = Object.values(groups).flatMap((cases) =>
    cases.flatMap(({ id, title }) => notesOf(sheets, id, title)),
  )
  return [
    lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    '✓ as it should be · ✗ something else, and nobody is told · ! an error in place of the answer · † the process ends, or does not end · – not offered. Two signs: SQLite / PostgreSQL. The last lines count both databases.',
    `Run on ${date.toISOString().slice(0, 10)}, Node ${process.versions.node}, PostgreSQL 18: ${versions}.`,
    `<details>\n<summary>What came back where it was not ✓</summary>\n\n${notes.join('\n')}\n\n</details>`,
  ].join('\n\n')
}

function cellOf(sheets: readonly Sheet[], name: string, id: string): string {
  const found = (['sqlite', 'postgres'] as const).map((database) =>
    toldOf(sheets, name, database, id),
  )
  const [one, other] = found.map((told) => (told ? signs[told.kind] : ' '))
  return one === other ? one! : `${one}/${other}`.replace(' /', '/').replace('/ ', '/')
}

/** How many cells of one kind there are, on both databases together. A process that ends is counted with what is wrong. */
function countOf(sheets: readonly Sheet[], name: string, kind: Told['kind']): string {
  const kinds = kind === 'wrong' ? ['wrong', 'crash'] : [kind]
  const cells = sheets
    .filter((sheet) => sheet.name === name)
    .flatMap((sheet) => [...sheet.cells.values()])
  return String(cells.filter((cell) => kinds.includes(cell.kind)).length)
}

const toldOf = (sheets: readonly Sheet[], name: string, database: string, id: string) =>
  sheets.find((sheet) => sheet.name === name && sheet.database === database)?.cells.get(id)

/** One item for a case: who said what, those together who said the same. */
function notesOf(sheets: readonly Sheet[], id: string, title: string): string[] {
  const said = new Map<string, string[]>()
  for (const { name, database, cells } of sheets) {
    const told = cells.get(id)
    if (!told || told.kind === 'right' || told.kind === 'not offered') continue
    const text = `${signs[told.kind]} ${told.said?.replaceAll('`', "'").replaceAll('|', '¦')}`
    said.set(text, [...(said.get(text) ?? []), `${name}@${database}`])
  }
  if (said.size === 0) return []
  const items = [...said].map(
    ([text, who]) => `  - ${whoOf(who)}: ${text.slice(0, 1)} \`${text.slice(2)}\``,
  )
  return [`- ${title}`, ...items]
}

/** `a@sqlite, a@postgres` is a. */
function whoOf(who: readonly string[]): string {
  const names = [...new Set(who.map((one) => one.split('@')[0]!))]
  return names
    .map((name) => {
      const on = who.filter((one) => one.startsWith(`${name}@`)).map((one) => one.split('@')[1]!)
      return on.length === 2 ? name : `${name} on ${on[0] === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`
    })
    .join(', ')
}
