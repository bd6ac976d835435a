import { readFileSync } from 'node:fs'
import { html, raw } from 'hono/html'
import type { Html } from '#stage/08-profiling'
import type { Line, Version } from './authors.ts'
import { versions } from './authors.ts'
import type { Figures, Unwritten } from './measure.ts'
import type { newestPosts } from './posts.ts'

// What the pages look like. hono/html escapes what is filled in.

type Part = ReturnType<typeof html>

export const homeView = (figures: readonly (Figures | Unwritten)[]) =>
  layout(
    'One page, six versions',
    html`<p>All authors with the title of their latest post. The page looks the same each time. What it costs does not.</p>
      <div class="wide">
        <table>
          <thead>
            <tr><th>Version</th><th class="number">Statements</th><th class="number">Rows</th><th class="number">Time</th></tr>
          </thead>
          <tbody>
            ${figures.map(
              (one) => html`<tr>
                <td><a href="/${one.version.path}">${one.version.title}</a></td>
                ${'task' in one ? unwritten(one) : numbers(one)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="soft">Each version was run four times for this page, and the quickest of the last three counts. The database is in memory: across a network every statement would wait for a round trip.</p>`,
  )

const numbers = ({ statements, rows, milliseconds }: Figures) =>
  html`<td class="number">${statements}</td>
    <td class="number">${rows.toLocaleString('en')}</td>
    <td class="number">${milliseconds.toFixed(1)} ms</td>`

const unwritten = ({ task }: Unwritten) => html`<td class="soft" colspan="3">waits for ${task}</td>`

export const authorsView = (version: Version, lines: readonly Line[]) =>
  layout(
    version.title,
    html`<p>${version.says}</p>
      <pre><code>${sourceOf(version.list)}</code></pre>
      <div class="wide">
        <table>
          <thead>
            <tr><th>Author</th><th>Latest post</th></tr>
          </thead>
          <tbody>
            ${lines.map(
              ({ name, title }) => html`<tr>
                <td>${name}</td>
                <td>${title ?? html`<span class="soft">no posts yet</span>`}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
    version.path,
  )

export const postsView = ({ items, next }: ReturnType<typeof newestPosts>) =>
  layout(
    'The newest posts',
    html`<p>Each page is one statement: the authors are joined, and the page begins behind the last row of the one before.</p>
      <ol class="posts">
        ${items.map(
          ({ title, author, createdAt }) => html`<li>
            <strong>${title}</strong>
            <span class="soft">${author.name}, ${createdAt.toISOString().slice(0, 10)}</span>
          </li>`,
        )}
      </ol>
      ${next ? html`<p><a class="button" href="/posts?after=${encodeURIComponent(next)}">Older posts</a></p>` : ''}`,
    'posts',
  )

export const curvesView = (picture: Html) =>
  layout(
    'How it grows',
    html`<p>The same list, loaded in five ways, for 10 to 1000 authors. Both axes count in powers of ten.</p>
      <figure>${raw(String(picture))}</figure>`,
    'curves',
  )

export const flameView = (picture: Html) =>
  layout(
    'Where the time goes',
    html`<p>The first version, run twenty times while V8 took notes. The wider, the longer; point at a box to see its figures.</p>
      <figure>${raw(String(picture))}</figure>`,
    'flame',
  )

export const problemView = (what: string) => layout('That did not work', html`<pre>${what}</pre>`)

const others = [
  ['posts', 'Pages'],
  ['curves', 'Curves'],
  ['flame', 'Flames'],
] as const

function layout(title: string, content: Part | Promise<Part>, path = '') {
  const links = [...versions.map((one) => [one.path, one.title] as const), ...others]
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Authors</title>
        <link rel="icon" href="data:," />
        ${style}
      </head>
      <body>
        <header>
          <a class="home" href="/">Authors</a>
          <nav>
            ${links.map(
              ([to, name]) =>
                html`<a href="/${to}" ${to === path ? raw('aria-current="page"') : ''}>${name}</a>`,
            )}
          </nav>
        </header>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`
}

/** The function as it stands in authors.ts. */
function sourceOf({ name }: Version['list']): string {
  const file = readFileSync(new URL('authors.ts', import.meta.url), 'utf8').replaceAll('\r\n', '\n')
  const start = file.indexOf(`export function ${name}(`)
  return file.slice(start, file.indexOf('\n}\n', start) + 2).replace('export ', '')
}

const style = raw(`<style>
  :root { --ink: #1f2937; --soft: #5b6472; --ground: #fbfbfa; --raised: #f1f1ee; --line: #dcdcd6; --accent: #1d4ed8; color-scheme: light dark }
  @media (prefers-color-scheme: dark) { :root { --ink: #e5e7eb; --soft: #a1a9b6; --ground: #0f131a; --raised: #1a202b; --line: #303845; --accent: #7db0ff } }
  * { box-sizing: border-box }
  body { margin: 0; color: var(--ink); background: var(--ground); font: 16px/1.6 ui-sans-serif, system-ui, sans-serif }
  header { display: flex; flex-wrap: wrap; gap: 0.4rem 1.6rem; align-items: baseline; padding: 0.8rem 1.2rem; border-bottom: 1px solid var(--line) }
  .home { font-weight: 700; color: var(--ink); text-decoration: none }
  nav { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem }
  nav a { text-decoration: none; padding: 0.1rem 0 }
  nav a[aria-current] { color: var(--ink); border-bottom: 2px solid var(--accent) }
  a { color: var(--accent) }
  main { max-width: 64rem; margin: 0 auto; padding: 1.2rem }
  h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.4rem 0 0.8rem }
  p { max-width: 42rem }
  .soft { color: var(--soft) }
  .wide { overflow-x: auto }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: 0.45rem 0.8rem 0.45rem 0; border-bottom: 1px solid var(--line) }
  th { font-weight: 600; color: var(--soft) }
  .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
  pre { overflow-x: auto; background: var(--raised); border-radius: 6px; padding: 0.8rem 1rem; font: 14px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }
  figure { margin: 1rem 0; overflow-x: auto }
  figure .chart { max-width: none; min-width: 42rem }
  .posts { list-style: none; padding: 0 }
  .posts li { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; padding: 0.5rem 0; border-bottom: 1px solid var(--line) }
  .button { display: inline-block; padding: 0.4rem 1rem; border: 1px solid var(--line); border-radius: 6px; text-decoration: none }
</style>`)
