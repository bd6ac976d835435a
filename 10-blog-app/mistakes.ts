import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'spreads-the-user',
    file: 'app/serializers.ts',
    find: "  { id, username, bio, image }: User,\n  { following }: Pick<Viewing, 'following'>,\n): ProfileJson => ({ username, bio, image, following: following.has(id) })",
    replace:
      "  user: User,\n  { following }: Pick<Viewing, 'following'>,\n): ProfileJson => ({ ...(user as object as ProfileJson), following: following.has(user.id) })",
    caughtBy: 'Task 1: objects to JSON › a user › to everybody: neither address nor password',
    why: 'It is short to send the whole object, and right on the day when it is written. But an object is what the database knows, and JSON is what everybody may know. With each new column the spread sends one thing more, and one day it is the password. What is named field by field stays as it is.',
    ask: 'Next month somebody adds a column `reset_token` to users. Which line of your code decides whether the whole world reads it?',
  },
  {
    name: 'leaves-dates-to-stringify',
    file: 'app/serializers.ts',
    find: '  createdAt: comment.createdAt.toISOString(),',
    replace: '  createdAt: comment.createdAt as never,',
    caughtBy: 'Task 1: objects to JSON › a comment has its author, and not its article',
    why: 'JSON.stringify makes text of a Date, so it seems to work. But then the value is a Date here and text there: a test, a log, a cache, or a program that compares the two sees two different things. A serializer gives what JSON can hold.',
    ask: 'What is `typeof comment.createdAt` before the answer leaves, and what is it for the client? Which of the two does your type promise?',
  },
  {
    name: 'takes-the-tags-as-they-come',
    file: 'app/serializers.ts',
    find: '.toSorted(),',
    replace: '.slice(),',
    caughtBy:
      'Task 1: objects to JSON › an article › has its tags in the order of the alphabet, whatever order they came in',
    why: 'Rows without ORDER BY have no order. On SQLite they come in the same one every day, until an index is added; on PostgreSQL until a row is updated. Whoever compares two answers sees a change where there was none.',
    ask: 'Which words of your query say in what order tags come? Update one of the tags on PostgreSQL and read again: is the answer the same?',
  },
  {
    name: 'looks-for-the-wrong-id',
    file: 'app/serializers.ts',
    find: 'favorited.has(article.id)',
    replace: 'favorited.has(article.authorId)',
    caughtBy:
      'Task 1: objects to JSON › an article › is a favourite by its own id, and followed by that of its author',
    why: 'Ids are numbers, and a number does not say what it counts. With a few rows, article 1 is written by user 1, and everything seems to be right.',
    ask: 'You ask a set whether it holds 1. One of what? Try it with an article 7 that was written by user 2.',
  },
  {
    name: 'commits-in-any-case',
    file: 'app/session-middleware.ts',
    find: '      if (response.status < 400) await session.commit()',
    replace: '      await session.commit()',
    caughtBy: 'Task 2: one session per request › takes everything back › when the answer is a 409',
    why: 'A handler that answers 409 says: I did not do it. What it has changed before it found that out is still in the session. A commit stores half of the work, and the client, who was refused, sends it again.',
    ask: 'The handler changes the article, then finds a conflict and answers 409. The client reads “refused”. What stands in the database?',
  },
  {
    name: 'commits-only-what-is-ok',
    file: 'app/session-middleware.ts',
    find: '      if (response.status < 400)',
    replace: '      if (response.ok)',
    caughtBy:
      'Task 2: one session per request › when all went well › commits also when the answer says where to go on',
    why: 'response.ok is true from 200 to 299. After a form was sent, a page answers 303, "go on there": that is a success, and its changes are lost without a word.',
    ask: 'A form is sent and the answer is 303, “go on there”. Was that a success? What does `response.ok` say about it?',
  },
  {
    name: 'answers-before-it-commits',
    file: 'app/session-middleware.ts',
    find: 'await session.commit()',
    replace: 'void session.commit().catch(() => {})',
    caughtBy:
      'Task 2: one session per request › takes everything back › when COMMIT fails, and then no answer leaves',
    why: 'The answer is on its way while the database still thinks. When it refuses, or when the machine stops at this moment, the client holds a receipt for something that was never stored.',
    ask: 'The client reads 201 Created, and a millisecond later COMMIT is refused. What does the client believe, and who is going to tell it?',
  },
  {
    name: 'goes-on-when-nobody-listens',
    file: 'app/session-middleware.ts',
    find: '    { signal: request.signal },',
    replace: '    {},',
    caughtBy: 'Task 2: one session per request › takes everything back › when the client hangs up',
    why: 'A client that waits too long hangs up, and asks again. Without the signal the first request goes on, and holds its connection and its locks, so the second one has to wait even longer. That is how a slow database becomes one that does not answer at all.',
    ask: 'The client has hung up and asks again. What is the first request doing now, what does it hold, and who waits for that?',
  },
  {
    name: 'shares-one-body',
    file: 'app/session-middleware.ts',
    find: 'request.clone()',
    replace: 'request',
    caughtBy:
      'Task 2: one session per request › when requests meet › runs the whole request again, with a fresh session and a fresh body',
    why: 'A body is a stream: who has read it has used it up. The second run fails with "Body has already been read", which has nothing to do with the reason for which it was run again, and happens only under load.',
    ask: 'The first run has read the body, was refused by the database, and the handler runs again. What does it find when it reads the body for the second time?',
  },
  {
    name: 'opens-one-session-for-all-runs',
    file: 'app/session-middleware.ts',
    find: '    retry(() => inSession(database, handle, request.clone()))',
    replace: '    inSession(database, (copy) => retry(async () => handle(copy.clone())), request)',
    caughtBy:
      'Task 2: one session per request › when requests meet › runs the whole request again, with a fresh session and a fresh body',
    why: 'What the first run has loaded is what made it fail: it is out of date. In the same session the identity map gives the same objects again, and every further run decides on the same old ground. Only a session that knows nothing can start anew.',
    ask: 'The first run failed because what it had read was out of date. The second one calls `get` in the same session: does that ask the database?',
  },
  {
    name: 'tells-the-message',
    file: 'app/errors.ts',
    find: "sentence(503, 'the database is busy: try again in a moment')",
    replace: 'sentence(503, String((error as Error).message))',
    caughtBy: 'Task 3: errors that speak HTTP › tells nobody what was sent, or where',
    why: 'The message of a database error is written for those who mend it: it holds the SQL, the values that somebody has typed, and the places in the code. For everybody else it is a map of the house. They need two things: whose fault it is, and whether to try again.',
    ask: 'Read the message of a unique violation aloud, as if you were a stranger on the internet. What do you know about this house now?',
  },
  {
    name: 'blames-itself-for-a-taken-name',
    file: 'app/errors.ts',
    find: "  if (error instanceof UniqueViolation) return field(lastPart(error.columns[0]), 'is already taken')\n",
    replace: '',
    caughtBy:
      'Task 3: errors that speak HTTP › what the database refuses › a unique value that somebody has: 422, with the field',
    why: 'It is tempting to look first whether the name is free, and to forget the error. Between the look and the INSERT somebody else takes it: rarely, and then the client gets a 500 and tries the same name again.',
    ask: 'Two people register the same name in the same second, and both were told that it is free. Which error does the second INSERT give, and what status does its client read?',
  },
  {
    name: 'knows-stale-and-not-lost',
    file: 'app/errors.ts',
    find: '  if (error instanceof LostRowError)',
    replace: "  if (error instanceof LostRowError && error.name === 'StaleObjectError')",
    caughtBy:
      'Task 3: errors that speak HTTP › rows that are not what they were › a row that somebody else has deleted: 409',
    why: 'A row without a version column cannot be stale, but it can be gone: then the UPDATE meets no row. For the client both are one thing: somebody else was there meanwhile.',
    ask: 'A colleague deletes the row while you edit it, and the table has no version column. How many rows does your UPDATE meet, and what should the client be told?',
  },
  {
    name: 'calls-a-busy-database-a-mistake',
    file: 'app/errors.ts',
    find: '  PoolTimeoutError,\n  SerializationFailure,\n  TimeoutError,\n]',
    replace: '  SerializationFailure,\n]',
    caughtBy:
      'Task 3: errors that speak HTTP › a database that cannot answer now: 503 › no connection in time',
    why: '500 says: we made a mistake, and the same request will fail again. 503 says: not now. Load balancers, browsers and well-written clients act on the difference: after a 503 they wait and try again.',
    ask: 'All connections are taken for three seconds. Will the same request work in a minute? Which status says that, and which one says the opposite?',
  },
  {
    name: 'orders-by-time-alone',
    file: 'app/feed.ts',
    find: '[a.createdAt.desc(), a.id.desc()]',
    replace: '[a.createdAt.desc()]',
    caughtBy:
      'Task 4: the newest articles › a slice of them › cuts among many of one moment at the same place each time',
    why: 'Rows of one moment are equal in this order, and the database may give equal rows as it likes, in another order for each slice. So one article stands on two pages, and another one on none. An order for pages ends with something unique.',
    ask: 'Ten articles were stored in the same millisecond, and a page holds three. Does anything in your ORDER BY forbid the database to shuffle them between page one and page two?',
  },
  {
    name: 'takes-the-key-for-the-time',
    file: 'app/feed.ts',
    find: '[a.createdAt.desc(), a.id.desc()]',
    replace: '[a.id.desc()]',
    caughtBy:
      'Task 4: the newest articles › come first by their day, also where a later one was stored earlier',
    why: 'A larger key is a newer article, as long as every article is written here, today, by hand. Then somebody brings the articles of an old blog, or a second server takes keys in blocks of its own, and the list is in the order of the keys.',
    ask: 'Import an article from 2009 into the blog today. Which id does it get, and where in the list does it stand?',
  },
  {
    name: 'counts-the-slice',
    file: 'app/feed.ts',
    find: '  return { articles, count }',
    replace: '  return { articles, count: Math.min(count, articles.length) }',
    caughtBy:
      'Task 4: the newest articles › a slice of them › begins where the one before it ends, and the count is that of the whole list',
    why: 'Who turns pages wants to know how many there are in all. That is a question of its own: SELECT COUNT(*) with the same conditions, and without LIMIT.',
    ask: 'The list has 57 articles and the page shows 20. Which number does somebody need who draws the links to the other pages, and which one do you give on page three?',
  },
  {
    name: 'takes-an-empty-name-for-none',
    file: 'app/feed.ts',
    find: '  if (tag !== undefined) query',
    replace: '  if (tag) query',
    caughtBy: 'Task 4: the newest articles › that fit › by a name or a tag that nobody has: none',
    why: '`?tag=` asks for articles with an empty tag, and there are none. if (tag) takes it for "no filter" and gives all articles. The same shortcut drops 0 in a filter by number.',
    ask: 'What did somebody ask for who sent `?tag=`? Try `if (tag)` with the empty text: which question do you answer instead?',
  },
  {
    name: 'begins-anew-for-the-feed',
    file: 'app/feed.ts',
    find: '  if (followedBy) query = query.where(',
    replace: '  if (followedBy) query = session.query(Article).where(',
    caughtBy:
      'Task 4: the newest articles › of those whom a user follows › by a tag, an author, somebody whose favourites they are',
    why: 'Every method gives a new query. Whoever begins with a new one of the session drops the conditions that were there: the feed, narrowed to a tag, is the whole feed.',
    ask: 'Print the WHERE of your query before this line and after it. What has become of the tag?',
  },
  {
    name: 'loads-when-it-is-read',
    file: 'app/feed.ts',
    find: '    .with({ author: true, tags: true })\n    .all()\n  return { articles, count }',
    replace:
      '    .all()\n  for (const article of articles) await session.load([article], { author: true, tags: true })\n  return { articles: articles as never, count }',
    caughtBy: 'Task 4: the newest articles › cost › four statements at most, for 5 articles',
    why: 'One article at a time is N+1 with an await in front of it. It looks more harmless than a lazy load, because every step is written down. The database does not see the difference.',
    ask: 'Count the statements for 5 articles, then for 50. The word `await` stands in front of each of them: does the database mind less?',
  },
  {
    name: 'counts-in-the-program',
    file: 'app/viewing.ts',
    find: '    .groupBy((f) => f.articleId)\n    .select((f) => ({ id: f.articleId, count: count() }))\n  return new Map((await fetchAll(connection, query)).map(({ id, count }) => [id, count]))',
    replace:
      '    .select((f) => ({ id: f.articleId }))\n  const counts = new Map<number, number>()\n  for (const { id } of await fetchAll(connection, query)) counts.set(id, (counts.get(id) ?? 0) + 1)\n  return count ? counts : new Map()',
    caughtBy:
      'Task 5: one question for a whole list › asks › for one row of each article, not for one of each favourite',
    why: 'The sum is right, and on the developer’s machine nobody notices. An article with 50,000 favourites sends 50,000 rows over the network to make one number of them. What the database can count, it counts where the rows are.',
    ask: 'An article has 50,000 favourites. How many rows travel over the network so that your program can say “50,000”?',
  },
  {
    name: 'asks-for-nobody',
    file: 'app/viewing.ts',
    find: '): Promise<ReadonlySet<number>> {\n  if (!viewer || ids.length === 0) return new Set()\n  const query = from(Follow)\n    .where((f) => f.followerId.eq(viewer.id)',
    replace:
      '): Promise<ReadonlySet<number>> {\n  if (ids.length === 0) return new Set()\n  const query = from(Follow)\n    .where((f) => f.followerId.eq(viewer?.id ?? 0)',
    caughtBy:
      'Task 5: one question for a whole list › asks › once when nobody is logged in, on 100 articles',
    why: 'Nobody follows anybody: that is known without a question. Most visitors of a blog are not logged in, so it is the most frequent question of all, and always with the same answer.',
    ask: 'Nobody is logged in. What do you know about the answer before you ask, and how often a day would this question be sent?',
  },
  {
    name: 'asks-three-at-once',
    file: 'app/viewing.ts',
    find: '  return {\n    favoritesCount: await countFavorites(session, ids),\n    favorited: await favoritesAmong(session, ids, viewer),\n    following: await followedAmong(\n      session,\n      articles.map(({ authorId }) => authorId),\n      viewer,\n    ),\n  }',
    replace:
      '  const authors = articles.map(({ authorId }) => authorId)\n  const [favoritesCount, favorited, following] = await Promise.all([\n    countFavorites(session, ids),\n    favoritesAmong(session, ids, viewer),\n    followedAmong(session, authors, viewer),\n  ])\n  return { favoritesCount, favorited, following }',
    caughtBy:
      'Task 5: one question for a whole list › asks › one thing after the other: a request takes one connection, and not three',
    why: 'Where no transaction is open, each statement takes a connection from the pool. Three at once are three connections for one reader: ten connections serve three requests, and the others wait for them.',
    ask: 'The pool has ten connections and no transaction is open. How many readers can your page serve in the same moment?',
  },
  {
    name: 'asks-for-every-author-anew',
    file: 'app/viewing.ts',
    find: 'f.followedId.in([...new Set(ids)])',
    replace: 'f.followedId.in([...ids])',
    caughtBy:
      'Task 5: one question for a whole list › asks › for each author once, however many articles they wrote',
    why: 'A hundred articles may have two authors. The answer is the same, but the statement is fifty times as long, has a limit of parameters, and is another one for each length of the list, which the database has to prepare anew.',
    ask: 'A hundred articles, two authors. How many parameters does the statement have, and how many different values do they hold?',
  },
  {
    name: 'forgets-which-article',
    file: 'app/concurrency.ts',
    find: '`"${id',
    replace: '`"${version',
    caughtBy:
      'Task 6: the second writer hears of it › an ETag › is another one for another version, and for another article',
    why: 'Version 3 of one article is not version 3 of another one. A title that changes moves an article to another address, and a new one may take the old address: then an old tag fits the wrong article.',
    ask: 'Article 7 and article 9 have both been changed three times. What are their two tags, and what can somebody do who has kept the wrong one?',
  },
  {
    name: 'finds-a-part-of-the-tag',
    file: 'app/concurrency.ts',
    find: '  if (!quoted.includes(etagOf(article)))',
    replace: '  if (!quoted.some((tag) => tag.includes(etagOf(article))))',
    caughtBy:
      'Task 6: the second writer hears of it › If-Match › is the whole tag: no part of it, no weak one, none without quotes',
    why: 'W/"7-3" is a weak tag: it says "as good as the same", which is enough for showing and not for writing. If-Match asks for exactly this state.',
    ask: 'The client sends `W/"7-3"`. What does the W promise, and is that promise enough for overwriting something?',
  },
  {
    name: 'trusts-the-header-alone',
    file: 'app/concurrency.ts',
    find: "  if (header === undefined || header.trim() === '*') return",
    replace:
      "  if (header === undefined) throw new HttpError(428 as never, { body: ['say If-Match'] })\n  if (header.trim() === '*') return",
    caughtBy:
      'Task 6: the second writer hears of it › If-Match › that is not sent asks for nothing',
    why: 'An API may demand If-Match (428 Precondition Required is made for it), and then every client has to know. The RealWorld API does not: its clients have never heard of it. Between the reading and the writing of one request the version column watches in any case.',
    ask: 'A client that has never heard of If-Match sends its change. What does it read now? And what still protects the other writer without the header?',
  },
  {
    name: 'takes-an-empty-header-for-none',
    file: 'app/concurrency.ts',
    find: '  if (header === undefined ||',
    replace: '  if (!header ||',
    caughtBy:
      'Task 6: the second writer hears of it › If-Match › that is empty names no state: none fits',
    why: 'A client that sends If-Match wants to be protected, and its variable was empty. Whoever takes that for "no header" lets the change through, and the work of somebody else is gone. No header, and a header that names nothing, are two things.',
    ask: 'The client wanted protection, and by mistake its variable was empty. Which is the safer answer: “go ahead”, or “that fits nothing”? Which one does `!header` give?',
  },
  {
    name: 'looks-at-one-tag-only',
    file: 'app/concurrency.ts',
    find: '  if (!quoted.includes(etagOf(article)))',
    replace: '  if (quoted.at(-1) !== etagOf(article))',
    caughtBy:
      'Task 6: the second writer hears of it › If-Match › may name several states, one of which has to fit',
    why: 'If-Match holds a list, in no order: any of these states is right for the client. Whoever takes one place of the list refuses a change that was allowed.',
    ask: 'The client says “any of these three states is fine with me”, and the first one fits. What do you answer? Turn its list round: does the answer change?',
  },
  {
    name: 'looks-whether-it-is-free',
    file: 'app/slugs.ts',
    find: '    const slug = attempt === 1 ? plain',
    replace:
      "    const sql = 'SELECT 1 FROM articles WHERE slug = ?'\n    const taken = await session.connection.values(sql, [plain])\n    const slug = taken.length === 0 ? plain",
    caughtBy:
      'Task 7: every article its slug › that is taken › is not looked for before: the first attempt writes',
    why: 'Between the look and the write there is room for another request. Two look, both see a free slug, both write it, and one of them fails. The unique constraint is the only one who knows, so ask it: by writing.',
    ask: 'You have looked, and the slug is free. Now another request runs before you write. Is it still free, and who in the whole system knows for sure?',
  },
  {
    name: 'tries-everything-again',
    file: 'app/slugs.ts',
    find: 'if (attempt >= attempts || !isSlugTaken(error)) throw error',
    replace: 'if (attempt >= attempts) throw error\n      isSlugTaken(error)',
    caughtBy:
      'Task 7: every article its slug › that is taken › is the only thing that is tried again, not another unique value',
    why: 'Another slug does not mend another error. The same mistake happens five times, five transactions are opened and rolled back, and the log shows five errors for one.',
    ask: 'The error says that the author does not exist. What will the ending `-2` change about that, and how often do you try it?',
  },
  {
    name: 'never-gives-up',
    file: 'app/slugs.ts',
    find: 'if (attempt >= attempts || !isSlugTaken(error)) throw error',
    replace: 'if (attempt >= attempts * 5 || !isSlugTaken(error)) throw error',
    caughtBy: 'Task 7: every article its slug › that is taken › is given up at last',
    why: 'A loop that ends only with success has to be sure of success. When the reason is another one than the author thought, it runs until the client has gone, and takes a connection with it.',
    ask: 'Suppose that the database refuses for a reason that you have not thought of. When does your loop end, and what does it hold until then?',
  },
  {
    name: 'writes-without-a-transaction-of-its-own',
    file: 'app/slugs.ts',
    find: 'return await session.transaction(() => store(slug))',
    replace: 'return await store(slug)',
    caughtBy:
      'Task 7: every article its slug › that is taken › gets another ending, and everything is done again',
    why: 'After a failed INSERT the attempt is still there: the new article waits in the session, and on PostgreSQL the transaction takes no statement any more. A transaction inside of the transaction, a savepoint, takes back exactly this attempt, in the database and in the session.',
    ask: 'The first INSERT was refused. Where is the new article now in the session, and what does PostgreSQL answer to the next statement of this transaction?',
  },
  {
    name: 'cuts-a-character-in-half',
    file: 'app/slugs.ts',
    find: ".replace(/[-\\p{Cs}]+$/u, '')",
    replace: ".replace(/-+$/, '')",
    caughtBy:
      'Task 7: every article its slug › of a title › has 80 characters at most, and ends with none that is half',
    why: 'JavaScript counts text in units of 16 bits, and many characters, not only emoji, take two. A cut between them leaves half a character, which no address can hold: encodeURIComponent throws, and every page that links to the article fails.',
    ask: "What is `'😀'.length`, and what does `'😀'.slice(0, 1)` hold? Give that to `encodeURIComponent`.",
  },
]
