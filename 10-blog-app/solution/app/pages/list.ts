import { html } from 'hono/html'
import type { FullArticle } from '../serializers.ts'
import { authorLink, day, layout, type Markup, tagLink } from './layout.ts'

export interface ListPage {
  readonly title: string
  /** The address of the list, without the page. */
  readonly path: string
  readonly about?: string
  readonly tags?: readonly string[]
  readonly articles: readonly FullArticle[]
  readonly page: number
  readonly pages: number
}

/** A list of articles. */
export const listPage = ({ title, path, about, tags = [], articles, page, pages }: ListPage) =>
  layout(
    title,
    html`<h1>${title}</h1>
      ${about ? html`<p>${about}</p>` : ''}
      ${tags.length > 0 ? html`<p class="small">${tags.map((tag) => html`${tagLink(tag)} `)}</p>` : ''}
      ${articles.length > 0 ? articles.map(entry) : html`<p>There is nothing here yet.</p>`}
      <nav class="small">
        ${page > 1 ? html`<a rel="prev" href="${path}?page=${page - 1}">Newer</a>` : ''}
        Page ${page} of ${pages}
        ${page < pages ? html`<a rel="next" href="${path}?page=${page + 1}">Older</a>` : ''}
      </nav>`,
  )

const entry = (article: FullArticle): Markup => html`<article>
  <h2><a href="/articles/${encodeURIComponent(article.slug)}">${article.title}</a></h2>
  <p>${article.description}</p>
  <p class="small">
    ${authorLink(article.author)} · ${day(article.createdAt)}
    ${article.tags.map((tag) => html`· ${tagLink(tag.name)} `)}
  </p>
</article>`
