import { html } from 'hono/html'
import type { Page } from '../../session/page.ts'
import type { Markup } from './layout.ts'

/** Which words lead to the pages before and after this one. */
export interface Directions {
  readonly before: string
  readonly after: string
}

/** The way to the pages around one; nothing when it is the only one. */
export const pager = (
  path: string,
  { previous, next }: Page<unknown>,
  { before, after }: Directions,
): Markup | '' =>
  previous || next
    ? html`<nav class="pages" aria-label="Pages">
        ${previous ? html`<a rel="prev" href="${path}?before=${previous}">← ${before}</a>` : ''}
        ${next ? html`<a rel="next" href="${path}?after=${next}">${after} →</a>` : ''}
      </nav>`
    : ''
