import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'takes-the-first-column-for-the-key',
    file: 'session/identity-key.ts',
    find: 'return compositeKey(primaryKey.map(({ index }) => row[index] ?? null))',
    replace: 'return keyOf(row[primaryKey[0]!.index] ?? null)',
    caughtBy: 'Task 1: give every row a key › can be the key of a Map',
    why: 'A junction row is told apart by two columns. Who takes the first one only has one object for all tags of a post, and every one of them but the first vanishes without an error.',
    ask: 'Two rows of posts_tags: post 1 with tag 2, and post 1 with tag 3. Which key does your function give to each?',
  },
  {
    name: 'takes-the-first-columns-of-the-row',
    file: 'session/identity-key.ts',
    find: 'primaryKey.map(({ index }) => row[index] ?? null)',
    replace: 'primaryKey.map((_, i) => row[i] ?? null)',
    caughtBy:
      'Task 1: give every row a key › takes the columns of the key, wherever they stand in the row',
    why: 'In most tables the key stands first, so counting from the left works for years. Then a table has its key in the second and the fourth column, and two rows with the same price are one object. A column knows its place: index.',
    ask: 'In the table seats, which columns are the key, and at which places of the row do they stand? At which places does your code look?',
  },
  {
    name: 'keys-by-an-array',
    file: 'session/identity-key.ts',
    find: 'const compositeKey = (values: readonly Value[]) => JSON.stringify(values.map(part))',
    replace:
      'const compositeKey = (values: readonly Value[]) => values.map(part) as unknown as string',
    caughtBy: 'Task 1: give every row a key › can be the key of a Map',
    why: 'A Map compares objects by identity, and an array is an object: two arrays with the same numbers are two keys. Python can take a tuple for a key because tuples are compared by their content. JavaScript has no such thing, so the parts become one text.',
    ask: 'What does [1, 2] === [1, 2] give in JavaScript? And what does that mean for map.get?',
  },
  {
    name: 'leaves-texts-as-they-are',
    file: 'session/identity-key.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: "return `'${value}`",
    replace: 'return value',
    caughtBy: 'Task 1: give every row a key › keeps a text apart that looks like a composite key',
    why: 'The text [1,2] is a key that somebody may have chosen, and the composite key of 1 and 2 is written in the same letters. A mark in front of every text says: this was a text before it was a key.',
    ask: 'A country has the code [1,2], five characters. Write down its key, and below it the key of the pair 1 and 2. What do you see?',
  },
  {
    name: 'marks-a-text-with-a-bracket',
    file: 'session/identity-key.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: "return `'${value}`",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    replace: 'return `[${value}`',
    caughtBy: 'Task 1: give every row a key › keeps a text apart that looks like a composite key',
    why: 'A mark helps only if no other key can begin with it. Composite keys are JSON of an array, and so they begin with a bracket: the text 1,2] would become the key of the pair 1 and 2.',
    ask: 'With which character does your key of a text begin, and with which one does your key of two columns?',
  },
  {
    name: 'joins-the-parts-by-a-dash',
    file: 'session/identity-key.ts',
    find: 'JSON.stringify(values.map(part))',
    replace: "values.map((value) => JSON.stringify(part(value)).replaceAll('\"', '')).join('-')",
    caughtBy: 'Task 1: give every row a key › keeps the parts of a composite key apart',
    why: "Whatever stands between the parts can stand inside of them too: ['1-2', '3'] and ['1', '2-3'] are one text then, and two rows are one object. JSON quotes its texts, so where a part ends is never in doubt.",
    ask: "One row has the texts '1-2' and '3' for its key, another one '1' and '2-3'. What are your two keys?",
  },
  {
    name: 'keeps-1-and-1n-apart',
    file: 'session/identity-key.ts',
    find: "if (typeof value === 'bigint') return narrow(value)",
    replace: "if (typeof value === 'bigint') return value",
    caughtBy:
      'Task 1: give every row a key › takes 1 and 1n for one key, because one driver sends this and another one that',
    why: 'A whole number is one number, whether it comes as number or as bigint: that depends on the driver and on the size. A Map keeps 1 and 1n apart, so the same row would get a second object.',
    ask: 'Put something into a Map under 1 and ask for it under 1n. What comes back, and who decides which of the two your driver sends?',
  },
  {
    name: 'makes-every-bigint-a-number',
    file: 'session/identity-key.ts',
    find: 'return Number.isSafeInteger(number) ? number : value',
    replace: 'return number',
    caughtBy: 'Task 1: give every row a key › keeps large numbers apart that are one as a double',
    why: 'Above 2^53 a double cannot hold every whole number: 9007199254740993 becomes 9007199254740992. Two rows with neighbouring keys would be one object, and the second one would show, and save, the first.',
    ask: 'What is Number(9007199254740993n)? Print it. Which other bigint gives the same?',
  },
  {
    name: 'makes-a-new-object-every-time',
    file: 'session/materialize.ts',
    find: 'if (!object) return enter',
    replace: 'if (!object || !isFresh) return enter',
    caughtBy:
      'Task 2: one row, one object › gives the same objects for the same rows, query after query',
    why: 'This is stage 04 again: a map that is only written and never asked. Two parts of the program have two objects for one row, each with its own changes, and the one that is saved last wins.',
    ask: 'Your code puts every object into the map. Show me the line that takes one out of it. Which rows come to that line?',
  },
  {
    name: 'overwrites-with-every-row',
    file: 'session/materialize.ts',
    find: 'if (isFresh || stateOf(object).isExpired) overwrite',
    replace: 'overwrite',
    caughtBy:
      'Task 2: one row, one object › a row that is read again › does not overwrite what the program has changed',
    why: 'Any query may meet the row of an object that somebody is working on. If reading overwrites, a list in the sidebar undoes what a form has changed a line above, and no error tells. Reading again has to be asked for: refresh.',
    ask: "A form sets bob.name = 'Robert', and then a list of all users is loaded for the page. What is bob.name afterwards, and in which line was it decided?",
  },
  {
    name: 'overwrites-what-nobody-changed',
    file: 'session/materialize.ts',
    find: 'if (isFresh || stateOf(object).isExpired) overwrite',
    replace:
      'const stored = hydrate(type.mapping.table, type, stateOf(object).row)\n    const isUnchanged = JSON.stringify(object) === JSON.stringify(stored)\n    if (isFresh || stateOf(object).isExpired || isUnchanged) overwrite',
    caughtBy:
      'Task 2: one row, one object › a row that is read again › does not change an object, even if somebody else has changed the row',
    why: 'To take the newer row where nothing was changed looks helpful. But then a list that is read for another reason changes an object under the hands of who works with it: a price is read, shown, and is another one in the next line. Reading again has to be asked for.',
    ask: 'A function reads user.name, calls another function that sends a query for a list, and reads user.name again. Which two names may it see with your code, and who asked for the second one?',
  },
  {
    name: 'never-overwrites',
    file: 'session/materialize.ts',
    find: 'if (isFresh || stateOf(object).isExpired) overwrite',
    replace: 'if (stateOf(object).isExpired) overwrite',
    caughtBy:
      'Task 2: one row, one object › a row that is read again › overwrites it when the query asks for fresh values',
    why: 'An object that is never overwritten grows old: another program has changed the row, and this one will not see it as long as the session lives. So there has to be a way to ask for fresh values. It is refresh, on one object or on a query.',
    ask: 'Another program has changed a row, and your user presses "reload": query(User).refresh(). What does your code do with the values that come in?',
  },
  {
    name: 'leaves-expired-objects-expired',
    file: 'session/materialize.ts',
    find: 'if (isFresh || stateOf(object).isExpired) overwrite',
    replace: 'if (isFresh) overwrite',
    caughtBy:
      'Task 2: one row, one object › a row that is read again › overwrites an object that has expired',
    why: 'An expired object has nothing to lose: its values are known to be old. If a query brings its row, that row is the new truth, and the statement that the next touch would send is saved.',
    ask: 'An object has expired, and a query has just read its row. What will the next touch of a property send, and what could it have known already?',
  },
  {
    name: 'asks-the-database-first',
    file: 'session/find.ts',
    find: '  if (known) return known instanceof type ? known : undefined\n',
    replace: '',
    caughtBy: 'Task 3: ask the map first › finds the same object twice, and asks the database once',
    why: 'The object is the same in the end, because the row goes through the map. But the statement was sent for nothing. A key names one row, and the map knows whether that row is there: ask it before the database.',
    ask: 'Count the statements of find(User, 1), find(User, 1). What did the second one tell you that you did not know?',
  },
  {
    name: 'remembers-that-there-is-none',
    file: 'session/find.ts',
    find: 'return home.materialize(type, selectByKey(type, key, home.connection))[0]',
    replace: `const missed: Set<unknown> = ((home as { missed?: Set<unknown> }).missed ??= new Set())
  const [found] = missed.has(keyOfValues(key))
    ? []
    : home.materialize(type, selectByKey(type, key, home.connection))
  if (!found) missed.add(keyOfValues(key))
  return found`,
    caughtBy:
      'Task 3: ask the map first › gives undefined for a row that is not there, and asks again the next time',
    why: 'The map remembers objects, and a row that is not there has none. To remember "there is none" looks like a saving, until somebody inserts the row: the session would deny it for the rest of its life.',
    ask: 'find(User, 4) found nothing. A second later somebody inserts the user 4. What does your session say at noon?',
  },
  {
    name: 'looks-for-null',
    file: 'session/find.ts',
    find: '  if (key.includes(null)) return undefined\n',
    replace: '',
    caughtBy: 'Task 3: ask the map first › finds nothing under null, and does not ask',
    why: 'No primary key holds NULL, so there is nothing to find, and `id = NULL` is true for no row anyway. The statement would be sent for nothing, in every loop over objects whose key is optional.',
    ask: 'Which rows of a table fit WHERE id = NULL? Then which statement do you send, and what for?',
  },
  {
    name: 'looks-for-null-in-the-first-part',
    file: 'session/find.ts',
    find: 'if (key.includes(null)) return undefined',
    replace: 'if (key[0] === null) return undefined',
    caughtBy: 'Task 3: ask the map first › finds nothing under null, and does not ask',
    why: 'A key of two columns names a row only if both have a value. With one of them NULL the condition is true for no row, so the statement is sent for nothing.',
    ask: 'A key is { postId: 2, tagId: null }. How many rows can it name, and what does your code do with it?',
  },
  {
    name: 'finds-nothing-under-zero',
    file: 'session/find.ts',
    find: 'if (key.includes(null)) return undefined',
    replace: 'if (key.some((part) => !part)) return undefined',
    caughtBy: 'Task 3: ask the map first › knows 0 and the empty text as keys',
    why: 'Null is the value that is no key. 0 and the empty text are values like any other, and a row may have them: who asks for anything false takes three things for one.',
    ask: 'Which values does JavaScript take for false? Go through them one by one: could a row have this for its key?',
  },
  {
    name: 'asks-for-another-class-again',
    file: 'session/find.ts',
    find: 'if (known) return known instanceof type ? known : undefined',
    replace: 'if (known instanceof type) return known',
    caughtBy:
      'Task 7: one hierarchy, one identity › identity › finds no employee under the key of a customer, read or not',
    why: 'The map has said it already: row 3 is a customer, so there is no employee with the key 3. Who asks the database all the same gets the same answer, and pays for it every time.',
    ask: 'The map has a customer under 3, and somebody asks for the employee 3. What do you know by then, without the database?',
  },
  {
    name: 'forgets-parts-of-the-key',
    file: 'session/find.ts',
    find: '    encode(column, Reflect.get(Object(key), column.property), dialect),',
    replace: '    encode(column, Reflect.get(Object(key), column.property) ?? null, dialect),',
    caughtBy: 'Task 3: ask the map first › refuses a forgotten key',
    why: 'undefined is a value that somebody forgot, and null is one that somebody wrote. Who turns the first into the second hides a bug: the find answers "not there", and the program goes on as if the row had been looked for.',
    ask: 'Somebody writes find(PostTag, { postId: 1 }) and has forgotten the other half. How does he find out with your code, and when?',
  },
  {
    name: 'sends-the-key-as-it-came',
    file: 'session/find.ts',
    find: 'return [encode(primaryKey[0]!, key, dialect)]',
    replace: 'return [key as Value]',
    caughtBy: 'Task 3: ask the map first › refuses a key of another type',
    why: "A key from a web page is a text. SQLite compares generously and finds the row of '1', the map does not, and so there are two answers to one question. The column knows what it takes: encode asks it.",
    ask: 'The id comes from an address in the browser. Which type has it there, and which line of yours would notice?',
  },
  {
    name: 'takes-the-values-in-their-order',
    file: 'session/find.ts',
    find: 'primaryKey.map((column) =>\n    encode(column, Reflect.get(Object(key), column.property), dialect),',
    replace:
      'primaryKey.map((column, i) =>\n    encode(column, Object.values(Object(key))[i], dialect),',
    caughtBy: 'Task 3: ask the map first › knows composite keys, text and 64 bits',
    why: 'The order in which somebody writes the properties of an object says nothing. { tagId: 1, postId: 2 } and { postId: 2, tagId: 1 } are the same key, so each value has to be fetched by the name of its property.',
    ask: 'Somebody writes find(PostTag, { tagId: 1, postId: 2 }). Which value does your code take for the column post_id?',
  },
  {
    name: 'hydrates-relations-past-the-map',
    file: 'relations/loader.ts',
    find: 'const objects = session.materialize(relation.target, rows)',
    replace: `const objects = rows.map((row) => {
    const [object] = session.materialize(relation.target, [row])
    return Object.create(object as Mapped) as Mapped
  })`,
    caughtBy:
      'Task 4: load relations through the map › gives the objects that are there already, eagerly',
    why: 'A map helps only if every door leads through it. A loader that makes its own objects gives a second Alice as the author of a post, and the change that is made to her there is not the change that is made here.',
    ask: 'You have a post at hand, and load its comments and their post with `with`. Is it the same object as yours? Follow a row through your function: who makes the object of it?',
  },
  {
    name: 'reads-over-what-was-changed',
    file: 'relations/loader.ts',
    find: 'session.materialize(relation.target, rows)',
    replace: 'session.materialize(relation.target, rows, { isFresh: true })',
    caughtBy:
      'Task 4: load relations through the map › does not overwrite what was changed, when an eager load reads the row again',
    why: 'A relation that is loaded reads rows like any query, and some of them belong to objects that somebody is working on. Nobody asked for fresh values here: the posts were asked for.',
    ask: 'You change the title of a post, and then load alice with her posts. What is the title afterwards, and which argument of yours decides that?',
  },
  {
    name: 'asks-for-what-it-knows',
    file: 'relations/loader.ts',
    find: 'const known = query ? [] : knownByKey(relation, keys, session)',
    replace: 'const known: Found[] = []',
    caughtBy:
      'Task 4: load relations through the map › sends nothing for an object that the map has under its key',
    why: 'belongsTo asks for an object by its primary key, and that is just what the map answers without a statement. Fifty posts of two authors need two statements for their authors even in a loop, because the third post finds its author at home.',
    ask: 'Bob is in the map. You touch the author of a post whose userId is 2. What is sent, and which of your functions could have said that it need not be?',
  },
  {
    name: 'takes-any-column-for-a-key',
    file: 'relations/loader.ts',
    find: '!to.isPrimaryKey || ',
    replace: '',
    caughtBy:
      'Task 4: load relations through the map › gives the objects that are there already, lazily',
    why: 'user.posts asks for posts by their user_id, and many posts may have the same. Who looks under that number in the map of posts finds the post 1 for the user 1, which is the post of anybody.',
    ask: 'Alice has the id 1, and you touch alice.posts. Which column is `to` in this relation, and what stands under 1 in the map of posts?',
  },
  {
    name: 'asks-with-the-value-of-the-program',
    file: 'relations/loader.ts',
    find: 'session.known(target, encode(to, key, session.connection.dialect))',
    replace: 'session.known(target, key as Value)',
    caughtBy:
      'Task 4: load relations through the map › asks the map for a key as the database has it',
    why: 'The map goes by rows, and so its keys are values as the database has them. A Date in the program is a text in SQLite: under the Date nothing will ever be found, and a statement is sent each time for what is known.',
    ask: 'Suppose that the key of a table is a timestamp. What does the row hold for it, what does the object hold, and with which of the two did the object enter the map?',
  },
  {
    name: 'takes-a-junction-for-a-key',
    file: 'relations/loader.ts',
    find: 'if (junction || !to.isPrimaryKey',
    replace: 'if (!to.isPrimaryKey',
    caughtBy:
      'Task 4: load relations through the map › does not take the tag 2 for a tag of the post 2',
    why: 'Through a junction, the key that is asked for is that of the owner: the tags of post 2 are not tag 2. In posts_tags the column is part of a primary key, so it looks like one, but it is not the key of a tag.',
    ask: 'Post 2 has two tags, and its tags are loaded. Which number is the key that comes into your function: that of a post, or that of a tag?',
  },
  {
    name: 'gives-each-object-once',
    file: 'relations/loader.ts',
    find: 'const objects = session.materialize(relation.target, rows)',
    replace: 'const objects = [...new Set(session.materialize(relation.target, rows))]',
    caughtBy:
      'Task 4: load relations through the map › gives one tag to two posts, although the join brings its row twice',
    why: 'The join brings a tag once for each of its posts. It is one object, but there are two rows, and each says another owner: who throws the second one away takes the tag from a post, and gives the next tags to the wrong one.',
    ask: 'A join of two posts with one tag in common: how many rows come back, and how many objects are they? Who tells you to which post a row belongs, once you have fewer of one than of the other?',
  },
  {
    name: 'forgets-the-query-of-a-relation',
    file: 'relations/loader.ts',
    find: 'selectRelated(relation, batch, query)',
    replace: 'selectRelated(relation, batch)',
    caughtBy:
      'Task 4: load relations through the map › reads what the query of a relation asks for, and no more',
    why: 'with({ posts: (posts) => posts.where(…) }) asks for a part. Without the query every post comes, and the caller shows the drafts too.',
    ask: 'Somebody loads users with posts.where(published). Follow that condition from fetchRelated on: in which line of yours does it come into the statement?',
  },
  {
    name: 'sends-all-keys-at-once',
    file: 'relations/loader.ts',
    find: 'batchesOf(keys, roomForKeys(relation, connection, query))',
    replace: '[keys]',
    caughtBy:
      'Task 4: load relations through the map › takes several statements where one has no room for all keys',
    why: 'A database takes so many parameters in a statement, and no more. With three users nobody notices; with forty thousand the program stops with an error of the database.',
    ask: 'A statement takes 32,766 parameters in SQLite. Forty thousand users are loaded with their posts. How many question marks does your statement have?',
  },
  {
    name: 'groups-by-the-row',
    file: 'relations/loader.ts',
    find: 'if (!junction) return (object) => valueIn(object, to)',
    replace: 'if (!junction) return (_, row) => decode(to, row[to.index] ?? null)',
    caughtBy:
      'Task 4: load relations through the map › does not bring a child back that the program has given to somebody else',
    why: 'The row says that the post belongs to Alice. The program has given it to Bob a moment ago and not saved it yet. The object is right, and the row is old: who groups by the row brings the post back to Alice, and one object shows in two places.',
    ask: 'The row says user_id 1, and the program has set post.userId = 2 and not saved it. Whose post is it for the program, and which of the two does your code ask?',
  },
  {
    name: 'takes-any-session',
    file: 'session/states.ts',
    find: '  if (session && session !== workspace) throw new OtherSessionError(object)\n',
    replace: '',
    caughtBy: 'Task 5: come and go › does not share an object between two sessions',
    why: 'Two sessions that hold one object break the promise from the other side: each keeps its own map, its own snapshot and its own idea of what has changed. One writes, and the other one writes again.',
    ask: 'Two sessions hold one user, and each calls save after a change. Which snapshot does the second UPDATE compare with, and where did it get it?',
  },
  {
    name: 'writes-what-was-deleted',
    file: 'session/states.ts',
    find: "  if (status === 'deleted') throw new ObjectStateError('save', object, status, makeNew)\n",
    replace: '',
    caughtBy: 'Task 5: come and go › save › refuses what was deleted',
    why: 'The row was ended, and save makes a new one with the old key, without a word. Perhaps it was meant, but more often two parts of a program do not know of each other. The error makes somebody decide.',
    ask: 'One part of a program deletes a tag, another one still holds it and saves it. Which statement is sent in the end, and did anybody want it?',
  },
  {
    name: 'takes-back-a-second-object',
    file: 'session/states.ts',
    find: `  if (workspace.objects.of(root.table).get(identityKey(root.table, stateOf(object).row)))
    throw new DuplicateObjectError(object)
`,
    replace: '',
    caughtBy:
      'Task 5: come and go › expunge › cannot be taken back when the session has another object for the row',
    why: 'While the object was away, the row was loaded again. To put the old object into the map throws the new one out of it, and whoever holds the new one has a ghost: its changes go nowhere. There is no right answer for a program to guess, so ask.',
    ask: 'Alice is expunged, found again, and then the first Alice is saved. How many objects does the program hold for the row now, and which one does the map give?',
  },
  {
    name: 'takes-back-by-the-key-of-the-object',
    file: 'session/states.ts',
    find: 'identityKey(root.table, stateOf(object).row)))',
    replace:
      'identityKey(\n      root.table,\n      root.columns.map(({ property }) => Reflect.get(object, property)),\n    )))',
    caughtBy:
      'Task 5: come and go › expunge › can be taken back by its row only, and not by a key that was changed since',
    why: 'Which row an object stands for is said by its snapshot. What stands in user.id may have been changed while the object was away, and then it is the key of somebody else: the session would refuse the object for a twin that it has not.',
    ask: 'Alice is detached, and somebody sets alice.id = 2. For which row of the database does the object stand now? Where is that written down?',
  },
  {
    name: 'enters-before-it-asks',
    file: 'session/states.ts',
    find: `  if (workspace.objects.of(root.table).get(identityKey(root.table, stateOf(object).row)))
    throw new DuplicateObjectError(object)
  enter(object, workspace)
`,
    replace: `  const other = workspace.objects.of(root.table).get(identityKey(root.table, stateOf(object).row))
  enter(object, workspace)
  if (other) throw new DuplicateObjectError(object)
`,
    caughtBy:
      'Task 5: come and go › expunge › cannot be taken back when the session has another object for the row',
    why: 'The error comes, and the harm is done before it: the map has the refused object now, and the one that the program works with is a ghost. Ask first, and change something only when nothing can be refused any more.',
    ask: 'Your test shows the error that it should. Ask the session for the user 1 after the error: which of the two objects does it give?',
  },
  {
    name: 'forgets-to-enter-what-it-inserts',
    file: 'session/states.ts',
    find: '  workspace.objects.of(root.table).set(identityKey(root.table, state.row), object)\n',
    replace: '',
    caughtBy: 'Task 5: come and go › save › inserts a new object, which is in the map from then on',
    why: 'Rows come into a session by two doors: they are read, or they are written. Who watches the first one only gets a second object for every row that the program has made itself.',
    ask: 'A new user was saved and has the id 4. What does find(User, 4) send, and is the answer the object that you saved?',
  },
  {
    name: 'keeps-what-was-deleted',
    file: 'session/states.ts',
    find: '  objects.of(root.table).delete(identityKey(root.table, state.row))\n',
    replace: '',
    caughtBy: 'Task 5: come and go › delete › ends the row, and the map forgets it',
    why: 'The row is gone, and the map still answers for it. find() gives an object that no row stands behind, and the first who saves it hears that the row was lost.',
    ask: 'After delete, what does find give for the same key? Where does it get that from?',
  },
  {
    name: 'looks-for-the-key-in-the-object',
    file: 'session/states.ts',
    find: 'objects.of(root.table).delete(identityKey(root.table, state.row))',
    replace: `const properties = object as unknown as Record<string, number>
  objects.of(root.table).delete(properties[root.table.primaryKey[0]!.property]!)`,
    caughtBy:
      'Task 5: come and go › expunge › goes by the row, and not by a key that was changed since',
    why: 'The program may have set user.id to anything. The map has the object under the key of its row, and that is in the snapshot: who looks under the new key leaves the entry behind.',
    ask: 'Somebody has set alice.id = 7. Under which key is Alice in the map, and under which one does leave look?',
  },
  {
    name: 'looks-in-the-table-of-the-class',
    file: 'session/states.ts',
    find: 'objects.of(root.table).delete(',
    replace: 'objects.of(mappingOf(object).table).delete(',
    caughtBy: 'Task 7: one hierarchy, one identity › writing › ends a row from below',
    why: 'enter put Max under the table of all people. leave looks for him under the managers, finds nothing to delete, and says nothing: a Map does not mind. The map then answers for a row that is gone.',
    ask: 'Max is a manager. Into the map of which table did enter put him, and out of which one does leave take him?',
  },
  {
    name: 'empties-only-the-map',
    file: 'session/states.ts',
    find: '  for (const object of workspace.objects) Object.assign(stateOf(object), detached)\n',
    replace: '',
    caughtBy: 'Task 5: come and go › forgets everything on clear',
    why: 'The map forgets the objects, and the objects do not know it. They still load through a session that has no place for them, and save into it: after the next find there are two objects for one row, and both believe that they are the one.',
    ask: 'After clear() you touch user.posts of an object that you still hold. What happens with your code, and what should the object have been told?',
  },
  {
    name: 'forgets-the-objects-first',
    file: 'session/states.ts',
    find: '  for (const object of workspace.objects) Object.assign(stateOf(object), detached)\n  workspace.objects.clear()\n',
    replace:
      '  workspace.objects.clear()\n  for (const object of workspace.objects) Object.assign(stateOf(object), detached)\n',
    caughtBy: 'Task 5: come and go › forgets everything on clear',
    why: 'The loop goes over the map, and the map is empty by then: nobody is told. Both lines are right, and their order is not.',
    ask: 'Put console.log into your loop and call clear() with three users in the map. How often does it print?',
  },
  {
    name: 'holds-what-has-left',
    file: 'session/states.ts',
    find: `  held.delete(object)
`,
    replace: '',
    caughtBy:
      'Task 6: hold on weakly › a change keeps the object › until the session forgets the object',
    why: 'A weak session holds what may have changed until it is saved. An object that has left is never saved, so its hold must end here: otherwise everything that was ever changed and expunged stays in memory as long as the session.',
    ask: 'An object was changed and then expunged, in a weak session. Go through everything in the workspace that can lead to it: what still does?',
  },
  {
    name: 'leaves-the-session-in-the-object',
    file: 'session/states.ts',
    find: '  state.session = undefined\n',
    replace: '',
    caughtBy: 'Task 5: come and go › expunge › lets one object go: the next find makes another one',
    why: 'The map has forgotten the object, and the object has not forgotten the session: it says that it belongs there, and loads its relations through it. To leave has two ends, and both have to be cut.',
    ask: 'After expunge, ask both: does the session know the object, and does the object know the session? Which of your lines ends the second one?',
  },
  {
    name: 'holds-the-object-after-all',
    file: 'session/weak-objects.ts',
    find: 'this.#references.set(key, new WeakRef(object))',
    replace: 'this.#references.set(key, { deref: () => object } as unknown as WeakRef<Mapped>)',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › leave no entry behind when they are collected',
    why: 'One strong reference anywhere is enough to keep an object alive, and a function that mentions it is one. The WeakRef must be the only thing that leads from the map to the object.',
    ask: 'Draw an arrow from the map to everything that it reaches, through closures too. Is there a way to the object that does not go through a WeakRef?',
  },
  {
    name: 'leaves-empty-references-behind',
    file: 'session/weak-objects.ts',
    find: '    this.#cleanUp.register(object, key, object)\n',
    replace: '',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › leave no entry behind when they are collected',
    why: 'A WeakRef lets the object go, but not itself and not its key. After a million rows the map holds a million empty references: a leak that is slower than before, and harder to find. Somebody has to sweep, and a FinalizationRegistry says when.',
    ask: 'A million rows went through, and the objects are collected. What is the size of your Map?',
  },
  {
    name: 'unregisters-what-is-gone',
    file: 'session/weak-objects.ts',
    find: 'if (object) this.#cleanUp.unregister(object)',
    replace: 'this.#cleanUp.unregister(object as Mapped)',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › are gone as soon as they are collected, though their entries wait for the clean-up',
    why: 'Between the collection of an object and the clean-up of its entry there is a while, and deref() gives undefined in it. unregister(undefined) is a TypeError: a crash that comes only when the collector was quick.',
    ask: 'What does deref() give after the object was collected? And what does unregister say when it is given that?',
  },
  {
    name: 'deletes-only-what-lives',
    file: 'session/weak-objects.ts',
    find: 'if (object) this.#cleanUp.unregister(object)\n',
    replace: 'if (!object) return\n    this.#cleanUp.unregister(object)\n',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › are gone as soon as they are collected, though their entries wait for the clean-up',
    why: 'The entry and its object are two things. That the object was collected is a reason not to unregister it, and no reason to keep the entry.',
    ask: 'The object was collected a moment ago, and somebody deletes its key. What is still in your map, and which line takes it out?',
  },
  {
    name: 'registers-without-a-token',
    file: 'session/weak-objects.ts',
    find: 'this.#cleanUp.register(object, key, object)',
    replace: 'this.#cleanUp.register(object, key)',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › are not waited for any more when they are taken out',
    why: 'A registration can be taken back by its token only. Without one, unregister finds nothing and says so in a boolean that nobody reads: every object that was ever entered and taken out is still waited for.',
    ask: 'unregister answers with a boolean. Print it in your delete. By what does it look for the registration?',
  },
  {
    name: 'sweeps-out-the-successor',
    file: 'session/weak-objects.ts',
    find: 'if (this.#references.get(key)?.deref() === undefined) this.#references.delete(key)',
    replace: 'this.#references.delete(key)',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › keep the entry of a new object when the old one of its key is collected',
    why: 'The registry speaks late: when it reports that the object of key 1 is gone, another one may stand under that key. Who deletes without looking throws out the living one, and the next find makes a second object.',
    ask: 'The first object of the key 1 is collected, a second one enters under 1, and only then the clean-up is called with 1. Which entry does your callback meet?',
  },
  {
    name: 'lets-changes-go',
    file: 'session/workspace.ts',
    find: "if (this.isWeak && stateOf(object).status === 'persistent') this.held.add(object)",
    replace: "if (this.isWeak && stateOf(object).status === 'pending') this.held.add(object)",
    caughtBy: 'Task 6: hold on weakly › a change keeps the object › until it is saved',
    why: 'An unsaved change is in the object and nowhere else. If the object is collected the change is gone, without an error, on a day that nobody can reproduce. What has changed must be held strongly until it is written.',
    ask: 'A user was renamed, nobody holds the object, and it is not saved yet. Name the places where the new name is written down. What keeps them alive?',
  },
  {
    name: 'watches-only-what-was-read',
    file: 'session/states.ts',
    find: `  if (workspace.isWeak) watch(table, object)
`,
    replace: '',
    caughtBy:
      'Task 6: hold on weakly › a change keeps the object › also in an object that was new a moment ago',
    why: 'Objects come in by two doors, and both need the accessors. Without them nobody hears of a change in an object that the program made itself: the collector takes it, and the change with it.',
    ask: 'In a weak session, a user is made with new, saved, and then renamed. Who tells the session of the new name? Who tells it for a user that was found?',
  },
  {
    name: 'makes-all-of-the-class-asked-for',
    file: 'session/row-reader.ts',
    find: 'members.map((member) => [member.mapping.word, memberReader(member, type)])',
    replace: 'members.map((member) => [member.mapping.word, memberReader(type, type)])',
    caughtBy:
      'Task 7: one hierarchy, one identity › a query for the class at the top › gives each row as its class, in one statement',
    why: 'What was asked for says which rows are wanted. What a row is, the row itself says, in its discriminator. A query for people gives employees too, and an employee who comes as a plain person has lost her salary and her methods.',
    ask: 'A query for Person brings the row of Eve. Where does it say that she is an employee, and does your reader look there?',
  },
  {
    name: 'reads-the-classes-below-only',
    file: 'session/row-reader.ts',
    find: 'const members = [type, ...subclassesOf(type)]',
    replace: 'const members = subclassesOf(type)',
    caughtBy:
      'Task 7: one hierarchy, one identity › a query for the class at the top › gives each row as its class, in one statement',
    why: 'Pat is a person and nothing more: the class that was asked for has rows of its own, and a word of its own. subclassesOf gives those below it.',
    ask: 'Write down the words that your readers know in a query for people. Which words stand in the column type of the table?',
  },
  {
    name: 'takes-the-name-of-the-class-for-its-word',
    file: 'session/row-reader.ts',
    find: '[member.mapping.word, memberReader(member, type)]',
    replace: '[member.name.toLowerCase(), memberReader(member, type)]',
    caughtBy:
      'Task 7: one hierarchy, one identity › a query for the class at the top › gives each row as its class, in one statement',
    why: 'Often the word is the name of the class in small letters. It need not be: the rows were there before the class was renamed, and a minifier renames all of them. The declaration says the word.',
    ask: 'Which word stands in the rows of customers? Look into the table, and then at the line that makes your Map.',
  },
  {
    name: 'takes-columns-by-their-place',
    file: 'session/row-reader.ts',
    find: 'row: layout.map((place) => row[place] ?? null)',
    replace: 'row: layout.map((_, place) => row[place] ?? null)',
    caughtBy:
      'Task 7: one hierarchy, one identity › a query for the class at the top › fills the columns of each class, and no others',
    why: 'The row of a polymorphic query holds the columns of all classes, one behind the other. A customer finds its own behind those of the employees. Who counts from the left reads the salary as the credit.',
    ask: 'Write the columns of the SELECT for Person side by side. At which place does the credit of a customer stand, and at which one does your reader look?',
  },
  {
    name: 'falls-back-to-the-top',
    file: 'session/row-reader.ts',
    find: 'const read = readers.get(word)\n',
    replace: 'const read = readers.get(word) ?? memberReader(type, type)\n',
    caughtBy:
      'Task 7: one hierarchy, one identity › says so when a row is of a class that nobody declared',
    why: 'A word that nobody knows is a file that was not imported, or a row of another program. To make a plain person of it looks friendly: the object lacks half of its columns, and somebody saves it.',
    ask: 'A row says robot, and no class has that word. What object does your code make of it, and what is in the row after somebody has saved that object?',
  },
  {
    name: 'fills-an-object-of-another-class',
    file: 'session/materialize.ts',
    find: '  if (type !== typeOf(object)) throw new ClassChangeError(object, type)\n',
    replace: '',
    caughtBy:
      'Task 7: one hierarchy, one identity › identity › ends when another program makes something else of the row',
    why: 'Another program made a customer of an employee. The object is an employee for ever, with the methods and the columns of one: filled from the row of a customer, her salary would be his credit.',
    ask: 'Eve is an Employee in your memory, and another program writes "client" into the type of her row. Then a query reads it again. Which columns has the row, and which has the object?',
  },
  {
    name: 'keys-by-the-class-asked-for',
    file: 'session/find.ts',
    find: 'home.objects.of(type.mapping.root.table)',
    replace: 'home.objects.of(type.mapping.table)',
    caughtBy:
      'Task 7: one hierarchy, one identity › identity › is that of the class at the top: a row is one object whatever it is asked as',
    why: 'The source of many second objects: the key (Manager, 4) is not the key (Person, 4), but both are one row. So a map goes by the class at the top, whatever class was asked for.',
    ask: 'You ask for Person 4 and then for Manager 4. Into which map of which table did the first one go, and in which one do you look for the second?',
  },
]
