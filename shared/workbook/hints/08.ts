export const hints: Record<number, readonly string[]> = {
  1: [
    'Two functions. shapeOf looks at one token and says what stays of it; foldLists looks at the list of what stayed. Begin with shapeOf: five kinds of tokens, one line each.',
    "shapeOf: `kind` is 'string', 'number' or 'parameter' for values: give '?'. For 'name' give `sqlite.quoteIdentifier(text)`: it quotes only where quotes are needed. For 'mark' give the text.",
    "A word is the rest: `const word = text.toLowerCase()`. 'true' and 'false' are values. `isKeyword(word)` takes lower case, and says which words to write in capitals.",
    "foldLists: push each shape. When it is 'IN' or 'VALUES', ask `endOfValues(shapes, i + 1)`. The same place, i + 1, means that no list of values begins there: go on. Otherwise push '(…)' and set `i = end - 1`, because the loop adds one.",
  ],
  2: [
    'Begin with isNPlusOne: when are many statements of one group an N+1, and when not? Three questions: do they read? Do they ask for one row each? For how many different ones?',
    "isNPlusOne: `fingerprint.startsWith('SELECT')`, no `areBatches(statements)`, and `differentIn(statements) >= threshold`. differentIn counts questions with their values, so the same question again does not count. The threshold is for these, and not for the statements.",
    'areBatches: `const lists = statements.map(longListsOf)`. Common are those of the first that every statement has: `lists[0]!.filter((list) => lists.every((others) => others.includes(list)))`. They are batches when any statement has a list that is not common.',
    'findNPlusOnes: `groupStatements(statements).filter((group) => isNPlusOne(group, threshold))`. Then for each group: its first statement, `before = statements.slice(0, statements.indexOf(first))`, and `{ ...group, relations: relationsBehind(first.sql, models, before) }`. `withFixes` takes the whole list.',
  ],
  3: [
    'Begin with stepOf, and look at the details in the tests of this task. What do SCAN and SEARCH have in common? What follows is the source, up to the next word that says something else.',
    'stepOf: `/^(SCAN|SEARCH) (?:TABLE )?(.+?)(?: AS| USING| VIRTUAL| EXISTS| LEFT-JOIN|$)/.exec(detail) ?? []` gives verb and source; `/USING (?:COVERING )?INDEX (.+?)(?: \\(| LEFT-JOIN|$)/` the index; /USING AUTOMATIC/ tells an automatic one, /USE TEMP B-TREE/ a sort.',
    'readPlan calls itself: the rows whose `parent` is the one asked for, each as `{ ...stepOf(String(row.detail)), steps: readPlan(rows, row.id) }`.',
    "explainWith: `connection.exec('SAVEPOINT what_if')`, then try: exec the change, return explainPlan. In finally: `ROLLBACK TO what_if; RELEASE what_if`. ROLLBACK TO alone leaves the savepoint open, RELEASE alone keeps the index.",
    'fullScansOf: all `stepsOf(plan)`. `madeBy(plan)` is a Set of what the plan has made itself. Keep the steps with kind scan, no index, a source that is not in the Set, and a detail that `noTable` does not know.',
  ],
  4: [
    'Three functions, from the easiest: withToolbar, marksOf, toolbarRows. None of them writes HTML: toolbar-view.ts does, and it escapes what it shows.',
    'withToolbar: `[...page.matchAll(/<\\/body\\s*>/gi)].at(-1)?.index` is the last place. Without one the toolbar goes to the end: `?? page.length`. Cut with slice, not with replace: replace reads `$&` in the new text as a pattern. And do not look in `page.toLowerCase()`: it may be longer than the page.',
    'toolbarRows: map over `report.groups`. `timeOf(statements)`, `rowsOf(statements)`, `statements.length`. The share is a quotient, and `report.milliseconds` may be 0.',
    "marksOf: two groups are the same when fingerprint and callSite are. 'N+1' when one of nPlusOnes is the same, 'slow' when one of slow is; 'again' when it is a SELECT and `differentIn(statements) < statements.length`; 'failed' when a statement has an error.",
  ],
  5: [
    'A loop over users touches `user.posts`. Which keys would one statement need to answer for all of them? And who has to hear of the answer, besides the user that was touched?',
    'First who: `const waiting = peers.filter((peer) => waitsFor(peer, relation))`. Then one statement: `const found = fetchRelated(relation, keysOf([object, ...waiting], relation), session)`.',
    '`handOut(waiting, relation, found)` gives every peer its own, and an empty collection to those for whom nothing was found. So nobody asks again.',
    'What is left is the object itself: `found.filter(({ key }) => groupKey(key) === groupKey(relatedKey(object, relation)))`, and of each the `.object`.',
    'waitsFor, of a collection: `manyOf(object, relation).items === undefined`. Of one object: `knownOne(object, relation) === undefined`. In both cases something else is known, loaded or assigned, and stays.',
  ],
  6: [
    'Write the SELECT for posts and their authors by hand. Which kind of join keeps a post without an editor? Which columns come in which order?',
    'joinTarget: `const on = target.c[to.property]!.eq(owner[from.property])` and `node({ kind: "join", type: "LEFT JOIN", source: target.node, on: on.node })`. Give a new node: `node({ ...select, joins: […], outputs: […] })`, each the old list with something behind it.',
    'handOutJoined: which rows have a partner? `const partners = rows.filter((row) => row[key] !== null)`. A primary key is never NULL; 0 is a key.',
    '`session.materialize(relation.target, partners.map((row) => row.slice(start, end)))` goes through the identity map, and answers in the order of the rows. For handOut each object needs its key: `{ key: valueIn(object, relation.to), object }`.',
    'Who gets something: `owners.filter((owner, i) => waitsFor(owner, rows[i]!, join))`. Those without a partner are among them: handOut gives them null, and they never ask.',
    'Last line of the loop: `handOutJoined(objects, partners, join.joins, session)`. The objects belong to `partners` row by row, and no longer to `rows`. And waitsFor is `!isLoaded(owner, relation) && isSameKey(relatedKey(owner, relation), keyIn(row, from, relation))`.',
  ],
  7: [
    'When is a result that you hold wrong? There are two answers, and both stand in Entry.',
    'keyOf: `JSON.stringify([sql, ...params.map(spelled)])`. Try to find two questions with one key: with join(",") it is easy.',
    '#isGood: `this.#now() - readAt < seconds * 1000`, and `[...versions].every(([table, version]) => this.#versionOf(table) === version)`. invalidate: for each table `this.#versions.set(table, this.#versionOf(table) + 1)`.',
    'rows: `const known = this.#entries.get(key)`. Known and good: `return this.#use(key, known)`. Otherwise `this.#misses += 1`, and read.',
    'Take `this.#now()` and `this.#versionsOf(statement.tables)` before `read()`: what somebody commits in between is not in the rows. Then `this.#keep(key, { rows: copyOf(rows), readAt, versions })`, and give the rows that were read.',
  ],
}
