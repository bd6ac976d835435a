import { todo } from '#shared/todo'
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
  // TODO(4): a row for each group of the report. `timeOf` and `rowsOf` add up. The share of nothing is 0.
  return todo('Task 4: show it on the page')
}

function marksOf(group: StatementGroup, { nPlusOnes, slow }: Report): Mark[] {
  // TODO(4): a group is among the N+1s, or the slow ones, when fingerprint and call site are the same. `again` is for SELECTs with fewer
  // different questions (`differentIn`) than statements. `failed`: one of them has an error.
  return todo('Task 4: show it on the page')
}

/**
 * Puts a toolbar into a page: before the last `</body>`, and at the end of a page that has none.
 * The text `</body>` may stand in a script or in an article about HTML as well, so it is the last one that counts.
 *
 * @example
 * withToolbar('<body>Hello</body>', toolbar(report)) // <body>Hello<orm-toolbar>…</orm-toolbar></body>
 */
export function withToolbar(page: string, bar: Html): string {
  // TODO(4): before the last `</body>`, whatever its capitals; `</body >` is one too. A page may have none.
  // Look for it in the page itself: in small letters a page may be longer (`'İ'.toLowerCase().length` is 2).
  return todo('Task 4: show it on the page')
}
