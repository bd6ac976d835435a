export const hints: Record<number, readonly string[]> = {
  1: [
    'Begin with postJson: three fields, and the type says which. `post.author` is there already: the type FullPost asks for it, so no await is needed.',
    'Name each field. `{ ...user }` would be shorter, and would send the password to everybody on the day when somebody adds `{ ...user }` to a profile. What is not named does not leave the house.',
    'profileJson: `following: following.has(user.id)`. commentJson and summaryJson use it for their author: `author: profileJson(comment.author, viewing)`.',
    'summaryJson: `tagList: article.tags.map((tag) => tag.name).toSorted()`, `createdAt: article.createdAt.toISOString()`, `favorited: viewing.favorited.has(article.id)`, `favoritesCount: viewing.favoritesCount.get(article.id) ?? 0`.',
  ],
  2: [
    'Write it for the good case first: `withSession(database, async (session) => { … })` opens and closes. Inside of it: ask the handler, commit, give the answer.',
    'The order matters: the answer may leave when COMMIT has succeeded, and not before. And an answer of 400 or more says that the request failed: then do not commit. Closing without a commit rolls back.',
    'A third argument of withSession holds options: `{ signal: request.signal }`. The server aborts that signal when the client hangs up, and the session stops its statement.',
    'retry takes the whole of it: `retry(() => withSession(…))`. A request can be read once, so every run needs one of its own: `const copy = request.clone()` inside of the function that is retried, before the handler gets it.',
  ],
  3: [
    'answerFor first, as a list of questions: is it an HttpError? a ZodError? an HTTPException? Each has all that is needed. The last line: `return answerForRow(error) ?? answerForDatabase(error) ?? ours`.',
    'HttpError: `{ status: error.status, errors: error.errors }`. ZodError: status 422 and `fieldsOf(error)`. HTTPException: `sentence(error.status, error.message)`.',
    "answerForRow: NotFoundError is `sentence(404, …)`. LostRowError is 409; StaleObjectError is one of these, so one line does for both. UniqueViolation: `field(lastPart(error.columns[0]), 'is already taken')`; NotNullViolation: `lastPart(error.column)`; ForeignKeyViolation: `keyColumn(error)`; CheckViolation: `field('body', …)`.",
    "answerForDatabase: `passing.some((type) => error instanceof type)`, or `error instanceof DatabaseError && error.sql === '(connect)'`. Then `sentence(503, …)`, otherwise undefined. Write sentences of your own: nothing of `error.message`, because it holds SQL and what people have typed.",
  ],
  4: [
    'Begin with fittingArticles without any filter: `let query = session.query(Article)`, and give it. Every method of a query gives a new query, so: `query = query.…`.',
    "A condition on a related row: `query.whereHas('tags', (t) => t.name.eq(tag))` becomes EXISTS (…), so an article comes once however many tags fit. The author likewise. Ask `tag !== undefined`, not `tag`: an empty name is a name that nobody has, and not the absence of one.",
    "favorited: `query.whereHas('favorites', (f) => f.userId.in(idOf(session, favorited)))`. followedBy: `query.where((a) => a.authorId.in(followedIds(followedBy)))`. Both are one statement, with a query inside.",
    'findArticles: `const fitting = fittingArticles(session, filter)`, `const count = await fitting.count()`, then fitting with orderBy, limit, offset, `with({ author: true, tags: true })`, all(). The order: `[a.createdAt.desc(), a.id.desc()]`.',
  ],
  5: [
    'favoritesAmong is given, and followedAmong is its sister: other table, other columns. Who asks? `followerId`. Who is asked about? `followedId`.',
    'followedAmong: `f.followerId.eq(viewer.id).and(f.followedId.in([...new Set(ids)]))`, and select `{ id: f.followedId }`. Nobody logged in, or nobody to ask about: an empty Set, and no statement.',
    'countFavorites: `from(Favorite).where((f) => f.articleId.in([...ids])).groupBy((f) => f.articleId).select((f) => ({ id: f.articleId, count: count() }))`. An article without favourites has no row; the serializer takes that for 0.',
    'Of rows: `new Map((await fetchAll(connection, query)).map(({ id, count }) => [id, count]))`. viewingOf puts the three together, each with its own await: a session does one thing at a time, so no Promise.all.',
  ],
  6: [
    'etagOf is one line: `"7-3"` for article 7 in version 3. The double quotes belong to it. Why the id? Version 3 of another article is another thing.',
    "checkIfMatch: two cases in which there is nothing to check. `undefined`: the client did not ask. `'*'`: any state is right, as long as there is an article.",
    'The rest: `header.split(\',\').map((tag) => tag.trim())`, and `includes(etagOf(article))`. Compare whole tags: "7-3" must not be found in "7-31".',
    "None fits: `throw new HttpError(412, { body: ['the article has changed since you read it: read it again, and decide again'] })`.",
  ],
  7: [
    'slugOf in four steps: the words, joined, cut, and the end cleaned. `match` gives the words, and null where there is none: `?? []`. The end is cleaned last, because the cut makes it.',
    "slugOf: `withoutAccents(title).toLowerCase().match(/[\\p{L}\\p{M}\\p{N}]+/gu) ?? []`, then `join('-')`, `slice(0, 80)`, `.replace(/[-\\p{Cs}]+$/u, '')`. What is left may be nothing, or reserved: then it is `slug || 'article'`, a `-`, and `suffix()`.",
    'withFreeSlug is a loop: `for (let attempt = 1; ; attempt++)`. The first attempt takes the plain slug, each other one adds `-` and `suffix()`. Do not ask the database whether a slug is free: the answer is old when you read it.',
    'In the loop: `try { return await session.transaction(() => store(slug)) }`. The await matters: without it the error comes after the try. In catch: `if (attempt >= attempts || !isSlugTaken(error)) throw error`, and the loop goes on.',
  ],
}
