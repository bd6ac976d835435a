import { html } from 'hono/html'
import type { Answer } from '../errors.ts'
import { layout, type Markup } from './layout.ts'

/** What a reader sees when a page cannot be shown. */
export const errorPage = ({ status, errors }: Answer): Markup =>
  layout(
    'That did not work',
    html`<h1>That did not work</h1>
      <p>${errors.body?.join('. ') ?? ''}</p>
      <p><a href="/">All articles</a></p>
      <p class="small">Status ${status}</p>`,
  )
