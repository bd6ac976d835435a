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
  },
  {
    name: 'turns-has-many-round',
    file: 'relations/bind.ts',
    find: 'return { from: referencedColumn(to, owner.table), to }',
    replace: 'return { from: to, to: referencedColumn(to, owner.table) }',
    caughtBy:
      'Task 1: bind a relation › the two ends › of hasMany lead the other way: to the foreign key of the other table',
    why: '`from` is where the search begins: a column of the owner. A user has no user_id; it has an id, and the posts point to it. belongsTo and hasMany are one foreign key, read in two directions.',
  },
  {
    name: 'asks-for-null',
    file: 'relations/to-one.ts',
    find: '  if (isNothing(relatedKey(object, relation))) return null\n',
    replace: '',
    caughtBy:
      'Task 2: load one object › without a statement › gives null when the foreign key is null',
    why: 'A null foreign key points to nobody, so there is nothing to ask. A list of posts without an editor would send a statement each, all of them for nothing, and `id = NULL` finds no row in SQL anyway.',
  },
  {
    name: 'takes-zero-for-nothing',
    file: 'relations/to-one.ts',
    find: 'if (isNothing(relatedKey(object, relation))) return null',
    replace: 'if (!relatedKey(object, relation)) return null',
    caughtBy:
      'Task 2: load one object › the first touch › reads with the key 0: it is a key like any other',
    why: 'To JavaScript 0 and the empty text are as false as null. To a database they are keys, and a row may have them. Ask for null and undefined by name.',
  },
  {
    name: 'remembers-for-ever',
    file: 'relations/memory.ts',
    find: 'return one.key === fromValue(object, relation) ? one : undefined',
    replace: 'return one',
    caughtBy:
      'Task 2: load one object › when the foreign key changes › forgets the object and reads the other one',
    why: 'A cache needs a rule that says when it is out of date. The author was loaded for the key 1; when userId is 2, that answer belongs to another question. So remember the key beside the object, and compare.',
  },
  {
    name: 'remembers-only-what-it-finds',
    file: 'relations/to-one.ts',
    find: '  remember(object, relation, found)',
    replace: '  if (found.length > 0) remember(object, relation, found)',
    caughtBy: 'Task 2: load one object › without a statement › remembers that there is none',
    why: '"There is none" is an answer too. Who forgets it asks again at every touch: the page with a hundred users without a profile is the slowest of all.',
  },
  {
    name: 'takes-empty-for-not-loaded',
    file: 'relations/collection.ts',
    find: '    if (items) return items\n',
    replace: '    if (items?.size) return items\n',
    caughtBy: 'Task 3: load many, once › the first touch › finds nothing, and remembers that',
    why: 'An empty collection and one that was never loaded look alike, and mean the opposite: "there are none" and "nobody has asked". Keep the two apart: undefined is not loaded, an empty set is loaded.',
  },
  {
    name: 'loads-to-be-shown',
    file: 'relations/collection.ts',
    find: 'return this.isLoaded ? this.toArray() : undefined',
    replace: 'return this.toArray()',
    caughtBy: 'Task 3: load many, once › a collection › shows what it has and loads nothing for it',
    why: 'JSON.stringify, console.log and a debugger look at everything that they can reach. If looking loads, one log line in a loop is N+1, and a pair of objects that point to each other pulls in the whole database.',
  },
  {
    name: 'walks-over-the-set-itself',
    file: 'relations/collection.ts',
    find: 'return this.toArray().values()',
    replace: 'return this.#items.values() as IterableIterator<T>',
    caughtBy:
      'Task 3: load many, once › a collection › is walked over as it was at the beginning of the loop',
    why: 'The iterator of a Set sees what happens to the Set while it walks: a loop that deletes posts misses some of them, and a loop that adds posts meets each new one and never ends. A copy is walked over as it was.',
  },
  {
    name: 'loads-to-add',
    file: 'relations/collection.ts',
    find: 'for (const object of objects) addRelated(',
    replace: 'for (const object of this.#items && objects) addRelated(',
    caughtBy: 'Task 4: keep both sides › adding to a collection › loads nothing',
    why: 'To add one comment to a post with ten thousand comments, nobody has to read ten thousand comments. What was added is remembered and merged when the collection is loaded one day, if ever.',
  },
  {
    name: 'tells-one-side-only',
    file: 'relations/both-sides.ts',
    find: '  if (parent && toChildren) enter(parent, toChildren, child, bond)\n',
    replace: '',
    caughtBy:
      'Task 4: keep both sides › assigning the one › moves the object from one loaded collection to the other',
    why: 'post.author and user.posts are two views of one column. If only one of them changes, the program holds two truths until somebody loads again, and the code that runs in between believes the wrong one.',
  },
  {
    name: 'leaves-it-with-the-old-parent',
    file: 'relations/both-sides.ts',
    find: '  if (before && before !== parent && toChildren) leave(before, toChildren, child)\n',
    replace: '',
    caughtBy:
      'Task 4: keep both sides › adding to a collection › takes the object from the collection before',
    why: 'A foreign key holds one value, so a post is in one collection at a time. To enter the new one is half of a move; the other half is to leave the old one.',
  },
  {
    name: 'leaves-and-comes-back',
    file: 'relations/both-sides.ts',
    find: 'if (before && before !== parent && toChildren) leave',
    replace: 'if (before && toChildren) leave',
    caughtBy:
      'Task 4: keep both sides › assigning the one › leaves it at its place when it is assigned again',
    why: 'To assign the parent that is there already changes nothing. Who takes the child out first and puts it in again moves it to the end of the list.',
  },
  {
    name: 'saves-a-child-before-its-parent',
    file: 'relations/parents.ts',
    find: "if (stateOf(parent).status === 'new')",
    replace: "if (stateOf(parent).status === 'deleted')",
    caughtBy: 'Task 4: keep both sides › a parent without a row › has to be saved before its child',
    why: 'A new parent has no key, so the child would be stored with none: as nobody’s, or, where the column takes no NULL, with an error from the database that does not say why. Active Record saves one row at a time; the order is yours. Stage 06 takes that over.',
  },
  {
    name: 'stores-a-pair-twice',
    file: 'relations/write-pairs.ts',
    find: '    settle(object, relation, [...added, ...removed])\n',
    replace: '',
    caughtBy: 'Task 4: keep both sides › many to many › stores a pair from either side, once',
    why: 'What is stored is no change any more, on both sides. Otherwise every later save sends it again, and a pair that somebody else removed in the meantime comes back from the dead.',
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
  },
  {
    name: 'takes-a-part-for-the-whole',
    file: 'relations/hand-out.ts',
    find: '      group.map(({ object }) => object),\n      options,\n',
    replace: '      group.map(({ object }) => object),\n',
    caughtBy:
      'Task 5: load a level at once › handOut › says what is a part only: who asks for all of them later gets all',
    why: 'A query in `with` may leave some out. The collection has to know that what it shows is a part; otherwise whoever asks for all posts later is given the few, and believes it.',
  },
  {
    name: 'compares-keys-as-text',
    file: 'relations/hand-out.ts',
    find: "if (typeof value !== 'object') return narrowed(value) as GroupKey",
    replace: "if (typeof value !== 'object') return String(value)",
    caughtBy:
      'Task 5: load a level at once › groupKey › takes 1 and 1n for one key, and "1" for another',
    why: 'Text makes 1 and 1n meet, but also 1 and "1", which are two keys to a database. A Map compares numbers, bigints and texts well enough; only a bigint that is small, a Date and bytes need help.',
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
  },
  {
    name: 'asks-for-a-key-again-and-again',
    file: 'relations/hand-out.ts',
    find: 'return [...new Map(keys.map((key) => [groupKey(key), key])).values()]',
    replace: 'return keys',
    caughtBy: 'Task 5: load a level at once › with › asks for the keys of the list, each once',
    why: 'A thousand posts of three authors have three keys. Sent as they come, they are a thousand parameters, and soon more than the database takes.',
  },
  {
    name: 'tells-equal-dates-apart',
    file: 'relations/hand-out.ts',
    find: 'return [...new Map(keys.map((key) => [groupKey(key), key])).values()]',
    replace: 'return [...new Set(keys)]',
    caughtBy:
      'Task 5: load a level at once › keys of other types › may be dates and bytes: equal ones are one key, and sent once',
    why: 'A Set keeps each number once, but two Dates are two objects, whatever they say. Compare by the groupKey, and send the key itself.',
  },
  {
    name: 'drops-the-key-zero',
    file: 'relations/hand-out.ts',
    find: '.filter((key) => !isNothing(key))',
    replace: '.filter(Boolean)',
    caughtBy:
      'Task 5: load a level at once › with › asks for the key 0: it is a key like any other',
    why: 'filter(Boolean) drops null and undefined, and with them 0, 0n and the empty text, which are keys. Their owners look as if they had nothing.',
  },
  {
    name: 'loads-what-it-knows',
    file: 'relations/loader.ts',
    find: 'const owners = query ? objects : objects.filter((object) => !isLoaded(object, relation))',
    replace: 'const owners = objects',
    caughtBy:
      'Task 5: load a level at once › with › does not load what is known: the author of a post of Alice is Alice',
    why: 'Eager loading fills gaps. What is there already was told by the other side, or loaded before; to load it again costs a statement and puts a second object in place of the first, which parts of the program still hold.',
  },
  {
    name: 'cuts-off-the-rest',
    file: 'relations/cut.ts',
    find: 'Math.ceil(items.length / size)',
    replace: 'Math.floor(items.length / size)',
    caughtBy: 'Task 6: cut and limit › batchesOf › cuts a list into pieces of a size',
    why: 'Five things in pieces of two are three pieces. The last keys of a long list are the ones that no test with three users ever meets.',
  },
  {
    name: 'takes-all-the-room',
    file: 'relations/loader.ts',
    find: 'Math.max(1, dialect.maxParameters - params.length)',
    replace: 'dialect.maxParameters',
    caughtBy:
      'Task 6: cut and limit › more keys than one statement takes › leave room for the parameters of the query itself',
    why: 'The limit counts every parameter of the statement. A filter and a LIMIT have some too, so the keys get what is left.',
  },
  {
    name: 'limits-the-whole-list',
    file: 'relations/select-related.ts',
    find: '  if (base.node.limit || base.node.offset) return limitPerOwner(relation, keys, base)\n',
    replace: '',
    caughtBy:
      'Task 6: cut and limit › a query for the related objects › limits each list for itself, in one statement',
    why: 'LIMIT 1 gives one row of the whole statement: the first user gets a post, everybody else gets none. "One of each" needs a place for each row among those of its owner, which is what a window function counts.',
  },
  {
    name: 'leaves-the-order-to-the-database',
    file: 'relations/cut.ts',
    find: '\n    .orderBy(({ ownerPlace }) => ownerPlace!)',
    replace: '',
    caughtBy:
      'Task 6: cut and limit › a query for the related objects › says its order in the outermost query: no database promises to keep that of an inner one',
    why: 'The order of an inner query is no promise about the outer one. SQLite happens to give the numbered rows in their order; another database, or another version, does not. Whoever wants an order writes ORDER BY outermost.',
  },
  {
    name: 'takes-a-detour-for-a-cycle',
    file: 'mapping/order.ts',
    find: '      else if (open.includes(next)) earliest',
    replace: '      else earliest',
    caughtBy: 'Task 7: order the tables › sortTables › takes a diamond for no cycle',
    why: 'To meet a table a second time is not enough: two ways may lead to the same parent. It is a cycle only when the way leads back to a table that is still being walked.',
  },
  {
    name: 'drops-the-parents-first',
    file: 'mapping/registry.ts',
    find: 'sortTables(this.tables).reverse()',
    replace: 'sortTables(this.tables)',
    caughtBy:
      'Task 7: order the tables › dropAll › drops tables that hold rows, the children first',
    why: 'Parents are created first and dropped last: as long as a row points to another, the database keeps that other row, and its table. An empty test database does not show it.',
  },
]
