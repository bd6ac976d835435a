import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'sends-every-column',
    file: 'session/change-set.ts',
    find: '    if (isStored(column, value, stored)) continue\n    const now = encode(column, value, dialect)\n    if (!isSame(column, now, stored)) assignments',
    replace:
      '    const now = encode(column, value, dialect)\n    if (stored !== undefined) assignments',
    caughtBy:
      'Task 1: find out what has changed › names the column that differs from the snapshot, with both values',
    why: 'An UPDATE of all columns writes back what this session read a while ago, and with it what somebody else has changed meanwhile. Two people edit two fields of one user, and one of them loses. Only what differs from the snapshot is yours to write.',
    ask: 'You change the age of Bob, and a colleague changed his name in the database a minute ago. What does your UPDATE say about the name?',
  },
  {
    name: 'compares-by-identity',
    file: 'session/change-set.ts',
    find: '    if (!isSame(column, now, stored)) assignments',
    replace: '    if (now !== stored) assignments',
    caughtBy:
      'Task 1: find out what has changed › inside a value › sees no change in a new Date of the same moment, or in JSON with its keys in another order',
    why: 'Two arrays of the same bytes are two objects to `===`, and two texts of JSON may say the same in another order. Compared by identity such a column is dirty for ever, and every flush sends an UPDATE that changes nothing.',
    ask: 'What is Uint8Array.of(1, 2) === Uint8Array.of(1, 2)? And what does that say about a photo that nobody has touched?',
  },
  {
    name: 'compares-the-property-with-the-row',
    file: 'session/change-set.ts',
    find: '    if (isStored(column, value, stored)) continue\n    const now = encode(column, value, dialect)\n',
    replace: '    const now = encode(column, value, dialect) && (value as Value)\n',
    caughtBy: 'Task 1: find out what has changed › compares what the database would get',
    why: 'The program holds true, the row holds 1. Whoever compares the two without converting finds that everything differs from everything. The snapshot is in the language of the database, so translate first.',
    ask: 'Print the property and the value in `row` for post.published side by side. Which of them is in the language of the program?',
  },
  {
    name: 'assigns-the-property',
    file: 'session/change-set.ts',
    find: 'assignments.push({ column, value: now })',
    replace: 'assignments.push({ column, value: value as Value })',
    caughtBy: 'Task 1: find out what has changed › compares what the database would get',
    why: 'What goes into the statement is what the database understands. The property is in the language of the program: true, a Date, an object. You have the translation in your hand, so pass it on.',
    ask: 'post.published is false. What does the row of the database hold for false, and which of your two variables is that?',
  },
  {
    name: 'lets-the-key-change',
    file: 'session/change-set.ts',
    find: 'if (column.isPrimaryKey || column.discriminator)',
    replace: 'if (column.discriminator)',
    caughtBy: 'Task 1: find out what has changed › what is refused › is another key',
    why: 'The identity map knows the object under its old key. With another key the object would stand for one row and be found as another; and rows that point to the old key would be left behind. A new key is a new row.',
    ask: 'user.id was 2 and is 7 now. Under which number does the identity map know the object, and which row will your UPDATE meet?',
  },
  {
    name: 'lets-the-class-change',
    file: 'session/change-set.ts',
    find: 'if (column.isPrimaryKey || column.discriminator)',
    replace: 'if (column.isPrimaryKey)',
    caughtBy: 'Task 1: find out what has changed › what is refused › is another class',
    why: 'The discriminator says what a row is. With another word in it the next session makes another class of the row, with columns that were never filled, while this one goes on with an object of the old class.',
    ask: "Pat is a Person, and somebody writes pat.type = 'manager'. Which methods has Pat now, and what will the next session make of the row?",
  },
  {
    name: 'believes-the-object-more-than-the-key',
    file: 'session/change-set.ts',
    find: 'column.isVersion || (value === undefined && open?.has(column))',
    replace: 'column.isVersion || open?.has(column)',
    caughtBy:
      'Task 1: find out what has changed › counts a foreign key that was set by hand more than an object whose key is still to come',
    why: 'A reference only stands in for a key that nobody knows. When the program has written a key into the property since, it has decided again. Whoever passes the column over loses that key: no UPDATE is sent, and nobody hears of it.',
    ask: 'A post gets a new author, and then somebody writes post.userId = 3. What did the program say last, and what does your code send?',
  },
  {
    name: 'counts-a-version-as-a-change',
    file: 'session/change-set.ts',
    find: 'column.isVersion || (value',
    replace: '(value',
    caughtBy:
      'Task 1: find out what has changed › takes no notice of a version that was set by hand: the session counts it',
    why: 'The version belongs to the session: it is read, compared and counted up with each UPDATE. A number that the program puts there is no change of the object, and must not be sent.',
    ask: 'Who counts the version up, and in which function? What comes out if the program does it as well?',
  },
  {
    name: 'passes-over-undefined',
    file: 'session/change-set.ts',
    find: '(value === undefined && open?.has(column))',
    replace: 'value === undefined',
    caughtBy:
      'Task 1: find out what has changed › what is refused › is undefined, which is no value',
    why: 'undefined waits for something only where a new parent stands for the key. Everywhere else somebody has forgotten a value, and whoever passes over it keeps the old one in the row without a word.',
    ask: 'In which single case is it right that a property is undefined when a flush comes? What does your code do in all the other ones?',
  },
  {
    name: 'encodes-what-is-still-to-come',
    file: 'session/change-set.ts',
    find: 'if (column.isVersion || (value === undefined && open?.has(column))) continue',
    replace: 'if (column.isVersion) continue',
    caughtBy:
      'Task 1: find out what has changed › knows that a foreign key will change whose value does not exist yet',
    why: 'A post with a new author has no userId yet, and this is no mistake of the program: the key comes into being with the INSERT of the author. Such a column is left to the references.',
    ask: 'A post gets an author who is not stored yet. What is post.userId at this moment, and who knows which value it will have?',
  },
  {
    name: 'takes-the-first-column-for-the-key',
    file: 'session/change-set.ts',
    find: 'if (column.isPrimaryKey || column.discriminator)',
    replace: 'if (column.index === 0 || column.discriminator)',
    caughtBy:
      'Task 1: find out what has changed › what is refused › is another key, wherever it stands among the columns',
    why: 'Most tables begin with their key, and no rule says so. The declaration knows which columns are the key; the place of a column knows nothing.',
    ask: 'Look at the table of tags in the models: which column stands first in it? And which one is the key?',
  },
  {
    name: 'looks-only-at-the-first-part-of-the-key',
    file: 'session/change-set.ts',
    find: 'if (column.isPrimaryKey || column.discriminator)',
    replace: 'if (column === mappingOf(object).table.primaryKey[0] || column.discriminator)',
    caughtBy:
      'Task 1: find out what has changed › what is refused › is another part of a key of two columns',
    why: 'A key of two columns is both of them. A pair of post 2 and tag 1 that becomes one of post 2 and tag 3 is another row, and the identity map goes on giving it for the old one.',
    ask: 'A row of posts_tags has post 2 and tag 1, and somebody writes pair.tagId = 3. Under which key has the map this object, and which line of yours hears of it?',
  },
  {
    name: 'walks-past-a-circle',
    file: 'session/commit-order.ts',
    find: 'throw new CircularDependencyError(this.#circleFrom(item))',
    replace: 'return',
    caughtBy:
      'Task 2: put the changes in order › a circle › is an error that holds the circle, without what leads to it',
    why: 'To meet somebody on the way who is waiting already means that there is no right order. Whoever walks on gives a wrong one, without a word, and the database complains later about a row that nobody knows. Say it here, and say who is part of the circle.',
    ask: 'a needs b, and b needs a. Follow your code with a pencil: what does it do when it meets a for the second time, and what comes out?',
  },
  {
    name: 'takes-a-diamond-for-a-circle',
    file: 'session/commit-order.ts',
    find: '    if (this.#done.has(item)) return\n    if (this.#waiting.has(item)) throw',
    replace: '    if (this.#waiting.has(item) || this.#done.has(item)) throw',
    caughtBy: 'Task 2: put the changes in order › does not take two ways to one item for a circle',
    why: 'A post and a comment of the same author both need the author. To meet somebody again who is done is the normal case; only somebody who is still waiting closes a circle.',
    ask: 'A post and a comment both need the same user. Your walk meets the user for the second time: is he still waiting for something?',
  },
  {
    name: 'writes-down-before-its-needs',
    file: 'session/commit-order.ts',
    find: '    this.#waiting.add(item)\n    this.#steps.push',
    replace: '    this.#done.add(item)\n    this.#steps.push',
    caughtBy: 'Task 2: put the changes in order › follows needs of needs',
    why: 'An item is done after everything that it needs, not when it is met for the first time. Written down at once, the child stands before its parent, which is the order that you had.',
    ask: 'c needs b, and b needs a. In which order does your code put the three into `done`, and when exactly?',
  },
  {
    name: 'walks-by-recursion',
    file: 'session/commit-order.ts',
    find: '  const path = new Path(prerequisites, done)\n  for (const item of items) path.walk(item)\n',
    replace:
      '  const visit = (item: T): void => {\n    if (done.has(item)) return\n    for (const need of prerequisites(item)) visit(need)\n    done.add(item)\n  }\n  for (const item of items) visit(item)\n',
    caughtBy:
      'Task 2: put the changes in order › does not run out of stack in a chain of ten thousand',
    why: 'Recursion is the shortest way to write it down, and each step of the chain is one more frame on the stack of JavaScript, which has room for some thousands. A thread of comments can be longer. A list of your own grows as long as there is memory.',
    ask: 'A comment answers a comment answers a comment, ten thousand times. How many calls of your function are open at the deepest point, and where does JavaScript keep them?',
  },
  {
    name: 'asks-again-what-it-needs',
    file: 'session/commit-order.ts',
    find: '      if (step.next < step.needs.length) this.#enter(step.needs[step.next++]!)\n',
    replace:
      '      const needs = this.#prerequisites(step.item)\n      if (step.next < needs.length) this.#enter(needs[step.next++]!)\n',
    caughtBy: 'Task 2: put the changes in order › looks at each item once, however many need it',
    why: 'What an item needs does not change during the walk, and to find it out costs three look-ups for each row. Asked at every turn, a parent with a thousand children is worked out a thousand times.',
    ask: 'An item needs two hundred others. How often does your walk come back to it, and what does it ask each time?',
  },
  {
    name: 'moves-back-what-has-to-wait',
    file: 'session/commit-order.ts',
    find: '  const path = new Path(prerequisites, done)\n  for (const item of items) path.walk(item)\n',
    replace:
      '  const open = [...items]\n  while (open.length > 0) {\n    const i = open.findIndex((item) => prerequisites(item).every((need) => done.has(need)))\n    if (i < 0) throw new CircularDependencyError(open)\n    done.add(open.splice(i, 1)[0]!)\n  }\n',
    caughtBy: 'Task 2: put the changes in order › moves forward what is needed, and nothing else',
    why: 'Whoever takes the next one that is free lets a waiting item fall behind all the others. The order is right, and it is not the one that was asked for: what is needed moves forward, what waits keeps its place. And each search begins at the start of the list again.',
    ask: 'The list is a, post, b, user, c, and post needs user. Which letter changes its place in your result: the one that is needed, or the one that waits? And where does b end up?',
  },
  {
    name: 'names-the-way-to-the-circle',
    file: 'session/commit-order.ts',
    find: 'return items.slice(items.indexOf(item))',
    replace: 'return items.slice(0)',
    caughtBy:
      'Task 2: put the changes in order › a circle › is an error that holds the circle, without what leads to it',
    why: 'The path begins anywhere and only ends in the circle. Who reports the whole path accuses the innocent, and whoever looks for a column that can be left open looks at the wrong rows.',
    ask: 'start needs a, a needs b, b needs c, c needs a. Who waits for start? Then what has it to do in your list?',
  },
  {
    name: 'does-not-wait-for-parents',
    file: 'session/dependencies.ts',
    find: "dependency(this.#inserts.get(target), 'reference', column)",
    replace:
      "dependency(this.#inserts.get(change.object) && undefined, 'reference', column ?? target)",
    caughtBy:
      'Task 3: know who waits for whom › inserts rows of one table in the order in which they point to each other',
    why: 'The order of the tables brings users before posts, but an answer and its question are in one table. Order is a matter of rows: this comment waits for that one, because its foreign key is a key that does not exist yet.',
    ask: 'A new question and a new answer to it stand in one table, and neither has a key yet. Where does the answer hold its question, and which index did you ask for it?',
  },
  {
    name: 'knows-only-objects-as-parents',
    file: 'session/dependencies.ts',
    find: "      ...lookUp(this.#brought, heldIn(after, foreign), 'reference'),\n",
    replace: '',
    caughtBy: 'Task 3: know who waits for whom › knows a parent by the key that was given by hand',
    why: 'Not every program says `parent: question`. Some write `parentId: 20`, and the row 20 comes in the same flush. The value says who waits for whom as well as the object does.',
    ask: 'Somebody writes new Comment({ parentId: 20 }) and new Comment({ id: 20 }) into one flush. There is no object in parent. By what can you see who waits for whom?',
  },
  {
    name: 'brings-keys-by-inserts-only',
    file: 'session/dependencies.ts',
    find: 'if (keys.length > 0) add(',
    replace: "if (keys.length > 0 && change.kind === 'insert') add(",
    caughtBy:
      'Task 3: know who waits for whom › a unique column that others point to › gets its value before somebody points to it',
    why: 'A foreign key may point to any unique column, and such a column can be changed. Then an UPDATE brings the value that others point to.',
    ask: 'The seat 10 becomes the seat 11, and a ticket for 11 is written. Which statement brings the 11 into the world?',
  },
  {
    name: 'deletes-parents-first',
    file: 'session/dependencies.ts',
    find: "      ...lookUp(this.#released, heldIn(before, unique), 'pointed to'),\n",
    replace: '',
    caughtBy:
      'Task 3: know who waits for whom › deletes rows of one table from the end of the chain',
    why: 'For inserts the parent comes first, for deletes the child does. As long as one row points to another, the database does not let the other go.',
    ask: 'A question and its answer are deleted together. Which DELETE does the database take first? Then who has to look for whom in your `of`?',
  },
  {
    name: 'releases-only-what-is-deleted',
    file: 'session/dependencies.ts',
    find: '    add(this.#released, change, heldIn(oldValues(change), foreign))',
    replace:
      "    if (change.kind === 'delete') add(this.#released, change, heldIn(oldValues(change), foreign))",
    caughtBy:
      'Task 3: know who waits for whom › a unique column that others point to › lets its value go after nobody points to it any more',
    why: 'A child lets its parent go when it ends, and also when it moves to another parent. Both have to be written before the old parent ends.',
    ask: 'A post moves from Bob to Alice, and Bob is deleted. Which statement has to be first, and under which value would somebody who deletes Bob look for it?',
  },
  {
    name: 'waits-only-to-delete',
    file: 'session/dependencies.ts',
    find: "...lookUp(this.#released, heldIn(before, unique), 'pointed to'),",
    replace:
      "...(change.kind === 'delete'\n        ? lookUp(this.#released, heldIn(before, unique), 'pointed to')\n        : []),",
    caughtBy:
      'Task 3: know who waits for whom › a unique column that others point to › lets its value go after nobody points to it any more',
    why: 'The database lets no value go to which somebody points, whether its row ends or the value is changed. Ask for what the change ends, not for its kind.',
    ask: 'A ticket points to the seat number 10. Two statements could take the 10 out of the table of seats. Which ones, and does each of them wait with your code?',
  },
  {
    name: 'inserts-before-the-place-is-free',
    file: 'session/dependencies.ts',
    find: "      ...lookUp(this.#freed, heldIn(after, unique), 'unique'),\n",
    replace: '',
    caughtBy:
      'Task 3: know who waits for whom › a unique value › is taken by a new row after the old row has gone',
    why: 'INSERT, UPDATE, DELETE is a good order until a new row takes the e-mail address of one that goes in the same flush. Several large ORMs fail here, and their trackers hold the question for more than ten years. Whoever takes a unique value waits for whoever lets it go.',
    ask: 'The tag sql is deleted, and a new tag sql is added. Which of the two statements may be first, and what makes the other one wait with your code?',
  },
  {
    name: 'frees-only-what-is-deleted',
    file: 'session/dependencies.ts',
    find: '    add(this.#freed, change, heldIn(oldValues(change), unique))',
    replace:
      "    if (change.kind === 'delete') add(this.#freed, change, heldIn(oldValues(change), unique))",
    caughtBy:
      'Task 3: know who waits for whom › a unique value › is taken by a new row after the old row has got another one',
    why: 'A row lets a unique value go when it ends, and also when it gets another one. The new tag sql can come as soon as the old one has become SQL.',
    ask: 'The tag sql gets the name SQL, and a new tag sql is added. After which statement is the name free, and in which index does that statement stand?',
  },
  {
    name: 'waits-for-itself',
    file: 'session/dependencies.ts',
    find: 'byValue.filter(({ on }) => on !== change)',
    replace: 'byValue',
    caughtBy:
      'Task 3: know who waits for whom › deletes a row that points to itself, in one statement',
    why: 'A change stands in the index under its own values and will find itself there. A row that points to itself does not have to wait: with its end, what points to it ends too. As a circle of one it would cost an UPDATE that nobody needs, or be refused.',
    ask: 'A comment points to itself and is deleted. Look up its own id in the index of what is released: whom do you find there?',
  },
  {
    name: 'forgets-a-reference-to-itself',
    file: 'session/dependencies.ts',
    find: 'dependency(this.#inserts.get(target),',
    replace: 'dependency(target === change.object ? undefined : this.#inserts.get(target),',
    caughtBy: 'Task 4: break a circle › fills in a foreign key that points to its own row',
    why: 'A value that a change finds under its own name is no reason to wait. A reference to its own row is one: the key exists only after the INSERT, so the foreign key needs a second statement. Filter what was looked up, and not what was said by a reference.',
    ask: 'A new comment shall be its own parent. Which value for parent_id can you put into its INSERT, and when is it known?',
  },
  {
    name: 'forgets-the-detours',
    file: 'session/dependencies.ts',
    find: '      ...this.#ofDetours(change),\n',
    replace: '',
    caughtBy:
      'Task 4: break a circle › takes a detour before the change that it makes way for, also when a row is part of several circles',
    why: 'A value that is parked is parked by a statement of its own, before the change of its row. Whoever does not say so relies on the order in the list, and one day another change pulls the row forward: it ends, and then its UPDATE meets nothing.',
    ask: 'An early UPDATE parks a value, and then the row itself is changed or ends. Who says that the first one has to come before the second one? Or does it only happen to stand there?',
  },
  {
    name: 'leaves-open-what-must-not-be-null',
    file: 'session/circles.ts',
    find: "waiting.kind !== 'insert' || !column?.isNullable",
    replace: "waiting.kind !== 'insert' || !column",
    caughtBy: 'Task 4: break a circle › names a circle that nothing can open',
    why: 'A column that may not be NULL cannot be left open, not even for one statement: the database checks at once. When every column of a circle is like that, the honest answer is an error that names the circle.',
    ask: 'An egg may not be without its chicken. Which value does your INSERT of the egg hold in chicken_id?',
  },
  {
    name: 'forgets-the-late-update',
    file: 'session/circles.ts',
    find: '[withoutReference(waiting, column), lateUpdate(waiting, column)]',
    replace: '[withoutReference(waiting, column)]',
    caughtBy:
      'Task 4: break a circle › inserts a row with an empty foreign key, and fills it in when both rows are there',
    why: 'The INSERT with NULL is half of the trick. Without the second statement the team is stored without its captain, nobody complains, and the object in memory says something else than its row.',
    ask: 'Count the statements for a new team and its new captain in your plan. After the last of them, what stands in captain_id?',
  },
  {
    name: 'parks-nobody',
    file: 'session/circles.ts',
    find: 'lateReference(wait) ?? earlyRelease(wait)',
    replace: 'lateReference(wait)',
    caughtBy: 'Task 4: break a circle › of unique values › parks one of two that are swapped',
    why: 'Two rows that swap a unique value have no right order: the first UPDATE meets the other row in either one. It is the swap of two variables, and it needs the same third place.',
    ask: 'The tags sql and orm swap their names. Write down both UPDATEs, and try them in one order and in the other one. What would you do with two glasses of juice?',
  },
  {
    name: 'tries-one-wait-only',
    file: 'session/circles.ts',
    find: '    if (detour) return changes.flatMap((change) => detour.get(change) ?? [change])\n',
    replace: '    return detour && changes.flatMap((change) => detour.get(change) ?? [change])\n',
    caughtBy:
      'Task 4: break a circle › leaves open the foreign key that may be NULL, whichever comes first',
    why: 'A circle has as many waits as members, and one of them that can be opened is enough. To give up after the first one refuses what has an answer.',
    ask: 'The circle is player, team: the foreign key of a player may not be NULL, and that of a team may. How often does your loop run?',
  },
  {
    name: 'parks-where-null-would-do',
    file: 'session/circles.ts',
    find: '  if (column.isNullable) return null\n',
    replace: '',
    caughtBy: 'Task 4: break a circle › of unique values › parks on NULL where that is allowed',
    why: 'A made-up value may be too long, break a CHECK, or show up in somebody’s log. NULL is in nobody’s way: it is equal to nothing, not even to another NULL.',
    ask: 'The badge of a seat may be NULL. On which value do you park it, and who could stumble over that value?',
  },
  {
    name: 'takes-null-for-no-value',
    file: 'session/circles.ts',
    find: 'if (value === undefined) return undefined',
    replace: 'if (!value) return undefined',
    caughtBy: 'Task 4: break a circle › of unique values › parks on NULL where that is allowed',
    why: '`freeValue` has two answers that are false to JavaScript: null is the best place to park, undefined says that there is none. `!value` throws them together.',
    ask: 'Which values can freeValue give you? Put each of them behind your `if`, and say what comes out.',
  },
  {
    name: 'makes-up-a-value-of-any-type',
    file: 'session/circles.ts',
    find: 'temporary[column.type.name]?.()',
    replace: 'temporary[column.type.name]!()',
    caughtBy:
      'Task 4: break a circle › of what cannot be parked › a type for which nobody can make up a value that no row has',
    why: 'An enum has only the words that were declared, and all of them may be taken. Then there is no free place, and the answer is an error that names the circle, not one that says "undefined is not a function".',
    ask: 'A column takes only the words gold and silver, and both are taken. What does `temporary` hold for this type, and what does your line do with it?',
  },
  {
    name: 'parks-a-foreign-key-anywhere',
    file: 'session/circles.ts',
    find: 'column.isPrimaryKey || column.reference',
    replace: 'column.isPrimaryKey',
    caughtBy:
      'Task 4: break a circle › of what cannot be parked › a foreign key that may not be NULL: no made-up key exists',
    why: 'A made-up number in a foreign key points to a row that is not there, and the database refuses it at once. A foreign key is parked on NULL or not at all.',
    ask: 'The profile of Alice shall point to user -84231 for a moment. What does the database say to that?',
  },
  {
    name: 'parks-a-primary-key',
    file: 'session/circles.ts',
    find: 'column.isPrimaryKey || column.reference',
    replace: 'column.reference',
    caughtBy:
      'Task 4: break a circle › of what cannot be parked › a key: the circle is opened at another place',
    why: 'The key says which row it is: the next statement would look for it under the old one. And what points to the row would have to move twice.',
    ask: 'You park the id of a comment on another number. With which WHERE does the next statement for this comment look for it?',
  },
  {
    name: 'inserts-without-the-new-key',
    file: 'session/write.ts',
    find: '    for (const [column, reference] of references) row[column.index] = this.#key(reference)\n',
    replace: '    if (references.size > 1e9) return\n',
    caughtBy:
      'Task 5: write it, and take new snapshots › keys flow › into children and their children',
    why: 'The key of the author exists since a moment ago, when its INSERT ran. Nobody but this loop brings it to the post. Without it, the right order was for nothing.',
    ask: 'The author has just been inserted and has the id 4. Which line of yours tells that to the row of the post?',
  },
  {
    name: 'forgets-the-keys-of-an-update',
    file: 'session/write.ts',
    find: 'references.size > 0 ? [...assignments, ...this.#assigned(references)] : assignments',
    replace: 'assignments',
    caughtBy:
      'Task 5: write it, and take new snapshots › keys flow › into a row that is there, when it gets a new parent',
    why: 'A stored post gets a new author: nothing else has changed, and the list of assignments is empty. What has to be written is in the references, and by now the key is there.',
    ask: 'A stored post gets an author who is new. What stands in `assignments` of this update, and what in `references`?',
  },
  {
    name: 'reads-keys-from-old-snapshots',
    file: 'session/write.ts',
    find: 'return this.rows.get(object) ?? stateOf(object).row',
    replace: 'return stateOf(object).row',
    caughtBy:
      'Task 5: write it, and take new snapshots › keys flow › into children and their children',
    why: 'The snapshot of an object is as old as the last flush; new snapshots are taken when everything is written. In between, the rows of this flush are the truth: ask them first.',
    ask: 'In the middle of a flush: the author was inserted a moment ago. Where is his id by now, and when does his snapshot hear of it?',
  },
  {
    name: 'updates-the-row-as-it-was',
    file: 'session/write.ts',
    find: '    const row = this.#rowOf(object)\n',
    replace: '    const { row } = stateOf(object)\n',
    caughtBy:
      'Task 5: write it, and take new snapshots › keys flow › into the late update of a circle',
    why: 'An object can be written twice in one flush: its INSERT, and then the UPDATE that fills in what was left open. The second statement needs the key that the first one got, and the snapshot does not know it yet.',
    ask: 'A new team is inserted, and a moment later its captain is filled in by an UPDATE. Where does the id for its WHERE come from, and since when has it been there?',
  },
  {
    name: 'keeps-the-old-snapshot',
    file: 'session/write.ts',
    find: '    this.rows.set(object, changed(row, all))\n',
    replace: '',
    caughtBy:
      'Task 5: write it, and take new snapshots › takes new snapshots: what was written is no change any more',
    why: 'After the UPDATE the row holds the new name. If the snapshot still holds the old one, the next flush finds the same change again, and sends it again, and so on until the session ends.',
    ask: 'Call flush twice without changing anything in between. What does the second one send, and with what did it compare?',
  },
  {
    name: 'keeps-a-snapshot-without-the-keys',
    file: 'session/write.ts',
    find: 'changed(row, all)',
    replace: 'changed(row, assignments)',
    caughtBy:
      'Task 5: write it, and take new snapshots › keys flow › into a row that is there, when it gets a new parent',
    why: 'The new snapshot is the row as it stands in the database now, with everything that was sent. Without the keys the object believes in its old parent, or finds the same change again at the next flush.',
    ask: 'Compare two lists: the columns that your statement has written, and those that you put into the new snapshot. Are they the same?',
  },
  {
    name: 'touches-the-object-before-all-is-written',
    file: 'session/write.ts',
    find: '    this.rows.set(object, changed(row, all))\n',
    replace:
      '    this.rows.set(object, changed(row, all))\n    stateOf(object).row = changed(row, all)\n',
    caughtBy:
      'Task 6: all or nothing › a flush that fails › keeps every change for the next attempt, also one whose UPDATE had gone well',
    why: 'One statement has worked, and the next may fail. A snapshot that is replaced at once is not taken back with the flush: the object looks clean, its row has the old value again, and no later flush will write the change.',
    ask: 'Your UPDATE has worked, and the next statement of the flush fails. What does the row hold after the ROLLBACK, and what does the snapshot say?',
  },
  {
    name: 'turns-pairs-round',
    file: 'session/write.ts',
    find: "const send = kind === 'link' ? insertPair : deletePair",
    replace: "const send = kind === 'unlink' ? insertPair : deletePair",
    caughtBy:
      'Task 5: write it, and take new snapshots › many to many › is written as the difference: what was added, what was removed',
    why: 'A many-to-many relation is a set of pairs, and what is written is the difference of two sets: an INSERT for what came, a DELETE for what went. Never everything out and everything in again.',
    ask: 'One tag was added to a post and another one removed. Which two statements do you expect, and which ones are sent?',
  },
  {
    name: 'turns-the-keys-of-a-pair-round',
    file: 'session/write.ts',
    find: '    send(relation, keys, this.#connection)',
    replace: '    send(relation, keys.toReversed(), this.#connection)',
    caughtBy:
      'Task 5: write it, and take new snapshots › many to many › waits for the keys of new rows on both sides',
    why: 'Both keys are numbers, so nobody complains: the post 2 with the tag 1 becomes the post 1 with the tag 2, and both exist. The owner comes first, then the target.',
    ask: 'Which of your two keys goes into post_id? Where in the declaration of insertPair does it say so?',
  },
  {
    name: 'reads-the-key-of-a-pair-from-the-snapshot',
    file: 'session/write.ts',
    find: 'this.#key({ target: object, column: from })',
    replace: 'stateOf(object).row[from.index] ?? null',
    caughtBy:
      'Task 5: write it, and take new snapshots › many to many › waits for the keys of new rows on both sides',
    why: 'A new post and its tags are written in one flush. When the pair is written, the id of the post is in the rows of this flush, and its snapshot is still empty.',
    ask: 'The post is new, and its pair comes at the end of the same flush. What is in the snapshot of the post at this moment?',
  },
  {
    name: 'does-not-count-the-rows-of-an-update',
    file: 'session/write.ts',
    find: "    if (!updateRow(mapping, row, all, this.#connection)) throw lost(object, 'UPDATE')\n",
    replace: '    updateRow(mapping, row, all, this.#connection)\n',
    caughtBy:
      'Task 6: all or nothing › a row that is not as it was › refuses an update from an old copy',
    why: 'An UPDATE that meets no row is no error to the database: it did what it was told, zero times. Only the count shows that the row is gone, or has another version. Whoever does not look tells the user "saved" and has thrown the work away.',
    ask: 'Somebody has deleted the row in the meantime. What does the database answer to your UPDATE, and who looks at that answer?',
  },
  {
    name: 'does-not-count-the-rows-of-a-delete',
    file: 'session/write.ts',
    find: "    if (!deleteRow(mapping, this.#rowOf(object), this.#connection)) throw lost(object, 'DELETE')\n",
    replace: '    deleteRow(mapping, this.#rowOf(object), this.#connection)\n',
    caughtBy:
      'Task 6: all or nothing › a row that is not as it was › refuses to delete what somebody else has changed',
    why: 'Somebody has just rewritten the draft that you are about to throw away. The version is checked on DELETE for the same reason as on UPDATE: you decided on what you saw, and that is not what is there.',
    ask: 'You delete a draft of version 3, and in the database it has version 4 since a minute. How many rows does your DELETE meet, and how does the user hear of it?',
  },
  {
    name: 'undoes-from-the-beginning',
    file: 'session/undo-log.ts',
    find: 'for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step()',
    replace: 'for (let step = this.#steps.shift(); step; step = this.#steps.shift()) step()',
    caughtBy:
      'Task 6: all or nothing › the undo log › takes back the last thing first, and is empty then',
    why: 'Each step brings back what was there just before it. Played from the beginning, the last step wins, and brings back something from the middle. You take off your coat before your shirt.',
    ask: 'x was 1, then 2, then 3; the log has two steps, "back to 1" and "back to 2". Play it as your code does. What is x?',
  },
  {
    name: 'undoes-twice',
    file: 'session/undo-log.ts',
    find: 'for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step()',
    replace: 'for (const step of this.#steps.toReversed()) step()',
    caughtBy:
      'Task 6: all or nothing › the undo log › takes back the last thing first, and is empty then',
    why: 'What was taken back must not be taken back again: in the meantime the program has gone on, and the second undo would overwrite what it did. A log that was played is empty.',
    ask: 'Call undo, change something, and call undo again. What happens to what you changed?',
  },
  {
    name: 'notes-the-values-too-late',
    file: 'session/undo-log.ts',
    find: 'properties[property] = values[i]',
    replace: 'properties[property] = i < 0 ? values[i] : properties[property]',
    caughtBy:
      'Task 6: all or nothing › hooks › that throw after the write take it back, with what they have changed',
    why: 'A closure remembers variables, not moments. What is read inside of the function is read when it runs, and that is after the damage. Take the values first, then make the function.',
    ask: 'Put a console.log beside each line that reads a property. Which of them print when rememberObject is called, and which ones only when the flush has failed?',
  },
  {
    name: 'brings-back-the-row-only',
    file: 'session/undo-log.ts',
    find: 'Object.assign(state, { status, row, session, references })',
    replace: 'Object.assign(state, { row, session, references })',
    caughtBy:
      'Task 7: transactions in transactions › gives a row back that an inner level has deleted',
    why: 'An object that stays "deleted" after its DELETE was taken back is a ghost: its row is there, and nobody can change it or delete it again. Status, row, session and keys go back together.',
    ask: 'A tag was deleted, and the transaction was taken back. What does session.stateOf(tag) say, and what does the database say?',
  },
  {
    name: 'forgets-to-which-session-it-belonged',
    file: 'session/undo-log.ts',
    find: 'Object.assign(state, { status, row, session, references })',
    replace: 'Object.assign(state, { status, row, references })',
    caughtBy:
      'Task 6: all or nothing › a flush that fails › at COMMIT counts as if the flush had failed',
    why: 'An object whose DELETE was written has left its session. When the transaction is taken back, its row is there again, and the object has to belong to the session again: otherwise nobody writes its changes, and the identity map holds an object that denies it.',
    ask: 'A tag was deleted, and the transaction was taken back. Change its name and commit: who still takes care of this object?',
  },
  {
    name: 'leaves-the-references',
    file: 'session/undo-log.ts',
    find: 'Object.assign(state, { status, row, session, references })',
    replace: 'Object.assign(state, { status, row, session })',
    caughtBy:
      'Task 6: all or nothing › hooks › that have given a new object another parent give it back when the flush fails',
    why: 'For a parent without a key the object itself stands in its place, in `references`. A hook that sets another parent changes it. Not brought back, the post waits for the key of somebody who will never be stored.',
    ask: 'A new post has a new author, and neither has a key. Where is it written down that the one belongs to the other, and what becomes of that when a hook gives it another author and the flush fails?',
  },
  {
    name: 'leaves-the-snapshot',
    file: 'session/undo-log.ts',
    find: 'Object.assign(state, { status, row, session, references })',
    replace: 'Object.assign(state, { status, session, references })',
    caughtBy:
      'Task 6: all or nothing › a flush that fails › gives a foreign key back that the database had emptied, in the object and in its snapshot',
    why: 'A snapshot that stays as the lost flush has made it is not true: the row has its old value again. The next comparison finds no change where there is one, or one where there is none.',
    ask: 'Carol is deleted, and her comments lose their userId, in the row as well. Then it is taken back. What does the database hold, and with what is the comment compared next time?',
  },
  {
    name: 'brings-back-more-than-was-noted',
    file: 'session/undo-log.ts',
    find: '  return () => {\n    Object.assign(state, { status, row, session, references })',
    replace:
      '  const whole = { ...state, status, row, session, references }\n  return () => {\n    Object.assign(state, whole)',
    caughtBy:
      'Task 6: all or nothing › hooks › that throw after the write take it back in a weak session as well',
    why: 'The whole state is quicker to copy than four fields of it, and it holds more than a flush changes: what is known of related objects has an undo step of its own, and in a weak session the values of the properties live there. Take back what was done, and nothing else.',
    ask: 'Which fields does the state of an object have, all in all? Which of them does a flush change, and which ones would you bring back to an older day with your copy?',
  },
  {
    name: 'one-name-for-all-savepoints',
    file: 'session/transaction.ts',
    find: 'this.#depth + 1}',
    replace: 'Math.min(1, this.#depth + 1)}',
    caughtBy:
      'Task 7: transactions in transactions › goes three deep, and memory follows each level',
    why: 'A savepoint is known by its name, and RELEASE looks for the name of its own level. With one name for all of them, the second level is already a savepoint that nobody finds.',
    ask: 'Three levels are open. What is each savepoint called, and which one does your RELEASE name when the innermost level ends?',
  },
  {
    name: 'leaves-the-savepoint-open',
    file: 'session/transaction.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: ', `RELEASE level_${this.#depth}`)',
    replace: ')',
    caughtBy:
      'Task 7: transactions in transactions › is a savepoint inside another one, which goes on without what the inner one did',
    why: 'ROLLBACK TO goes back to the savepoint, and the savepoint stays. It has to be released as well, or it is still there when the level outside goes on.',
    ask: 'After ROLLBACK TO level_1, which savepoints does the database still know? Look into the table of the lesson.',
  },
  {
    name: 'forgets-the-inner-log',
    file: 'session/transaction.ts',
    find: '    this.log.append(log)\n',
    replace: '    if (!log) return\n',
    caughtBy:
      'Task 7: transactions in transactions › undoes an inner level that had succeeded when the outer one fails',
    why: 'RELEASE is no COMMIT. What an inner level did is lasting only when the outermost one is, so its undo steps are still needed: they belong to the level outside. Otherwise the database takes everything back, and the objects do not.',
    ask: 'An inner level has succeeded, and then the outer one fails. The database takes both back. Which log holds the steps of the inner one at this moment?',
  },
  {
    name: 'gives-the-log-to-itself',
    file: 'session/transaction.ts',
    find: '    const log = this.#levels.pop()!\n    this.log.append(log)\n',
    replace: '    this.log.append(this.#levels.pop()!)\n',
    caughtBy:
      'Task 7: transactions in transactions › undoes an inner level that had succeeded when the outer one fails',
    why: 'JavaScript evaluates `this.log` before the argument, so it is still the log of the inner level: the log is given to itself and leaves with its level. When an argument changes what stands before it, it deserves a line of its own.',
    ask: 'In `a.b.append(c())`, what does JavaScript work out first: a.b, or c()? Which log is `this.log` at that moment?',
  },
  {
    name: 'commits-outside-of-the-try',
    file: 'session/transaction.ts',
    find: '    try {\n      const result = work()\n      this.commit()\n      return result\n    } catch (error) {\n      this.rollback()\n      throw error\n    }\n',
    replace:
      '    let result: T\n    try {\n      result = work()\n    } catch (error) {\n      this.rollback()\n      throw error\n    }\n    this.commit()\n    return result\n',
    caughtBy:
      'Task 7: transactions in transactions › is rolled back when the database refuses its COMMIT, and the next one begins anew',
    why: 'COMMIT can fail: a check that was put off is done there, and a disk can be full. Then the transaction is still open. Whoever commits behind the `try` leaves it open, and the next one begins inside of it.',
    ask: 'COMMIT itself fails, because the disk is full. Is the transaction still open then, and which line of yours ends it?',
  },
  {
    name: 'leaves-the-level-before-it-is-released',
    file: 'session/transaction.ts',
    find: `    this.#connection.run(\`RELEASE level_\${this.#depth}\`)\n    const log = this.#levels.pop()!\n`,
    replace: `    const log = this.#levels.pop()!\n    this.#connection.run(\`RELEASE level_\${this.#depth + 1}\`)\n`,
    caughtBy: 'Task 7: transactions in transactions › whose RELEASE fails is rolled back alone',
    why: 'A statement may fail, and what the list of levels says must be true then as well. When the level is off the list and its RELEASE fails, the rollback meets the level outside, and takes back all of it. Send first, and change memory when that has worked.',
    ask: 'The RELEASE fails. What does your list of levels say at this moment, and which level will the rollback take back?',
  },
  {
    name: 'leaves-the-list-first',
    file: 'session/transaction.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: '    this.#undoDatabase(`ROLLBACK TO level_${this.#depth}`, `RELEASE level_${this.#depth}`)\n    this.#levels.pop()!.undo()',
    replace:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
      '    const level = this.#levels.pop()!\n    this.#undoDatabase(`ROLLBACK TO level_${this.#depth}`, `RELEASE level_${this.#depth}`)\n    level.undo()',
    caughtBy:
      'Task 7: transactions in transactions › is a savepoint inside another one, which goes on without what the inner one did',
    why: 'The name of the savepoint is worked out from the list of levels. Once the level is off the list, the same expression gives the name of the level outside.',
    ask: 'Two levels are open. What is #depth in your first line, and what is it when the name of the savepoint is put together?',
  },
  {
    name: 'rolls-back-everything',
    file: 'session/transaction.ts',
    find: 'this.#undoDatabase(`ROLLBACK TO',
    replace: "this.#undoDatabase('ROLLBACK', 'BEGIN', `ROLLBACK TO",
    caughtBy:
      'Task 7: transactions in transactions › is a savepoint inside another one, which goes on without what the inner one did',
    why: 'There is one transaction, and ROLLBACK ends it, with all that the outer code has done. An inner level has a savepoint of its own, so that it can fail alone.',
    ask: 'An outer transaction has stored an order, and an inner one fails. Is the order still there after your rollback? Which statement decided that?',
  },
  {
    name: 'commits-inside',
    file: 'session/transaction.ts',
    find: 'this.#connection.run(`RELEASE',
    replace: "for (const sql of ['COMMIT', 'BEGIN']) this.#connection.run(sql || `RELEASE",
    caughtBy:
      'Task 7: transactions in transactions › undoes an inner level that had succeeded when the outer one fails',
    why: 'A helper that opens a transaction for itself is called inside of a larger one. If its end commits, half of the larger one is lasting before it is known whether the other half works.',
    ask: 'An inner transaction ends well, and then the outer one fails. What of the inner one can the database still take back after what you have sent?',
  },
  {
    name: 'takes-back-the-database-only',
    file: 'session/transaction.ts',
    find: '}`)\n    this.#levels.pop()!.undo()',
    replace: '}`)\n    this.#levels.pop()',
    caughtBy:
      'Task 7: transactions in transactions › is a savepoint inside another one, which goes on without what the inner one did',
    why: 'The database is back at the savepoint, and the objects still say what the failed level has made of them. With the next flush the session writes from a memory that is not true. Each level that is rolled back plays its log.',
    ask: 'An inner level inserted a tag, got the id 4, and was rolled back. What is tag.id now, and is there a row 4?',
  },
  {
    name: 'stays-on-the-level',
    file: 'session/transaction.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: '`RELEASE level_${this.#depth}`)\n    this.#levels.pop()!.undo()',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    replace: '`RELEASE level_${this.#depth}`)\n    this.log.undo()',
    caughtBy:
      'Task 7: transactions in transactions › is a savepoint inside another one, which goes on without what the inner one did',
    why: 'The database has left the level, and the list has not. From now on each of the two counts differently, and the next RELEASE names a savepoint that is not there.',
    ask: 'After an inner level was rolled back: how many savepoints has the database, and how many levels has your list?',
  },
  {
    name: 'swallows-the-error',
    file: 'session/transaction.ts',
    find: '      this.rollback()\n      throw error',
    replace: '      this.rollback()\n      return undefined as T',
    caughtBy:
      'Task 7: transactions in transactions › takes everything back when the function throws, and lets the error through',
    why: 'To roll back is to tidy up, not to answer the error. Whoever called `transaction` must hear that nothing was done; otherwise it tells the user "paid" after the payment was taken back.',
    ask: 'transaction(pay) failed and was rolled back. What does the line after it do? How could it know?',
  },
  {
    name: 'reports-the-rollback',
    file: 'session/transaction.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: '    this.#undoDatabase(`ROLLBACK TO level_${this.#depth}`, `RELEASE level_${this.#depth}`)\n',
    replace:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
      '    this.#connection.run(`ROLLBACK TO level_${this.#depth}`)\n    this.#connection.run(`RELEASE level_${this.#depth}`)\n',
    caughtBy:
      'Task 7: transactions in transactions › follows the database when an error ends the transaction by itself',
    why: 'A rollback can fail too: some errors have ended the transaction already. Then the error of the rollback is thrown in the place of the one that tells what has happened, and memory is not taken back at all.',
    ask: 'A disk is full, the database ends the transaction by itself, and your ROLLBACK TO finds no savepoint. Which error does the caller see, and which of your lines do not run any more?',
  },
  {
    name: 'begins-inside-the-try',
    file: 'session/transaction.ts',
    find: '    this.begin()\n    try {',
    replace: '    try {\n      this.begin()',
    caughtBy:
      'Task 7: transactions in transactions › that cannot begin leaves everything as it was',
    why: 'When BEGIN itself fails, there is no level yet, and the rollback of the `catch` takes back somebody else’s. What has to be undone begins where the `try` begins: after the first step has worked.',
    ask: 'BEGIN itself fails. How many levels were opened, and how many does your catch take back?',
  },
]
