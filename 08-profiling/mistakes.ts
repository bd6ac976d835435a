import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'groups-by-the-text-alone',
    file: 'profiling/fingerprint.ts',
    find: "if (kind === 'string' || kind === 'number' || kind === 'parameter') return '?'",
    replace: "if (kind === 'parameter') return '?'",
    caughtBy: 'Task 1: one shape, one fingerprint › looks through › values, wherever they stand',
    why: 'With bound parameters every statement of a loop has the same text, so the text seems to be enough. But many programs, and some ORMs, write the values into the SQL: WHERE id = 1, WHERE id = 2, … Then every statement is alone in its group, and the N+1 of a hundred statements cannot be seen.',
  },
  {
    name: 'counts-the-length-of-a-list',
    file: 'profiling/fingerprint.ts',
    find: "    if (shapes[i] !== 'IN' && shapes[i] !== 'VALUES') continue",
    replace: "    if (shapes[i] !== 'VALUES') continue",
    caughtBy: 'Task 1: one shape, one fingerprint › looks through › how many values a list has',
    why: 'The question "posts of these users" is the same for three users and for three hundred. When the length of the list counts, one question becomes hundreds of fingerprints, and none of them looks important.',
  },
  {
    name: 'swallows-what-follows-a-list',
    file: 'profiling/fingerprint.ts',
    find: '    i = end - 1\n',
    replace: '    i = end\n',
    caughtBy: 'Task 1: one shape, one fingerprint › keeps apart › what stands behind a list',
    why: 'endOfValues gives the place behind the list, and the loop adds one to it. So the word behind each list is lost, an AND or a RETURNING, and statements that differ in it look alike.',
  },
  {
    name: 'writes-everything-in-small-letters',
    file: 'profiling/fingerprint.ts',
    find: "if (kind === 'name') return sqlite.quoteIdentifier(text)",
    replace: "if (kind === 'name') return text.toLowerCase()",
    caughtBy:
      'Task 1: one shape, one fingerprint › keeps apart › names in which quotes hold what they would not be without',
    why: 'Capitals mean nothing in a bare name, and everything inside of quotes: "Name" and name are two columns. And without its quotes, "a b" is a column a that is called b.',
  },
  {
    name: 'folds-what-is-no-list',
    file: 'profiling/fingerprint.ts',
    find: '    const end = endOfValues(shapes, i + 1)',
    replace: "    const end = shapes.indexOf(')', i) + 1 || shapes.length",
    caughtBy: 'Task 1: one shape, one fingerprint › keeps apart › a list of values and a subquery',
    why: 'Behind IN stands a list, or a whole query. A fold that takes everything to the next parenthesis makes one of both, and hides the table that the subquery reads.',
  },
  {
    name: 'sees-n-plus-one-in-every-repetition',
    file: 'profiling/n-plus-one.ts',
    find: 'return differentIn(statements) >= threshold',
    replace: 'return statements.length >= threshold',
    caughtBy:
      'Task 2: find the N+1 › leaves in peace › the same question, asked again and again: another one has no other answer',
    why: 'N+1 asks for another row each time, and eager loading mends it. The same question four times is something else: a result that somebody should have kept. Who is told to use with() there looks for a relation that is not to blame.',
  },
  {
    name: 'blames-the-batches',
    file: 'profiling/n-plus-one.ts',
    find: '  if (areBatches(statements)) return false\n',
    replace: '',
    caughtBy: 'Task 2: find the N+1 › leaves in peace › the batches of one eager load',
    why: 'A hundred thousand keys do not fit into one statement, so the loader sends four, all of one shape and from one line. That is the cure and not the disease. What gives it away: each statement asks for many keys.',
  },
  {
    name: 'looks-at-one-batch-only',
    file: 'profiling/n-plus-one.ts',
    find: 'return lists.some((own) =>',
    replace: 'return lists.every((own) =>',
    caughtBy:
      'Task 2: find the N+1 › leaves in peace › the batches of one eager load, when one key fills the last of them',
    why: 'Of five keys in batches of two, the last batch has one key, and its list is filled up with it. Alone it looks like one step of a loop; the others tell that it is none. One batch in a group is enough to know that somebody has loaded for many.',
  },
  {
    name: 'takes-every-list-for-keys',
    file: 'profiling/n-plus-one.ts',
    find: '  return lists.some((own) => own.some((list) => !common.includes(list)))',
    replace: '  return common.length > 0 || lists.some((own) => own.length > 0)',
    caughtBy:
      'Task 2: find the N+1 › is not misled by › a list that is the same in every statement',
    why: "WHERE user_id = ? AND status IN ('new', 'open') has a list of two, and asks for one user all the same. Who takes each list for keys is blind for every loop over a query with such a condition. Keys are what is another in each statement.",
  },
  {
    name: 'counts-statements-instead-of-rows',
    file: 'profiling/n-plus-one.ts',
    find: 'return differentIn(statements) >= threshold',
    replace: 'return statements.length >= threshold && differentIn(statements) > 1',
    caughtBy: 'Task 2: find the N+1 › leaves in peace › two questions in turn, however often',
    why: 'Two questions that are asked again and again are two rows that nobody has kept, and no loop over a list. What makes an N+1 grow is the number of rows, so that is what is counted.',
  },
  {
    name: 'takes-writing-for-reading',
    file: 'profiling/n-plus-one.ts',
    find: "  if (!fingerprint.startsWith('SELECT')) return false\n",
    replace: '',
    caughtBy:
      'Task 2: find the N+1 › leaves in peace › rows that are written: a flush sends what it must',
    why: 'A flush of a hundred changed objects sends a hundred UPDATEs, because each row gets other values. No relation is loaded there, and with() would change nothing.',
  },
  {
    name: 'looks-at-what-came-later',
    file: 'profiling/n-plus-one.ts',
    find: 'const before = statements.slice(0, statements.indexOf(first))',
    replace: 'const before = first ? statements : []',
    caughtBy:
      'Task 2: find the N+1 › knows by the statement › not by what was read later, in the loop or behind it',
    why: 'SELECT … FROM posts WHERE id = ? may be the post of a comment, or any other post that somebody needs. What was read just before tells: who reads comments and then posts, one by one, follows comment.post. What was read afterwards tells nothing: no loop can go over rows that are not there yet.',
  },
  {
    name: 'cuts-names-at-blanks',
    file: 'profiling/explain-plan.ts',
    find: '(.+?)(?: AS| USING| VIRTUAL| EXISTS| LEFT-JOIN|$)/',
    replace: '(\\S+)/',
    caughtBy: 'Task 3: read the plan › of which each step says › also where names hold blanks',
    why: 'A plan is written for people: names stand in it without quotes. A table of blog posts then ends at the first blank, and the lens complains of a table that nobody has. What ends a name is the next word of the plan.',
  },
  {
    name: 'flattens-the-plan',
    file: 'profiling/explain-plan.ts',
    find: '.filter((row) => row.parent === parent)',
    replace: '.filter((row) => row.parent === parent || parent === 0)',
    caughtBy:
      'Task 3: read the plan › as a tree › in which each step stands inside of the one that it names',
    why: 'The rows of a plan come as a list, and each names its parent. A scan inside of a subquery that runs for each row costs quite another thing than a scan beside it: without the tree both look the same.',
  },
  {
    name: 'takes-every-scan-for-a-full-one',
    file: 'profiling/explain-plan.ts',
    find: "    if (kind !== 'scan' || index !== undefined) return false",
    replace: "    if (kind !== 'scan') return false",
    caughtBy:
      'Task 3: read the plan › and finds the full scans › but not where an index gives the order',
    why: 'SCAN … USING INDEX walks through an index in its order, and a LIMIT stops it after ten steps. That is what a list of the newest posts should do. A lens that cries wolf at good plans is switched off soon.',
  },
  {
    name: 'takes-a-result-for-a-table',
    file: 'profiling/explain-plan.ts',
    find: 'return !made.has(source) && !noTable.test(detail)',
    replace: 'return made.size >= 0 && !noTable.test(detail)',
    caughtBy:
      'Task 3: read the plan › and finds the full scans › but not where a result is scanned that the plan has made',
    why: 'SCAN numbered reads what the step above it has made, a co-routine or a materialized subquery. It is no table, no index can be put on it, and all of its rows were asked for.',
  },
  {
    name: 'looks-for-a-table-behind-values',
    file: 'profiling/explain-plan.ts',
    find: 'return !made.has(source) && !noTable.test(detail)',
    replace: "return !made.has(source) && noTable.source !== ''",
    caughtBy:
      'Task 3: read the plan › and finds the full scans › but not where a list of values is scanned',
    why: 'SCAN 3-ROW VALUES CLAUSE and SCAN CONSTANT ROW read what stands in the statement, and json_each makes its rows as it goes. Nothing lies in a file, and no index could help. The word SCAN is not enough: look at what is scanned.',
  },
  {
    name: 'leaves-the-trial-index',
    file: 'profiling/explain-plan.ts',
    find: "    connection.exec('ROLLBACK TO what_if; RELEASE what_if')",
    replace: "    connection.exec('RELEASE what_if')",
    caughtBy: 'Task 3: read the plan › as it would be › and takes the index back',
    why: 'RELEASE keeps what was done since the savepoint; only ROLLBACK TO takes it back, and leaves the savepoint open. It takes both, in this order. Otherwise the lens changes what it looks at, and the index is on one machine only.',
  },
  {
    name: 'takes-back-only-success',
    file: 'profiling/explain-plan.ts',
    find: "    return explainPlan(connection, question)\n  } finally {\n    connection.exec('ROLLBACK TO what_if; RELEASE what_if')\n  }",
    replace:
      "    const plan = explainPlan(connection, question)\n    connection.exec('ROLLBACK TO what_if; RELEASE what_if')\n    return plan\n  } catch (error) {\n    throw error\n  }",
    caughtBy:
      'Task 3: read the plan › as it would be › and takes back what was changed when the question fails',
    why: 'When the question fails, the index is there and a transaction is open, which nobody knows of: the next COMMIT of the program is refused, or makes the index lasting. What was begun has to be ended on every way out: finally.',
  },
  {
    name: 'shows-each-statement',
    file: 'profiling/toolbar.ts',
    find: '    const milliseconds = timeOf(statements)',
    replace: '    const milliseconds = statements[0]?.milliseconds ?? 0',
    caughtBy:
      'Task 4: show it on the page › in a line for each shape and each line of the program › with the time of all together, and its part of the whole',
    why: 'Each statement of an N+1 is quick: 0.1 ms, nobody worries. A hundred of them are the page. What counts is the time of the group.',
  },
  {
    name: 'divides-by-nothing',
    file: 'profiling/toolbar.ts',
    find: 'const share = report.milliseconds > 0 ? milliseconds / report.milliseconds : 0',
    replace: 'const share = milliseconds / report.milliseconds',
    caughtBy:
      'Task 4: show it on the page › in a line for each shape and each line of the program › also when everything took no time',
    why: '0 / 0 is NaN, and a bar of NaN per cent is no bar. A clock that counts in steps gives 0 for a quick statement.',
  },
  {
    name: 'ends-the-page-too-early',
    file: 'profiling/toolbar.ts',
    find: '.at(-1)?.index',
    replace: '.at(0)?.index',
    caughtBy:
      'Task 4: show it on the page › in the page › before the last of several ends: the others are part of what the page tells',
    why: 'A page about HTML, or a script that builds some, holds the text </body> in its middle. The toolbar would land there, inside of a code block or a string, and break the page that it is to help.',
  },
  {
    name: 'loses-the-page-without-an-end',
    file: 'profiling/toolbar.ts',
    find: '?? page.length',
    replace: '?? 0',
    caughtBy: 'Task 4: show it on the page › in the page › after a page that leaves its end out',
    why: 'HTML lets a page leave out </body>, and browsers see no difference. Without a place of its own the toolbar goes to the end. At the beginning it would stand before <!doctype html>, and the browser would take the page for one of 1998.',
  },
  {
    name: 'measures-another-text',
    file: 'profiling/toolbar.ts',
    find: '[...page.matchAll(/<\\/body\\s*>/gi)].at(-1)?.index ?? page.length',
    replace: "page.toLowerCase().lastIndexOf('</body>')",
    caughtBy:
      'Task 4: show it on the page › in the page › before its end, though capitals in it are longer or shorter than small letters',
    why: 'The place is looked for in one text and used in another. Small letters are not always as long as capitals: İ becomes two signs, so in a page in Turkish the place is wrong by one for each, and the toolbar cuts the tag in two. Look for the place in the text in which you use it.',
  },
  {
    name: 'marks-the-innocent',
    file: 'profiling/toolbar.ts',
    find: '    other.fingerprint === fingerprint && other.callSite === group.callSite',
    replace: '    other.fingerprint === fingerprint',
    caughtBy:
      'Task 4: show it on the page › with a mark › for N+1, and only at the line that does it',
    why: 'Two lines of a program may send the same statement: one a hundred times in a loop, the other once, as it should. Without the call site both are blamed, and the reader begins with the wrong one.',
  },
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
    name: 'compares-keys-by-identity',
    file: 'relations/peers.ts',
    find: 'found.filter(({ key }) => groupKey(key) === wanted)',
    replace:
      'found.filter(({ key }) => key === relatedKey(object, relation) || wanted === undefined)',
    caughtBy:
      'Task 5: load for all peers › compares keys by what they hold: two arrays of bytes are one key',
    why: 'Numbers and texts are equal when they look alike. Bytes and dates are objects: each row that is read brings its own, and === asks whether two are the same one. The key of the row and the key of its owner never are. groupKey makes something of both that can be compared.',
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
    name: 'takes-the-time-for-a-version',
    file: 'query/result-cache.ts',
    find: 'this.#versions.set(table, this.#versionOf(table) + 1)',
    replace: 'this.#versions.set(table, Date.now())',
    caughtBy:
      'Task 7: keep results › the cache › forgets at every write, however soon one follows another',
    why: 'Two writes in one millisecond get one version, and what was read between them is taken for good. A version has to be another one after each write, and a number that is counted up is: it needs no clock.',
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
