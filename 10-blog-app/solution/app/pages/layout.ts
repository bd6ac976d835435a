import { html } from 'hono/html'

/** What `html` gives: text whose values are escaped. */
export type Markup = ReturnType<typeof html>

/** A whole page. What stands in `${…}` of `html` is escaped, unless it is markup itself. */
export const layout = (
  title: string,
  content: Markup | readonly Markup[],
): Markup => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>
      :root { color-scheme: light dark; }
      body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
      article, section { margin-block: 2rem; }
      .small { opacity: 0.75; font-size: 0.9rem; }
      .text { white-space: pre-wrap; }
    </style>
  </head>
  <body>
    <header><nav><a href="/">The blog</a> · <a href="/docs">API</a></nav></header>
    <main>${content}</main>
  </body>
</html>`

export const authorLink = ({ username }: { readonly username: string }): Markup =>
  html`<a href="/authors/${encodeURIComponent(username)}">${username}</a>`

export const tagLink = (name: string): Markup =>
  html`<a href="/tags/${encodeURIComponent(name)}">#${name}</a>`

/** A day, the same for every reader. */
export const day = (date: Date): Markup => {
  const text = date.toISOString().slice(0, 10)
  return html`<time datetime="${text}">${text}</time>`
}
