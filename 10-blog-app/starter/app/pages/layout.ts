import { html } from 'hono/html'
import { style } from './style.ts'

/** What `html` gives: text whose values are escaped. */
export type Markup = ReturnType<typeof html>

/** A whole page. What stands in `${…}` of `html` is escaped, unless it is markup itself. */
export const layout = (title: string, content: Markup): Markup => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · The blog</title>
    <link rel="icon" href="data:,">
    <style>${style}</style>
  </head>
  <body>
    <a class="skip" href="#content">To the content</a>
    <header>
      <nav aria-label="The blog">
        <a class="home" href="/">The blog</a>
        <a href="/docs">API</a>
      </nav>
    </header>
    <main id="content">${content}</main>
  </body>
</html>`

/** Who wrote something, and when. */
export const byline = (author: { readonly username: string }, date: Date): Markup =>
  html`<p class="small">By ${authorLink(author)} on ${day(date)}</p>`

const authorLink = ({ username }: { readonly username: string }): Markup =>
  html`<a rel="author" href="${pathTo('authors', username)}">${username}</a>`

/** A day, the same for every reader. */
const day = (date: Date): Markup => {
  const text = date.toISOString().slice(0, 10)
  return html`<time datetime="${text}">${text}</time>`
}

/** A list of tags, each a link to its articles; nothing when there are none. */
export const tagList = (names: readonly string[], label = 'Tags'): Markup | '' =>
  names.length === 0 ? '' : html`<ul class="tags" aria-label="${label}">${names.map(tagItem)}</ul>`

const tagItem = (name: string): Markup =>
  html`<li><a rel="tag" href="${pathTo('tags', name)}">${name}</a></li>`

/** The address of something with a name that somebody has chosen. */
export const pathTo = (kind: 'articles' | 'authors' | 'tags', name: string): string =>
  `/${kind}/${encodeURIComponent(name)}`
