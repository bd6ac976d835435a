import { html } from 'hono/html'
import type { Page } from '../../session/page.ts'
import type { FullArticle } from '../serializers.ts'
import { byline, layout, type Markup, pathTo, tagList } from './layout.ts'
import { pager } from './pager.ts'

export interface ListPage {
  readonly title: string
  /** The address of the list, without the page. */
  readonly path: string
  readonly about?: string
  readonly tags?: readonly string[]
  readonly articles: Page<FullArticle>
}

/** A list of articles. */
export const listPage = ({ title, path, about, tags = [], articles }: ListPage): Markup =>
  layout(
    title,
    html`<h1>${title}</h1>
      ${about ? html`<p class="text">${about}</p>` : ''}
      ${tagList(tags, 'Tags that many articles have')}
      ${articles.items.length > 0 ? articles.items.map(entry) : nothing}
      ${pager(path, articles, { before: 'Newer articles', after: 'Older articles' })}`,
  )

const nothing = html`<p>There is nothing here yet.</p>`

const entry = (article: FullArticle): Markup => html`<article class="entry">
  <h2><a href="${pathTo('articles', article.slug)}">${article.title}</a></h2>
  ${byline(article.author, article.createdAt)}
  <p>${article.description}</p>
  ${tagList(article.tags.map(({ name }) => name).toSorted())}
</article>`
