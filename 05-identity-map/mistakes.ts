import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'takes-the-first-column-for-the-key',
    file: 'session/identity-key.ts',
    find: 'return compositeKey(primaryKey.map(({ index }) => row[index] ?? null))',
    replace: 'return keyOf(row[primaryKey[0]!.index] ?? null)',
    caughtBy: 'Task 1: give every row a key › can be the key of a Map',
    why: 'A junction row is told apart by two columns. Who takes the first one only has one object for all tags of a post, and every one of them but the first vanishes without an error.',
  },
  {
    name: 'takes-the-first-columns-of-the-row',
    file: 'session/identity-key.ts',
    find: 'primaryKey.map(({ index }) => row[index] ?? null)',
    replace: 'primaryKey.map((_, i) => row[i] ?? null)',
    caughtBy:
      'Task 1: give every row a key › takes the columns of the key, wherever they stand in the row',
    why: 'In most tables the key stands first, so counting from the left works for years. Then a table has its key in the second and the fourth column, and two rows with the same price are one object. A column knows its place: index.',
  },
  {
    name: 'keys-by-an-array',
    file: 'session/identity-key.ts',
    find: 'const compositeKey = (values: readonly Value[]) => JSON.stringify(values.map(part))',
    replace:
      'const compositeKey = (values: readonly Value[]) => values.map(part) as unknown as string',
    caughtBy: 'Task 1: give every row a key › can be the key of a Map',
    why: 'A Map compares objects by identity, and an array is an object: two arrays with the same numbers are two keys. Python can take a tuple for a key because tuples are compared by their content. JavaScript has no such thing, so the parts become one text.',
  },
  {
    name: 'joins-the-parts-by-a-dash',
    file: 'session/identity-key.ts',
    find: 'JSON.stringify(values.map(part))',
    replace: "values.map((value) => JSON.stringify(part(value)).replaceAll('\"', '')).join('-')",
    caughtBy: 'Task 1: give every row a key › keeps the parts of a composite key apart',
    why: "Whatever stands between the parts can stand inside of them too: ['1-2', '3'] and ['1', '2-3'] are one text then, and two rows are one object. JSON quotes its texts, so where a part ends is never in doubt.",
  },
  {
    name: 'keeps-1-and-1n-apart',
    file: 'session/identity-key.ts',
    find: "if (typeof value === 'bigint') return narrow(value)",
    replace: "if (typeof value === 'bigint') return value",
    caughtBy:
      'Task 1: give every row a key › takes 1 and 1n for one key, because one driver sends this and another one that',
    why: 'A whole number is one number, whether it comes as number or as bigint: that depends on the driver and on the size. A Map keeps 1 and 1n apart, so the same row would get a second object.',
  },
  {
    name: 'makes-every-bigint-a-number',
    file: 'session/identity-key.ts',
    find: 'return Number.isSafeInteger(number) ? number : value',
    replace: 'return number',
    caughtBy: 'Task 1: give every row a key › keeps large numbers apart that are one as a double',
    why: 'Above 2^53 a double cannot hold every whole number: 9007199254740993 becomes 9007199254740992. Two rows with neighbouring keys would be one object, and the second one would show, and save, the first.',
  },
  {
    name: 'makes-a-new-object-every-time',
    file: 'session/materialize.ts',
    find: 'if (!object) return enter',
    replace: 'if (!object || !isFresh) return enter',
    caughtBy:
      'Task 2: one row, one object › gives the same objects for the same rows, query after query',
    why: 'This is stage 04 again: a map that is only written and never asked. Two parts of the program have two objects for one row, each with its own changes, and the one that is saved last wins.',
  },
  {
    name: 'overwrites-with-every-row',
    file: 'session/materialize.ts',
    find: 'if (isFresh || stateOf(object).isExpired) overwrite',
    replace: 'overwrite',
    caughtBy:
      'Task 2: one row, one object › a row that is read again › does not overwrite what the program has changed',
    why: 'Any query may meet the row of an object that somebody is working on. If reading overwrites, a list in the sidebar undoes what a form has changed a line above, and no error tells. Reading again has to be asked for: refresh.',
  },
  {
    name: 'never-overwrites',
    file: 'session/materialize.ts',
    find: 'if (isFresh || stateOf(object).isExpired) overwrite',
    replace: 'if (stateOf(object).isExpired) overwrite',
    caughtBy:
      'Task 2: one row, one object › a row that is read again › overwrites it when the query asks for fresh values',
    why: 'An object that is never overwritten grows old: another program has changed the row, and this one will not see it as long as the session lives. So there has to be a way to ask for fresh values. It is refresh, on one object or on a query.',
  },
  {
    name: 'leaves-expired-objects-expired',
    file: 'session/materialize.ts',
    find: 'if (isFresh || stateOf(object).isExpired) overwrite',
    replace: 'if (isFresh) overwrite',
    caughtBy:
      'Task 2: one row, one object › a row that is read again › overwrites an object that has expired',
    why: 'An expired object has nothing to lose: its values are known to be old. If a query brings its row, that row is the new truth, and the statement that the next touch would send is saved.',
  },
  {
    name: 'asks-the-database-first',
    file: 'session/find.ts',
    find: '  if (known) return known instanceof type ? known : undefined\n',
    replace: '',
    caughtBy: 'Task 3: ask the map first › finds the same object twice, and asks the database once',
    why: 'The object is the same in the end, because the row goes through the map. But the statement was sent for nothing. A key names one row, and the map knows whether that row is there: ask it before the database.',
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
  },
  {
    name: 'looks-for-null',
    file: 'session/find.ts',
    find: '  if (key.includes(null)) return undefined\n',
    replace: '',
    caughtBy: 'Task 3: ask the map first › finds nothing under null, and does not ask',
    why: 'No primary key holds NULL, so there is nothing to find, and `id = NULL` is true for no row anyway. The statement would be sent for nothing, in every loop over objects whose key is optional.',
  },
  {
    name: 'looks-for-null-in-the-first-part',
    file: 'session/find.ts',
    find: 'if (key.includes(null)) return undefined',
    replace: 'if (key[0] === null) return undefined',
    caughtBy: 'Task 3: ask the map first › finds nothing under null, and does not ask',
    why: 'A key of two columns names a row only if both have a value. With one of them NULL the condition is true for no row, so the statement is sent for nothing.',
  },
  {
    name: 'asks-for-another-class-again',
    file: 'session/find.ts',
    find: 'if (known) return known instanceof type ? known : undefined',
    replace: 'if (known instanceof type) return known',
    caughtBy:
      'Task 7: one hierarchy, one identity › identity › finds no employee under the key of a customer, read or not',
    why: 'The map has said it already: row 3 is a customer, so there is no employee with the key 3. Who asks the database all the same gets the same answer, and pays for it every time.',
  },
  {
    name: 'forgets-parts-of-the-key',
    file: 'session/find.ts',
    find: '    encode(column, Reflect.get(Object(key), column.property), dialect),',
    replace: '    encode(column, Reflect.get(Object(key), column.property) ?? null, dialect),',
    caughtBy: 'Task 3: ask the map first › refuses a forgotten key',
    why: 'undefined is a value that somebody forgot, and null is one that somebody wrote. Who turns the first into the second hides a bug: the find answers "not there", and the program goes on as if the row had been looked for.',
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
  },
  {
    name: 'asks-for-what-it-knows',
    file: 'relations/loader.ts',
    find: 'const known = query ? [] : knownByKey(relation, keys, session)',
    replace: 'const known: Found[] = []',
    caughtBy:
      'Task 4: load relations through the map › sends nothing for an object that the map has under its key',
    why: 'belongsTo asks for an object by its primary key, and that is just what the map answers without a statement. Fifty posts of two authors need two statements for their authors even in a loop, because the third post finds its author at home.',
  },
  {
    name: 'takes-a-junction-for-a-key',
    file: 'relations/loader.ts',
    find: 'if (junction || !to.isPrimaryKey',
    replace: 'if (!to.isPrimaryKey',
    caughtBy:
      'Task 4: load relations through the map › does not take the tag 2 for a tag of the post 2',
    why: 'Through a junction, the key that is asked for is that of the owner: the tags of post 2 are not tag 2. In posts_tags the column is part of a primary key, so it looks like one, but it is not the key of a tag.',
  },
  {
    name: 'gives-each-object-once',
    file: 'relations/loader.ts',
    find: 'const objects = session.materialize(relation.target, rows)',
    replace: 'const objects = [...new Set(session.materialize(relation.target, rows))]',
    caughtBy:
      'Task 4: load relations through the map › gives one tag to two posts, although the join brings its row twice',
    why: 'The join brings a tag once for each of its posts. It is one object, but there are two rows, and each says another owner: who throws the second one away takes the tag from a post, and gives the next tags to the wrong one.',
  },
  {
    name: 'forgets-the-query-of-a-relation',
    file: 'relations/loader.ts',
    find: 'selectRelated(relation, batch, query)',
    replace: 'selectRelated(relation, batch)',
    caughtBy:
      'Task 4: load relations through the map › reads what the query of a relation asks for, and no more',
    why: 'with({ posts: (posts) => posts.where(…) }) asks for a part. Without the query every post comes, and the caller shows the drafts too.',
  },
  {
    name: 'sends-all-keys-at-once',
    file: 'relations/loader.ts',
    find: 'batchesOf(keys, roomForKeys(relation, connection, query))',
    replace: '[keys]',
    caughtBy:
      'Task 4: load relations through the map › takes several statements where one has no room for all keys',
    why: 'A database takes so many parameters in a statement, and no more. With three users nobody notices; with forty thousand the program stops with an error of the database.',
  },
  {
    name: 'groups-by-the-row',
    file: 'relations/loader.ts',
    find: 'if (!junction) return (object) => valueIn(object, to)',
    replace: 'if (!junction) return (_, row) => decode(to, row[to.index] ?? null)',
    caughtBy:
      'Task 4: load relations through the map › does not bring a child back that the program has given to somebody else',
    why: 'The row says that the post belongs to Alice. The program has given it to Bob a moment ago and not saved it yet. The object is right, and the row is old: who groups by the row brings the post back to Alice, and one object shows in two places.',
  },
  {
    name: 'takes-any-session',
    file: 'session/states.ts',
    find: '  if (session && session !== workspace) throw new OtherSessionError(object)\n',
    replace: '',
    caughtBy: 'Task 5: come and go › does not share an object between two sessions',
    why: 'Two sessions that hold one object break the promise from the other side: each keeps its own map, its own snapshot and its own idea of what has changed. One writes, and the other one writes again.',
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
  },
  {
    name: 'forgets-to-enter-what-it-inserts',
    file: 'session/states.ts',
    find: '  workspace.objects.of(root.table).set(identityKey(root.table, state.row), object)\n',
    replace: '',
    caughtBy: 'Task 5: come and go › save › inserts a new object, which is in the map from then on',
    why: 'Rows come into a session by two doors: they are read, or they are written. Who watches the first one only gets a second object for every row that the program has made itself.',
  },
  {
    name: 'keeps-what-was-deleted',
    file: 'session/states.ts',
    find: '  objects.of(root.table).delete(identityKey(root.table, state.row))\n',
    replace: '',
    caughtBy: 'Task 5: come and go › delete › ends the row, and the map forgets it',
    why: 'The row is gone, and the map still answers for it. find() gives an object that no row stands behind, and the first who saves it hears that the row was lost.',
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
  },
  {
    name: 'looks-in-the-table-of-the-class',
    file: 'session/states.ts',
    find: 'objects.of(root.table).delete(',
    replace: 'objects.of(mappingOf(object).table).delete(',
    caughtBy: 'Task 7: one hierarchy, one identity › writing › ends a row from below',
    why: 'enter put Max under the table of all people. leave looks for him under the managers, finds nothing to delete, and says nothing: a Map does not mind. The map then answers for a row that is gone.',
  },
  {
    name: 'empties-only-the-map',
    file: 'session/states.ts',
    find: '  for (const object of workspace.objects) Object.assign(stateOf(object), detached)\n',
    replace: '',
    caughtBy: 'Task 5: come and go › forgets everything on clear',
    why: 'The map forgets the objects, and the objects do not know it. They still load through a session that has no place for them, and save into it: after the next find there are two objects for one row, and both believe that they are the one.',
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
  },
  {
    name: 'holds-the-object-after-all',
    file: 'session/weak-objects.ts',
    find: 'this.#references.set(key, new WeakRef(object))',
    replace: 'this.#references.set(key, { deref: () => object } as unknown as WeakRef<Mapped>)',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › leave no entry behind when they are collected',
    why: 'One strong reference anywhere is enough to keep an object alive, and a function that mentions it is one. The WeakRef must be the only thing that leads from the map to the object.',
  },
  {
    name: 'leaves-empty-references-behind',
    file: 'session/weak-objects.ts',
    find: '    this.#cleanUp.register(object, key, object)\n',
    replace: '',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › leave no entry behind when they are collected',
    why: 'A WeakRef lets the object go, but not itself and not its key. After a million rows the map holds a million empty references: a leak that is slower than before, and harder to find. Somebody has to sweep, and a FinalizationRegistry says when.',
  },
  {
    name: 'unregisters-what-is-gone',
    file: 'session/weak-objects.ts',
    find: 'if (object) this.#cleanUp.unregister(object)',
    replace: 'this.#cleanUp.unregister(object as Mapped)',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › are gone as soon as they are collected, though their entries wait for the clean-up',
    why: 'Between the collection of an object and the clean-up of its entry there is a while, and deref() gives undefined in it. unregister(undefined) is a TypeError: a crash that comes only when the collector was quick.',
  },
  {
    name: 'registers-without-a-token',
    file: 'session/weak-objects.ts',
    find: 'this.#cleanUp.register(object, key, object)',
    replace: 'this.#cleanUp.register(object, key)',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › are not waited for any more when they are taken out',
    why: 'A registration can be taken back by its token only. Without one, unregister finds nothing and says so in a boolean that nobody reads: every object that was ever entered and taken out is still waited for.',
  },
  {
    name: 'sweeps-out-the-successor',
    file: 'session/weak-objects.ts',
    find: 'if (this.#references.get(key)?.deref() === undefined) this.#references.delete(key)',
    replace: 'this.#references.delete(key)',
    caughtBy:
      'Task 6: hold on weakly › the objects of a table › keep the entry of a new object when the old one of its key is collected',
    why: 'The registry speaks late: when it reports that the object of key 1 is gone, another one may stand under that key. Who deletes without looking throws out the living one, and the next find makes a second object.',
  },
  {
    name: 'lets-changes-go',
    file: 'session/workspace.ts',
    find: "if (this.isWeak && stateOf(object).status === 'persistent') this.held.add(object)",
    replace: "if (this.isWeak && stateOf(object).status === 'pending') this.held.add(object)",
    caughtBy: 'Task 6: hold on weakly › a change keeps the object › until it is saved',
    why: 'An unsaved change is in the object and nowhere else. If the object is collected the change is gone, without an error, on a day that nobody can reproduce. What has changed must be held strongly until it is written.',
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
  },
  {
    name: 'makes-all-of-the-class-asked-for',
    file: 'session/row-reader.ts',
    find: 'members.map((member) => [member.mapping.word, memberReader(member, type)])',
    replace: 'members.map((member) => [member.mapping.word, memberReader(type, type)])',
    caughtBy:
      'Task 7: one hierarchy, one identity › a query for the class at the top › gives each row as its class, in one statement',
    why: 'What was asked for says which rows are wanted. What a row is, the row itself says, in its discriminator. A query for people gives employees too, and an employee who comes as a plain person has lost her salary and her methods.',
  },
  {
    name: 'takes-the-name-of-the-class-for-its-word',
    file: 'session/row-reader.ts',
    find: '[member.mapping.word, memberReader(member, type)]',
    replace: '[member.name.toLowerCase(), memberReader(member, type)]',
    caughtBy:
      'Task 7: one hierarchy, one identity › a query for the class at the top › gives each row as its class, in one statement',
    why: 'Often the word is the name of the class in small letters. It need not be: the rows were there before the class was renamed, and a minifier renames all of them. The declaration says the word.',
  },
  {
    name: 'takes-columns-by-their-place',
    file: 'session/row-reader.ts',
    find: 'row: layout.map((place) => row[place] ?? null)',
    replace: 'row: layout.map((_, place) => row[place] ?? null)',
    caughtBy:
      'Task 7: one hierarchy, one identity › a query for the class at the top › fills the columns of each class, and no others',
    why: 'The row of a polymorphic query holds the columns of all classes, one behind the other. A customer finds its own behind those of the employees. Who counts from the left reads the salary as the credit.',
  },
  {
    name: 'falls-back-to-the-top',
    file: 'session/row-reader.ts',
    find: 'const read = readers.get(word)\n',
    replace: 'const read = readers.get(word) ?? memberReader(type, type)\n',
    caughtBy:
      'Task 7: one hierarchy, one identity › says so when a row is of a class that nobody declared',
    why: 'A word that nobody knows is a file that was not imported, or a row of another program. To make a plain person of it looks friendly: the object lacks half of its columns, and somebody saves it.',
  },
  {
    name: 'keys-by-the-class-asked-for',
    file: 'session/find.ts',
    find: 'home.objects.of(type.mapping.root.table)',
    replace: 'home.objects.of(type.mapping.table)',
    caughtBy:
      'Task 7: one hierarchy, one identity › identity › is that of the class at the top: a row is one object whatever it is asked as',
    why: 'The source of many second objects: the key (Manager, 4) is not the key (Person, 4), but both are one row. So a map goes by the class at the top, whatever class was asked for.',
  },
]
