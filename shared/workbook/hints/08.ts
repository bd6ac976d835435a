export const hints: Record<number, readonly string[]> = {
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
    '`session.materialize(relation.target, partners.map((row) => row.slice(start, end)))` goes through the identity map, and answers in the order of the rows. For handOut each object needs its key: `{ key: Reflect.get(object, relation.to.property), object }`.',
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
