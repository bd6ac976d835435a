import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'guesses-the-foreign-key',
    file: 'relations/bind.ts',
    find: 'if (found.length === 1) return',
    replace: 'if (found.length > 0) return',
    caughtBy:
      'Task 1: bind a relation › the foreign key › is never guessed among several: the error lists them and shows what to write',
    why: 'A post has an author and an editor, and both columns reference users. Who takes the first one shows the wrong person on half of the pages, without an error, and changes its mind when somebody reorders the columns. Among several there is no default: ask.',
    ask: 'How many columns of `posts` reference `users`? Which of them does your function give, and what decides that?',
  },
  {
    name: 'takes-the-only-one-for-the-named-one',
    file: 'relations/bind.ts',
    find: '  const { named } = search\n',
    replace: '  const { named } = search\n  if (candidates.length === 1) return candidates[0]!\n',
    caughtBy:
      'Task 1: bind a relation › the foreign key › is no other than the named one, also when only one column points there',
    why: 'There is one candidate, so it looks like the answer. But the declaration named another column. Either the name is wrong or references() is missing; who guesses hides that, and the relation leads over a column that nobody meant.',
    ask: "The declaration says `foreignKey: 'ownerId'`, and the only candidate is `userId`. Which of the two does your function listen to?",
  },
  {
    name: 'turns-has-many-round',
    file: 'relations/bind.ts',
    find: 'return { from: referencedColumn(to, owner.table), to }',
    replace: 'return { from: to, to: referencedColumn(to, owner.table) }',
    caughtBy:
      'Task 1: bind a relation › the two ends › of hasMany lead the other way: to the foreign key of the other table',
    why: '`from` is where the search begins: a column of the owner. A user has no user_id; it has an id, and the posts point to it. belongsTo and hasMany are one foreign key, read in two directions.',
    ask: 'Of which table is `from` a column, and has a row of `users` got a `user_id`?',
  },
  {
    name: 'asks-for-null',
    file: 'relations/to-one.ts',
    find: '  if (isNothing(relatedKey(object, relation))) return null\n',
    replace: '',
    caughtBy: 'Task 2: load one object › strict loading › does not mind what needs no statement',
    why: 'A null foreign key points to nobody, so there is nothing to ask, and nothing to forbid. Who goes on to load it meets strict loading, which refuses a question that would never have been sent. And asked for, `id IS NULL` would find the rows of nobody.',
    ask: 'The post has no editor and strict loading is on. What would be sent for `post.editor`, and how far does your code get?',
  },
  {
    name: 'asks-for-the-key-before-the-object',
    file: 'relations/to-one.ts',
    find: '  const known = knownOne(object, relation)\n',
    replace:
      '  if (isNothing(relatedKey(object, relation))) return null\n  const known = knownOne(object, relation)\n',
    caughtBy:
      'Task 4: keep both sides › a parent without a row › is kept until it has a key: then the child follows',
    why: 'No key, so nobody: that is right for what was read. But a new author has no key yet, and is the author all the same, because somebody has assigned it. What is known comes first; the key is only asked where nothing is known.',
    ask: 'Dan is new and has no id yet. After `post.author = dan`, what does `relatedKey` give, and what does `knownOne`?',
  },
  {
    name: 'takes-zero-for-nothing',
    file: 'relations/to-one.ts',
    find: 'if (isNothing(relatedKey(object, relation))) return null',
    replace: 'if (!relatedKey(object, relation)) return null',
    caughtBy:
      'Task 2: load one object › the first touch › reads with the key 0: it is a key like any other',
    why: 'To JavaScript 0 and the empty text are as false as null. To a database they are keys, and a row may have them. Ask for null and undefined by name.',
    ask: 'What is `!0`, and may a row of `users` have the id 0?',
  },
  {
    name: 'remembers-for-ever',
    file: 'relations/memory.ts',
    find: 'return one.key === fromValue(object, relation) ? one : undefined',
    replace: 'return one',
    caughtBy:
      'Task 2: load one object › when the foreign key changes › forgets the object and reads the other one',
    why: 'A cache needs a rule that says when it is out of date. The author was loaded for the key 1; when userId is 2, that answer belongs to another question. So remember the key beside the object, and compare.',
    ask: 'The author was loaded, then `post.userId = 2` was set. Which question did the remembered object answer?',
  },
  {
    name: 'remembers-only-what-it-finds',
    file: 'relations/to-one.ts',
    find: '  remember(object, relation, found)',
    replace: '  if (found.length > 0) remember(object, relation, found)',
    caughtBy: 'Task 2: load one object › without a statement › remembers that there is none',
    why: '"There is none" is an answer too. Who forgets it asks again at every touch: the page with a hundred users without a profile is the slowest of all.',
    ask: 'Bob has no profile, and you touch `bob.profile` twice. What does your code know at the second touch?',
  },
  {
    name: 'takes-empty-for-not-loaded',
    file: 'relations/collection.ts',
    find: '    if (items) return items\n',
    replace: '    if (items?.size) return items\n',
    caughtBy: 'Task 3: load many, once › the first touch › finds nothing, and remembers that',
    why: 'An empty collection and one that was never loaded look alike, and mean the opposite: "there are none" and "nobody has asked". Keep the two apart: undefined is not loaded, an empty set is loaded.',
    ask: "What is in `this.#many.items` before anybody has asked for Carol's posts, and what is in it after?",
  },
  {
    name: 'loads-to-be-shown',
    file: 'relations/collection.ts',
    find: 'return this.isLoaded ? this.toArray() : undefined',
    replace: 'return this.toArray()',
    caughtBy: 'Task 3: load many, once › a collection › shows what it has and loads nothing for it',
    why: 'JSON.stringify, console.log and a debugger look at everything that they can reach. If looking loads, one log line in a loop is N+1, and a pair of objects that point to each other pulls in the whole database.',
    ask: 'What does `console.log(alice.posts)` send to the database, if nobody has touched her posts before?',
  },
  {
    name: 'shows-nothing-but-its-state',
    file: 'relations/collection.ts',
    find: 'this.isLoaded ? this.toArray() : `',
    replace: '`',
    caughtBy: 'Task 3: load many, once › a collection › shows what it has and loads nothing for it',
    why: 'console.log is how people look at what they have. A collection that never shows its objects sends them to a debugger, or to toArray() in every line. Looking must not load, and what is there may be shown.',
    ask: 'You are debugging, the posts are loaded, and you print `alice.posts`. What would you like to see, and what do you see?',
  },
  {
    name: 'walks-over-the-set-itself',
    file: 'relations/collection.ts',
    find: 'return this.toArray().values()',
    replace: 'return this.#items.values() as IterableIterator<T>',
    caughtBy:
      'Task 3: load many, once › a collection › is walked over as it was at the beginning of the loop',
    why: 'The iterator of a Set sees what happens to the Set while it walks: a loop that deletes posts misses some of them, and a loop that adds posts meets each new one and never ends. A copy is walked over as it was.',
    ask: 'The body of a loop over `user.posts` deletes a post. What does your iterator see next?',
  },
  {
    name: 'loads-to-add',
    file: 'relations/collection.ts',
    find: 'for (const object of objects) addRelated(',
    replace: 'for (const object of this.#items && objects) addRelated(',
    caughtBy: 'Task 4: keep both sides › adding to a collection › loads nothing',
    why: 'To add one comment to a post with ten thousand comments, nobody has to read ten thousand comments. What was added is remembered and merged when the collection is loaded one day, if ever.',
    ask: 'A post has ten thousand comments and gets one more. How many rows does your `add` read, and which of them does it need?',
  },
  {
    name: 'tells-one-side-only',
    file: 'relations/both-sides.ts',
    find: '  if (parent && toChildren) enter(parent, toChildren, child, bond)\n',
    replace: '',
    caughtBy:
      'Task 4: keep both sides › assigning the one › moves the object from one loaded collection to the other',
    why: 'post.author and user.posts are two views of one column. If only one of them changes, the program holds two truths until somebody loads again, and the code that runs in between believes the wrong one.',
    ask: 'Both collections are loaded. After `post.author = bob`, print the titles of Bob. Who should have told his collection?',
  },
  {
    name: 'leaves-it-with-the-old-parent',
    file: 'relations/both-sides.ts',
    find: '  if (before && before !== parent && toChildren) leave(before, toChildren, child)\n',
    replace: '',
    caughtBy:
      'Task 4: keep both sides › adding to a collection › takes the object from the collection before',
    why: 'A foreign key holds one value, so a post is in one collection at a time. To enter the new one is half of a move; the other half is to leave the old one.',
    ask: 'Both collections are loaded. After `bob.posts.add(post)`, in how many collections is the post, and in how many can its row be?',
  },
  {
    name: 'leaves-and-comes-back',
    file: 'relations/both-sides.ts',
    find: 'if (before && before !== parent && toChildren) leave',
    replace: 'if (before && toChildren) leave',
    caughtBy:
      'Task 4: keep both sides › assigning the one › leaves it at its place when it is assigned again',
    why: 'To assign the parent that is there already changes nothing. Who takes the child out first and puts it in again moves it to the end of the list.',
    ask: "Alice's first post gets Alice as its author once more. In which order does `alice.posts` show her posts now?",
  },
  {
    name: 'keeps-the-new-parent-that-was-taken-back',
    file: 'relations/both-sides.ts',
    find: 'if (toParent) rememberOne(',
    replace: 'if (toParent && parent) rememberOne(',
    caughtBy:
      'Task 4: keep both sides › assigning the one › of null is remembered like any other: the new author before is gone',
    why: '"Nobody" has to be remembered too. Where the parent before had a key, the changed foreign key puts it out of date; a new parent has none, so it counts until something else is remembered. Then comment.author is still Dan, after null was assigned.',
    ask: 'Dan is new and was assigned, then null was. What does `lastOne` say about the comment now, and why does `knownOne` not call it out of date?',
  },
  {
    name: 'saves-a-child-before-its-parent',
    file: 'relations/parents.ts',
    find: "if (stateOf(parent).status === 'new')",
    replace: "if (stateOf(parent).status === 'deleted')",
    caughtBy: 'Task 4: keep both sides › a parent without a row › has to be saved before its child',
    why: 'A new parent has no key, so the child would be stored with none: as nobody’s, or, where the column takes no NULL, with an error from the database that does not say why. Active Record saves one row at a time; the order is yours. Stage 06 takes that over.',
    ask: 'At the moment of the INSERT, which value does the foreign key have if the parent was never saved?',
  },
  {
    name: 'stores-a-pair-twice',
    file: 'relations/write-pairs.ts',
    find: '    settle(object, relation, [...added, ...removed])\n',
    replace: '',
    caughtBy: 'Task 4: keep both sides › many to many › stores a pair from either side, once',
    why: 'What is stored is no change any more, on both sides. Otherwise every later save sends it again, and a pair that somebody else removed in the meantime comes back from the dead.',
    ask: 'After `save`, what is still in `added` of this side, and of the other side?',
  },
  {
    name: 'forgets-those-without-any',
    file: 'relations/hand-out.ts',
    find: '  for (const owner of owners) {',
    replace:
      '  for (const owner of owners.filter((one) => groups.has(groupKey(relatedKey(one, relation))))) {',
    caughtBy:
      'Task 5: load a level at once › with › gives those who have none a loaded empty collection',
    why: 'The rows that came back say nothing about owners without any. If you walk over the groups and not over the owners, those stay "not loaded", each asks for itself at the first touch, and N+1 is back for exactly the users that have nothing to show.',
    ask: 'Over which list does your loop run? Is Carol, who has no posts, in it?',
  },
  {
    name: 'looks-through-all-for-each-owner',
    file: 'relations/hand-out.ts',
    find: '    const group = isNothing(key) ? [] : (groups.get(groupKey(key)) ?? [])',
    replace:
      '    const group = groups && isNothing(key) ? [] : found.filter((one) => groupKey(one.key) === groupKey(key))',
    caughtBy:
      'Task 5: load a level at once › handOut › reads each key at most a few times: a thousand users with five posts each',
    why: 'A filter for each owner looks through everything that was found, once for every owner: a thousand users with five posts each are five million comparisons for five thousand posts. Two statements, and the page is slow all the same. Group once, then ask the Map.',
    ask: 'With a thousand users and five thousand posts: how often does your code look at one post?',
  },
  {
    name: 'takes-a-part-for-the-whole',
    file: 'relations/hand-out.ts',
    find: '      group.map(({ object }) => object),\n      options,\n',
    replace: '      group.map(({ object }) => object),\n',
    caughtBy:
      'Task 5: load a level at once › handOut › says what is a part only: who asks for all of them later gets all',
    why: 'A query in `with` may leave some out. The collection has to know that what it shows is a part; otherwise whoever asks for all posts later is given the few, and believes it.',
    ask: 'Only one post of each was asked for. What tells the collection that there may be more?',
  },
  {
    name: 'compares-keys-as-text',
    file: 'relations/hand-out.ts',
    find: "if (typeof value !== 'object') return narrowed(value) as GroupKey",
    replace: "if (typeof value !== 'object') return String(value)",
    caughtBy:
      'Task 5: load a level at once › groupKey › takes 1 and 1n for one key, and "1" for another',
    why: 'Text makes 1 and 1n meet, but also 1 and "1", which are two keys to a database. A Map compares numbers, bigints and texts well enough; only a bigint that is small, a Date and bytes need help.',
    ask: "What does your `groupKey` give for 1, for 1n and for '1'? Which of these should be one key?",
  },
  {
    name: 'reads-bytes-as-text',
    file: 'relations/hand-out.ts',
    find: "toString('hex')",
    replace: 'toString()',
    caughtBy: 'Task 5: load a level at once › groupKey › compares dates and bytes by what they say',
    why: 'Not every byte is a letter. toString() reads UTF-8 and puts one sign in place of all that is none, so different keys become one, and owners get the objects of others. Hex keeps each byte.',
    ask: 'What does `Buffer.from([0xff]).toString()` give, and what for 0xfe?',
  },
  {
    name: 'walks-for-every-key',
    file: 'relations/hand-out.ts',
    find: `  for (const thing of things) {
    const key = groupKey(keyOf(thing))
    const group = groups.get(key)
    if (group) group.push(thing)
    else groups.set(key, [thing])
  }`,
    replace: `  const list = [...things]
  for (const key of new Set(list.map((thing) => groupKey(keyOf(thing)))))
    groups.set(key, list.filter((thing) => groupKey(keyOf(thing)) === key))`,
    caughtBy: 'Task 5: load a level at once › groupBy › walks once over ten thousand things',
    why: 'A filter inside of a loop reads well and walks N × M times: two hundred users with two thousand posts are 400,000 comparisons. A well-known ORM has exactly this in its eager loading, and is two hundred times slower than it needs to be. One walk and a Map.',
    ask: 'For 200 users with 2,000 posts: how many times is your comparison run?',
  },
  {
    name: 'asks-for-a-key-again-and-again',
    file: 'relations/hand-out.ts',
    find: 'return [...new Map(keys.map((key) => [groupKey(key), key])).values()]',
    replace: 'return keys',
    caughtBy: 'Task 5: load a level at once › with › asks for the keys of the list, each once',
    why: 'A thousand posts of three authors have three keys. Sent as they come, they are a thousand parameters, and soon more than the database takes.',
    ask: 'A thousand posts of three authors: how many parameters does your statement have?',
  },
  {
    name: 'tells-equal-dates-apart',
    file: 'relations/hand-out.ts',
    find: 'return [...new Map(keys.map((key) => [groupKey(key), key])).values()]',
    replace: 'return [...new Set(keys)]',
    caughtBy:
      'Task 5: load a level at once › keys of other types › may be dates and bytes: equal ones are one key, and sent once',
    why: 'A Set keeps each number once, but two Dates are two objects, whatever they say. Compare by the groupKey, and send the key itself.',
    ask: 'What does a Set hold after you have added two Dates of the same moment?',
  },
  {
    name: 'drops-the-key-zero',
    file: 'relations/hand-out.ts',
    find: '.filter((key) => !isNothing(key))',
    replace: '.filter(Boolean)',
    caughtBy:
      'Task 5: load a level at once › with › asks for the key 0: it is a key like any other',
    why: 'filter(Boolean) drops null and undefined, and with them 0, 0n and the empty text, which are keys. Their owners look as if they had nothing.',
    ask: 'Which values does `filter(Boolean)` drop? Could any of them be the key of a row?',
  },
  {
    name: 'loads-what-it-knows',
    file: 'relations/loader.ts',
    find: 'const owners = query ? objects : objects.filter((object) => !isLoaded(object, relation))',
    replace: 'const owners = objects',
    caughtBy:
      'Task 5: load a level at once › with › does not load what is known: the author of a post of Alice is Alice',
    why: 'Eager loading fills gaps. What is there already was told by the other side, or loaded before; to load it again costs a statement and puts a second object in place of the first, which parts of the program still hold.',
    ask: 'The posts of Alice were just loaded through Alice. What do they know of their author at this moment?',
  },
  {
    name: 'cuts-off-the-rest',
    file: 'relations/cut.ts',
    find: 'Math.ceil(items.length / size)',
    replace: 'Math.floor(items.length / size)',
    caughtBy: 'Task 6: cut and limit › batchesOf › cuts a list into pieces of a size',
    why: 'Five things in pieces of two are three pieces. The last keys of a long list are the ones that no test with three users ever meets.',
    ask: 'Five keys in pieces of two: write down the pieces that your function gives. Which keys are in none?',
  },
  {
    name: 'takes-all-the-room',
    file: 'relations/loader.ts',
    find: 'Math.max(1, dialect.maxParameters - params.length)',
    replace: 'dialect.maxParameters',
    caughtBy:
      'Task 6: cut and limit › more keys than one statement takes › leave room for the parameters of the query itself',
    why: 'The limit counts every parameter of the statement. A filter and a LIMIT have some too, so the keys get what is left.',
    ask: 'The statement has a filter with one parameter and a LIMIT. How many keys fit beside them?',
  },
  {
    name: 'limits-the-whole-list',
    file: 'relations/select-related.ts',
    find: '  if (base.node.limit || base.node.offset) return limitPerOwner(relation, keys, base)\n',
    replace: '',
    caughtBy:
      'Task 6: cut and limit › a query for the related objects › limits each list for itself, in one statement',
    why: 'LIMIT 1 gives one row of the whole statement: the first user gets a post, everybody else gets none. "One of each" needs a place for each row among those of its owner, which is what a window function counts.',
    ask: 'Which rows does LIMIT 1 count: those of one author, or those of the statement?',
  },
  {
    name: 'gives-equal-places-to-equal-rows',
    file: 'relations/cut.ts',
    find: "import { rowNumber } from '../query/window.ts'",
    replace: "import { rank as rowNumber } from '../query/window.ts'",
    caughtBy:
      'Task 6: cut and limit › a query for the related objects › counts rows that are equal in that order as well: a limit of 1 is one row',
    why: 'RANK gives rows that are equal in the order the same place: three posts of one day are all the first. That is right for a race, and not for a limit. ROW_NUMBER counts on, whoever is equal.',
    ask: 'Two posts of Alice are equal in the order that was asked for. Which place does each get, and how many are within a limit of 1?',
  },
  {
    name: 'leaves-the-order-to-the-database',
    file: 'relations/cut.ts',
    find: '\n    .orderBy(({ ownerPlace }) => ownerPlace!)',
    replace: '',
    caughtBy:
      'Task 6: cut and limit › a query for the related objects › says its order in the outermost query: no database promises to keep that of an inner one',
    why: 'The order of an inner query is no promise about the outer one. SQLite happens to give the numbered rows in their order; another database, or another version, does not. Whoever wants an order writes ORDER BY outermost.',
    ask: 'Which ORDER BY in your statement says how the outermost rows come, and what does SQL promise without one?',
  },
  {
    name: 'takes-a-detour-for-a-cycle',
    file: 'mapping/order.ts',
    find: '      else if (open.includes(next)) earliest',
    replace: '      else earliest',
    caughtBy: 'Task 7: order the tables › sortTables › takes a diamond for no cycle',
    why: 'To meet a table a second time is not enough: two ways may lead to the same parent. It is a cycle only when the way leads back to a table that is still being walked.',
    ask: 'In the diamond, the bottom table is met twice. Can you get from it back to the top?',
  },
  {
    name: 'drops-the-parents-first',
    file: 'mapping/registry.ts',
    find: 'sortTables(this.tables).reverse()',
    replace: 'sortTables(this.tables)',
    caughtBy:
      'Task 7: order the tables › dropAll › drops tables that hold rows, the children first',
    why: 'Parents are created first and dropped last: as long as a row points to another, the database keeps that other row, and its table. An empty test database does not show it.',
    ask: 'A book points to a shelf, and both tables have rows. Which of them can be dropped first, and what does your order say?',
  },
]
