import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'keeps-the-load-to-itself',
    file: 'relations/peers.ts',
    find: '  handOut(waiting, relation, found)',
    replace: '  handOut([], relation, found)',
    caughtBy: 'Task 5: load for all peers › loads the posts of all users at the touch of the first',
    why: 'The statement brings the rows of all peers, and only one of them hears of it. The next one asks again, for all but the first, and the one after it for all but two: as many statements as before, and each of them larger. What was read for somebody has to be given to them.',
  },
  {
    name: 'leaves-the-childless-waiting',
    file: 'relations/peers.ts',
    find: '  handOut(waiting, relation, found)',
    replace:
      '  const served = new Set(found.map(({ key }) => groupKey(key)))\n  handOut(waiting.filter((peer) => served.has(groupKey(relatedKey(peer, relation)))), relation, found)',
    caughtBy: 'Task 5: load for all peers › loads the posts of all users at the touch of the first',
    why: 'Carol has no posts, so nothing was found for her, and she stays unloaded: at her turn she asks once more. That nothing is there is an answer too. Hand out to everybody for whom you asked, not to everybody for whom something came.',
  },
  {
    name: 'gives-one-what-belongs-to-all',
    file: 'relations/peers.ts',
    find: '  return found.filter(({ key }) => groupKey(key) === wanted).map((one) => one.object)',
    replace: '  return wanted === undefined ? [] : found.map((one) => one.object)',
    caughtBy: 'Task 5: load for all peers › loads the posts of all users at the touch of the first',
    why: 'Alice gets the posts of Bob as well. As long as a statement was sent for one object, everything in it was that object’s own. Now it is sent for many, and each row has to be asked whose it is.',
  },
  {
    name: 'wakes-the-expired',
    file: 'relations/peers.ts',
    find: '  if (!isReady(object, relation)) return false\n  if (isToMany',
    replace: '  if (!(object instanceof relation.owner)) return false\n  if (isToMany',
    caughtBy:
      'Task 5: load for all peers › leaves in peace › objects that have expired: each would be read first',
    why: 'To ask an expired object for its key is to touch it, and a touch reads its row again: one statement for each peer. The cure for N+1 has become an N+1. Look first whether a peer can be asked without a statement.',
  },
  {
    name: 'completes-a-part',
    file: 'relations/peers.ts',
    find: '  if (isToMany(relation)) return manyOf(object, relation).items === undefined',
    replace:
      '  if (isToMany(relation)) return !manyOf(object, relation).items || manyOf(object, relation).isPartial',
    caughtBy: 'Task 5: load for all peers › leaves in peace › a part that was asked for',
    why: 'The program asked for some of the posts, with a condition, and counts on having these. Because another user is touched somewhere else, it suddenly has all of them. What was asked for is not to change behind the back of who asked.',
  },
  {
    name: 'reads-over-what-was-assigned',
    file: 'relations/peers.ts',
    find: '  return knownOne(object, relation) === undefined',
    replace: '  return knownOne(object, relation)?.object !== object',
    caughtBy:
      'Task 5: load for all peers › leaves in peace › what the program has assigned and not stored',
    why: 'The post has a new author, who has no row yet, and so no key. Whoever loads for every peer, known or not, finds nobody for it and hands out null: the assignment is lost, and nobody is told. Load only for those who would load by themselves.',
  },
  {
    name: 'drops-who-has-nobody',
    file: 'relations/joined.ts',
    find: "type: 'LEFT JOIN'",
    replace: "type: 'JOIN'",
    caughtBy:
      'Task 6: join the one related object › where there is no related row › keeps the owner, and says null',
    why: 'A plain JOIN gives pairs. A post without an editor is in no pair, so it disappears from the list as soon as somebody wants to show editors. How an object is loaded must not decide which objects there are: LEFT JOIN keeps every owner.',
  },
  {
    name: 'makes-an-object-of-nulls',
    file: 'relations/joined.ts',
    find: 'rows.filter((row) => row[key] !== null)',
    replace: 'rows.filter((row) => row.length > key)',
    caughtBy: 'Task 6: join the one related object › makes objects of the class that a row is of',
    why: 'Where there is no related row, LEFT JOIN fills its columns with NULL. That is no row: an object made of it has no key, stands in the identity map under NULL, and its class is nobody’s. A primary key is never NULL, so it tells the two apart.',
  },
  {
    name: 'takes-zero-for-nobody',
    file: 'relations/joined.ts',
    find: 'rows.filter((row) => row[key] !== null)',
    replace: 'rows.filter((row) => row[key])',
    caughtBy:
      'Task 6: join the one related object › where there is no related row › does not take a key of 0 for none',
    why: 'For JavaScript 0 and the empty text count as false, for a database they are keys like any others. Ask for NULL when you mean NULL.',
  },
  {
    name: 'loses-the-row-on-the-way',
    file: 'relations/joined.ts',
    find: 'handOutJoined(objects, partners, join.joins, session)',
    replace: 'handOutJoined(objects, rows, join.joins, session)',
    caughtBy: 'Task 6: join the one related object › further joins › stops where there is nobody',
    why: 'The objects come from the rows that have one, and so there are fewer of them than rows. Whoever goes on with all rows reads the third row for the second editor, and gives everybody the profile of somebody else. Two lists that belong together by position have to be shortened together.',
  },
  {
    name: 'asks-again-for-nobody',
    file: 'relations/joined.ts',
    find: 'owners.filter((owner, i) => waitsFor(owner, rows[i]!, join))',
    replace:
      'owners.filter((owner, i) => rows[i]![key] !== null && waitsFor(owner, rows[i]!, join))',
    caughtBy:
      'Task 6: join the one related object › where there is no related row › says null for the other side of a one-to-one relation',
    why: 'The row said already that this user has no profile. If only those are told who have one, all the others ask again when they are touched, each with a statement of its own. Null is a result, and is handed out like every other.',
  },
  {
    name: 'believes-the-row',
    file: 'relations/joined.ts',
    find: '!isLoaded(owner, relation) && isSameKey(relatedKey(owner, relation), keyIn(row, from, relation))',
    replace: '!isLoaded(owner, relation) && row.length > from',
    caughtBy:
      'Task 6: join the one related object › what the program has changed and not stored › stays: a key where the row has none',
    why: 'The program has set a key that is not stored yet. The database has joined with the old one, so its row tells of somebody else, or of nobody. In the object the program’s value counts: where the two differ, leave the relation unloaded, and it will be loaded by the key that the object has.',
  },
  {
    name: 'reads-over-what-is-loaded',
    file: 'relations/joined.ts',
    find: '!isLoaded(owner, relation) && isSameKey',
    replace: 'isSameKey',
    caughtBy:
      'Task 6: join the one related object › what the program has changed and not stored › stays: a new child that was assigned',
    why: 'Alice has been given a new profile, which is not stored yet. The row still holds the old one, and so the new one would be lost, though her key has not changed at all: it is the child that holds the key. What is loaded or assigned stays; only refresh() overwrites.',
  },
  {
    name: 'runs-parameters-together',
    file: 'query/result-cache.ts',
    find: 'JSON.stringify([sql, ...params.map(spelled)])',
    replace: 'sql + params.map(spelled).join()',
    caughtBy: 'Task 7: keep results › the cache › keeps apart one text and two',
    why: 'Joined by commas, the text "a,b" and the two texts "a" and "b" are one key, and so are 1 and "1". Sooner or later somebody is shown the result of a question that somebody else has asked. A key has to keep apart all that is not the same.',
  },
  {
    name: 'looks-at-the-clock-afterwards',
    file: 'query/result-cache.ts',
    find: '    const before = { readAt: this.#now(), versions: this.#versionsOf(statement.tables) }\n    const rows = read()\n',
    replace:
      '    const rows = read()\n    const before = { readAt: this.#now(), versions: this.#versionsOf(statement.tables) }\n',
    caughtBy:
      'Task 7: keep results › the cache › takes what was read before a write for out of date, though it comes back after it',
    why: 'Between the question and the answer somebody commits. The rows are from before, and get the version of afterwards: they are taken for new, and nothing will ever drive them out but the time. Note the version before you read. In doubt a result is thrown away that was good, and that does no harm.',
  },
  {
    name: 'hands-out-what-it-holds',
    file: 'query/result-cache.ts',
    find: '{ rows: copyOf(rows), ...before }',
    replace: '{ rows, ...before }',
    caughtBy:
      'Task 7: keep results › the cache › hands out copies: whoever changes them changes nothing for others',
    why: 'The first reader and the cache hold the same array. What this reader changes in it is served to all others from then on. A cache that is shared gives away copies, or things that cannot be changed.',
  },
  {
    name: 'takes-seconds-for-milliseconds',
    file: 'query/result-cache.ts',
    find: 'seconds * 1000',
    replace: 'seconds',
    caughtBy: 'Task 7: keep results › the cache › forgets what is too old',
    why: 'The clock counts milliseconds, the program says seconds. A minute is over after 60 milliseconds, and the cache hits next to nothing: it looks as if it worked, and helps nobody. Say units in names, and convert where the two meet.',
  },
  {
    name: 'is-content-with-one-table',
    file: 'query/result-cache.ts',
    find: 'return [...versions].every(',
    replace: 'return [...versions].some(',
    caughtBy:
      'Task 7: keep results › the cache › forgets what depends on a table that was written to, and nothing else',
    why: 'The result depends on two tables, and one of them has changed. As long as the other has not, this takes the result for good. A result is as old as the oldest of what it was made from: every table has to be unchanged.',
  },
  {
    name: 'throws-everything-away',
    file: 'query/result-cache.ts',
    find: '    for (const table of tables) this.#versions.set(table, this.#versionOf(table) + 1)',
    replace: '    if (tables.length > 0) this.clear()',
    caughtBy:
      'Task 7: keep results › the cache › forgets what depends on a table that was written to, and nothing else',
    why: 'With every write the whole cache is empty. In a program in which somebody always writes something nothing is ever found in it. And what is being read at this moment comes back later and is kept, out of date as it is. Versions by table do both: they spare the rest, and they catch what is on its way.',
  },
  {
    name: 'asks-again-for-nothing',
    file: 'query/result-cache.ts',
    find: 'if (known && this.#isGood(known, seconds)) return',
    replace: 'if (known && known.rows.length > 0 && this.#isGood(known, seconds)) return',
    caughtBy: 'Task 7: keep results › the cache › remembers that there are no rows',
    why: 'An empty result is a result. The search that finds nothing is often the slowest one, because the database has to look everywhere, and it would be sent every time.',
  },
]
