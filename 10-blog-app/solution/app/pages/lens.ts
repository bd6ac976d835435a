import { html, raw } from 'hono/html'
import type { Look } from '../development.ts'
import { layout, type Markup } from './layout.ts'

/** The requests that were looked at, the last one first. */
export const looksPage = (looks: readonly Look[]): Markup =>
  layout(
    'The lens',
    html`<h1>The lens</h1>
      <p>The last requests, and what each has asked the database. Those of the API are here too.</p>
      ${looks.length === 0 ? html`<p>There was none yet.</p>` : html`<ol reversed start="${looks[0]!.number}">${looks.map(entry)}</ol>`}`,
  )

const entry = ({ number, method, path, status, lens }: Look): Markup => {
  const { statements, milliseconds, nPlusOnes } = lens.report
  return html`<li class="entry">
    <a href="/lens/${number}">${method} ${path}</a>
    <div class="small">${status}, ${statements.length} statements, ${milliseconds.toFixed(1)} ms ${nPlusOnes.length > 0 && html`<strong>N+1</strong>`}</div>
  </li>`
}

/** One request: every statement, the line that asked for it, and how the database answers it. */
export const lookPage = ({ number, method, path, status }: Look, toolbar: string): Markup =>
  layout(
    `Request ${number}`,
    html`<h1>${method} ${path}</h1>
      <p class="small">Request ${number}, answered with ${status}. <a href="/lens">All requests</a></p>
      <p>The bar below holds the statements. Each opens, and shows the line that asked and the plan of the database.
        For its plan PostgreSQL has run once more what only reads. Indexes were tried, and taken back.</p>
      ${raw(toolbar.replace('<details class="toolbar', '<details open class="toolbar'))}`,
  )
