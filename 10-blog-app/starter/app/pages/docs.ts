import { html, raw } from 'hono/html'
import { type Answer, type ApiDocument, type Operation, operationsOf } from './api-document.ts'
import { layout, type Markup } from './layout.ts'

/** The document of the API as a page. It is made on the server: it needs no script, and nothing from elsewhere. */
export function docsPage(document: ApiDocument): Markup {
  const operations = operationsOf(document)
  const tags = [...new Set(operations.map(({ tag }) => tag))]
  return layout(
    'The API',
    html`${style}<h1>The API</h1>
      <p>Everything goes as JSON. The same as a document for programs: <a href="/openapi.json">openapi.json</a>.</p>
      <p>Where it says <span class="token">token</span>, send one, as registering and logging in give it:
        <code>Authorization: Token …</code>. What ends with a question mark may be left out.</p>
      <p>For the curl lines say first where the blog is: <code>BLOG=http://localhost:8000</code></p>
      ${tags.map((tag) => section(tag, operations))}`,
  )
}

const section = (tag: string, operations: readonly Operation[]): Markup => html`<section>
  <h2>${tag}</h2>
  ${operations.filter((one) => one.tag === tag).map(entry)}
</section>`

const entry = (operation: Operation): Markup => html`<details class="operation">
  <summary><strong class="method">${operation.method}</strong> <code>${operation.path}</code>
    ${operation.token !== 'none' && html`<span class="token">${operation.token === 'must' ? 'token' : 'token, if you like'}</span>`}
    <span class="small">${operation.summary}</span></summary>
  <pre><code>${curlFor(operation)}</code></pre>
  ${operation.parameters.length > 0 && parameters(operation)}
  ${operation.body !== undefined && html`<h3>You send</h3><pre><code>${operation.body}</code></pre>`}
  <h3>You get</h3>
  ${operation.answers.map(answer)}
</details>`

const parameters = (operation: Operation): Markup => html`<table>
  <thead><tr><th>Parameter</th><th>in</th><th>is</th></tr></thead>
  <tbody>${operation.parameters.map(
    (one) =>
      html`<tr><td><code>${one.name}</code>${!one.isRequired && '?'}</td><td>${one.in}</td><td>${one.type}</td></tr>`,
  )}</tbody>
</table>`

const answer = ({ status, description, body }: Answer): Markup =>
  html`<p><strong>${status}</strong> ${description}</p>
    ${body !== undefined && html`<pre><code>${body}</code></pre>`}`

/** A line to begin with. Nothing is known here of the address under which the blog is read: it stands for itself. */
function curlFor({ method, path, token, body }: Operation): string {
  const how = method === 'GET' ? '' : ` -X ${method}`
  const who = token === 'must' ? ` -H 'Authorization: Token …'` : ''
  const what =
    body === undefined ? '' : ` -d '${JSON.stringify(JSON.parse(body)).replaceAll('?":', '":')}'`
  return `curl${how} "$BLOG${path}"${who}${what}`
}

const style = html`<style>${raw(`
  .operation { border: 1px solid var(--line); border-radius: 6px; margin-block: 0.5rem; padding: 0.4rem 0.8rem; }
  .operation[open] { padding-bottom: 0.8rem; }
  .operation summary { cursor: pointer; }
  .operation h3 { font-size: 1rem; margin-block: 1rem 0; }
  .operation pre { overflow-x: auto; padding: 0.5rem 0.8rem; border-left: 3px solid var(--line); font-size: 0.85rem; overflow-wrap: normal; }
  .method { display: inline-block; min-width: 5rem; }
  .token { font-size: 0.8rem; padding: 0 0.5em; border: 1px solid var(--line); border-radius: 1em; white-space: nowrap; }
  table { border-collapse: collapse; font-size: 0.9rem; }
  th, td { text-align: left; padding: 0.2rem 1.2rem 0.2rem 0; }
`)}</style>`
