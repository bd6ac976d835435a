import { differentIn, rowsOf, type StatementGroup, timeOf } from './groups.ts'
import type { Html } from './html.ts'
import type { Explained } from './plans.ts'
import type { Report } from './report.ts'
import { drawToolbar } from './toolbar-view.ts'

/** One line of the toolbar: all statements of a group together. */
export interface ToolbarRow {
  readonly group: StatementGroup
  readonly times: number
  readonly milliseconds: number
  /** Its part of the time of all statements, from 0 to 1. */
  readonly share: number
  /** Rows that came back, or were changed. */
  readonly rows: number
  readonly marks: readonly Mark[]
}

/** What there is to say about a group. `again`: the same question, values included, was asked before. */
export type Mark = 'N+1' | 'again' | 'slow' | 'failed'

/**
 * The toolbar of a page as HTML: what the page has sent, what is wrong with it, and how the database went about it.
 * It needs no script, nothing from elsewhere, and nothing of the page's own styles touches it.
 *
 * @param plans the plans of the groups, by fingerprint
 */
export function toolbar(report: Report, plans?: ReadonlyMap<string, Explained>): Html {
  return drawToolbar(report, toolbarRows(report), plans ?? new Map())
}

/**
 * The lines of the toolbar, in the order of the first statement of each.
 *
 * @example
 * toolbarRows(report)
 * // [{ times: 1, milliseconds: 0.4, share: 0.1, rows: 100, marks: [], group: SELECT … FROM users },
 * //  { times: 100, milliseconds: 3.6, share: 0.9, rows: 2000, marks: ['N+1'], group: SELECT … FROM posts WHERE user_id = ? }]
 */
export function toolbarRows(report: Report): ToolbarRow[] {
  return report.groups.map((group) => {
    const { statements } = group
    const milliseconds = timeOf(statements)
    const share = report.milliseconds > 0 ? milliseconds / report.milliseconds : 0
    const marks = marksOf(group, report)
    return { group, times: statements.length, milliseconds, share, rows: rowsOf(statements), marks }
  })
}

function marksOf(group: StatementGroup, { nPlusOnes, slow }: Report): Mark[] {
  const { fingerprint, statements } = group
  const isSame = (other: StatementGroup) =>
    other.fingerprint === fingerprint && other.callSite === group.callSite
  const marks: [Mark, boolean][] = [
    ['N+1', nPlusOnes.some(isSame)],
    ['again', fingerprint.startsWith('SELECT') && differentIn(statements) < statements.length],
    ['slow', slow.some(isSame)],
    ['failed', statements.some(({ error }) => error !== undefined)],
  ]
  return marks.filter(([, isSo]) => isSo).map(([mark]) => mark)
}

/**
 * Puts a toolbar into a page: before the last `</body>`, and at the end of a page that has none.
 * The text `</body>` may stand in a script or in an article about HTML as well, so it is the last one that counts.
 *
 * @example
 * withToolbar('<body>Hello</body>', toolbar(report)) // <body>Hello<orm-toolbar>…</orm-toolbar></body>
 */
export function withToolbar(page: string, bar: Html): string {
  const end = [...page.matchAll(/<\/body\s*>/gi)].at(-1)?.index ?? page.length
  return page.slice(0, end) + bar + page.slice(end)
}
