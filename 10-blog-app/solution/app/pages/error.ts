import { html } from 'hono/html'
import type { Answer } from '../errors.ts'
import { layout } from './layout.ts'

/** What a reader sees when a page cannot be shown. */
export const errorPage = ({ status, errors }: Answer) =>
  layout(
    'That did not work',
    html`<h1>That did not work</h1>
      <p>${errors.body?.join('. ') ?? ''}</p>
      <p class="small">Status ${status}</p>`,
  )
