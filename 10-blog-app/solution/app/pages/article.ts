import { html } from 'hono/html'
import type { FullArticle, FullComment } from '../serializers.ts'
import { authorLink, day, layout, type Markup, tagLink } from './layout.ts'

/** An article with its comments. */
export const articlePage = (article: FullArticle, comments: readonly FullComment[]) =>
  layout(
    article.title,
    html`<article>
        <h1>${article.title}</h1>
        <p class="small">
          ${authorLink(article.author)} · ${day(article.createdAt)}
          ${article.tags.map((tag) => html`· ${tagLink(tag.name)} `)}
        </p>
        <p><em>${article.description}</em></p>
        <div class="text">${article.body}</div>
      </article>
      <section>
        <h2>Comments</h2>
        ${comments.length > 0 ? comments.map(entry) : html`<p>Nobody has said anything yet.</p>`}
      </section>`,
  )

const entry = (comment: FullComment): Markup => html`<article>
  <div class="text">${comment.body}</div>
  <p class="small">${authorLink(comment.author)} · ${day(comment.createdAt)}</p>
</article>`
