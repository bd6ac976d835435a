import { html } from 'hono/html'
import type { Page } from '../../session/page.ts'
import type { FullArticle, FullComment } from '../serializers.ts'
import { byline, layout, type Markup, pathTo, tagList } from './layout.ts'
import { pager } from './pager.ts'

/** An article with its comments. */
export const articlePage = (article: FullArticle, comments: Page<FullComment>): Markup =>
  layout(
    article.title,
    html`<article>
        <h1>${article.title}</h1>
        ${byline(article.author, article.createdAt)}
        <p><em>${article.description}</em></p>
        <div class="text">${article.body}</div>
        ${tagList(article.tags.map(({ name }) => name).toSorted())}
      </article>
      <section aria-labelledby="comments">
        <h2 id="comments">Comments</h2>
        ${comments.items.length > 0 ? comments.items.map(entry) : nothing}
        ${pager(pathTo('articles', article.slug), comments, { before: 'Earlier comments', after: 'Later comments' })}
      </section>`,
  )

const nothing = html`<p>Nobody has said anything yet.</p>`

const entry = (comment: FullComment): Markup => html`<article class="entry">
  <div class="text">${comment.body}</div>
  ${byline(comment.author, comment.createdAt)}
</article>`
