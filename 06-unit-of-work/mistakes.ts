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
  },
  {
    name: 'compares-by-identity',
    file: 'session/change-set.ts',
    find: '    if (!isSame(column, now, stored)) assignments',
    replace: '    if (now !== stored) assignments',
    caughtBy:
      'Task 1: find out what has changed › inside a value › sees no change in a new Date of the same moment, or in JSON with its keys in another order',
    why: 'Two arrays of the same bytes are two objects to `===`, and two texts of JSON may say the same in another order. Compared by identity such a column is dirty for ever, and every flush sends an UPDATE that changes nothing.',
  },
  {
    name: 'compares-the-property-with-the-row',
    file: 'session/change-set.ts',
    find: '    if (isStored(column, value, stored)) continue\n    const now = encode(column, value, dialect)\n',
    replace: '    const now = encode(column, value, dialect) && (value as Value)\n',
    caughtBy: 'Task 1: find out what has changed › compares what the database would get',
    why: 'The program holds true, the row holds 1. Whoever compares the two without converting finds that everything differs from everything. The snapshot is in the language of the database, so translate first.',
  },
  {
    name: 'lets-the-key-change',
    file: 'session/change-set.ts',
    find: 'if (column.isPrimaryKey || column.discriminator)',
    replace: 'if (column.discriminator)',
    caughtBy: 'Task 1: find out what has changed › what is refused › is another key',
    why: 'The identity map knows the object under its old key. With another key the object would stand for one row and be found as another; and rows that point to the old key would be left behind. A new key is a new row.',
  },
  {
    name: 'believes-the-object-more-than-the-key',
    file: 'session/change-set.ts',
    find: 'column.isVersion || (value === undefined && open?.has(column))',
    replace: 'column.isVersion || open?.has(column)',
    caughtBy:
      'Task 1: find out what has changed › counts a foreign key that was set by hand more than an object whose key is still to come',
    why: 'A reference only stands in for a key that nobody knows. When the program has written a key into the property since, it has decided again. Whoever passes the column over loses that key: no UPDATE is sent, and nobody hears of it.',
  },
  {
    name: 'takes-the-first-column-for-the-key',
    file: 'session/change-set.ts',
    find: 'if (column.isPrimaryKey || column.discriminator)',
    replace: 'if (column.index === 0 || column.discriminator)',
    caughtBy:
      'Task 1: find out what has changed › what is refused › is another key, wherever it stands among the columns',
    why: 'Most tables begin with their key, and no rule says so. The declaration knows which columns are the key; the place of a column knows nothing.',
  },
  {
    name: 'walks-past-a-circle',
    file: 'session/commit-order.ts',
    find: 'throw new CircularDependencyError(this.#circleFrom(item))',
    replace: 'return',
    caughtBy:
      'Task 2: put the changes in order › a circle › is an error that holds the circle, without what leads to it',
    why: 'To meet somebody on the way who is waiting already means that there is no right order. Whoever walks on gives a wrong one, without a word, and the database complains later about a row that nobody knows. Say it here, and say who is part of the circle.',
  },
  {
    name: 'takes-a-diamond-for-a-circle',
    file: 'session/commit-order.ts',
    find: '    if (this.#done.has(item)) return\n    if (this.#waiting.has(item)) throw',
    replace: '    if (this.#waiting.has(item) || this.#done.has(item)) throw',
    caughtBy: 'Task 2: put the changes in order › does not take two ways to one item for a circle',
    why: 'A post and a comment of the same author both need the author. To meet somebody again who is done is the normal case; only somebody who is still waiting closes a circle.',
  },
  {
    name: 'writes-down-before-its-needs',
    file: 'session/commit-order.ts',
    find: '    this.#waiting.add(item)\n    this.#steps.push',
    replace: '    this.#done.add(item)\n    this.#steps.push',
    caughtBy: 'Task 2: put the changes in order › follows needs of needs',
    why: 'An item is done after everything that it needs, not when it is met for the first time. Written down at once, the child stands before its parent, which is the order that you had.',
  },
  {
    name: 'names-the-way-to-the-circle',
    file: 'session/commit-order.ts',
    find: 'return items.slice(items.indexOf(item))',
    replace: 'return items.slice(0)',
    caughtBy:
      'Task 2: put the changes in order › a circle › is an error that holds the circle, without what leads to it',
    why: 'The path begins anywhere and only ends in the circle. Who reports the whole path accuses the innocent, and whoever looks for a column that can be left open looks at the wrong rows.',
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
  },
  {
    name: 'knows-only-objects-as-parents',
    file: 'session/dependencies.ts',
    find: "      ...lookUp(this.#brought, heldIn(after, foreign), 'reference'),\n",
    replace: '',
    caughtBy: 'Task 3: know who waits for whom › knows a parent by the key that was given by hand',
    why: 'Not every program says `parent: question`. Some write `parentId: 20`, and the row 20 comes in the same flush. The value says who waits for whom as well as the object does.',
  },
  {
    name: 'deletes-parents-first',
    file: 'session/dependencies.ts',
    find: "      ...lookUp(this.#released, heldIn(before, unique), 'pointed to'),\n",
    replace: '',
    caughtBy:
      'Task 3: know who waits for whom › deletes rows of one table from the end of the chain',
    why: 'For inserts the parent comes first, for deletes the child does. As long as one row points to another, the database does not let the other go.',
  },
  {
    name: 'inserts-before-the-place-is-free',
    file: 'session/dependencies.ts',
    find: "      ...lookUp(this.#freed, heldIn(after, unique), 'unique'),\n",
    replace: '',
    caughtBy:
      'Task 3: know who waits for whom › a unique value › is taken by a new row after the old row has gone',
    why: 'INSERT, UPDATE, DELETE is a good order until a new row takes the e-mail address of one that goes in the same flush. Several large ORMs fail here, and their trackers hold the question for more than ten years. Whoever takes a unique value waits for whoever lets it go.',
  },
  {
    name: 'waits-for-itself',
    file: 'session/dependencies.ts',
    find: 'byValue.filter(({ on }) => on !== change)',
    replace: 'byValue',
    caughtBy:
      'Task 3: know who waits for whom › deletes a row that points to itself, in one statement',
    why: 'A change stands in the index under its own values and will find itself there. A row that points to itself does not have to wait: with its end, what points to it ends too. As a circle of one it would cost an UPDATE that nobody needs, or be refused.',
  },
  {
    name: 'forgets-a-reference-to-itself',
    file: 'session/dependencies.ts',
    find: 'dependency(this.#inserts.get(target),',
    replace: 'dependency(target === change.object ? undefined : this.#inserts.get(target),',
    caughtBy: 'Task 4: break a circle › fills in a foreign key that points to its own row',
    why: 'A value that a change finds under its own name is no reason to wait. A reference to its own row is one: the key exists only after the INSERT, so the foreign key needs a second statement. Filter what was looked up, and not what was said by a reference.',
  },
  {
    name: 'forgets-the-detours',
    file: 'session/dependencies.ts',
    find: '      ...this.#ofDetours(change),\n',
    replace: '',
    caughtBy:
      'Task 4: break a circle › takes a detour before the change that it makes way for, also when a row is part of several circles',
    why: 'A value that is parked is parked by a statement of its own, before the change of its row. Whoever does not say so relies on the order in the list, and one day another change pulls the row forward: it ends, and then its UPDATE meets nothing.',
  },
  {
    name: 'leaves-open-what-must-not-be-null',
    file: 'session/circles.ts',
    find: "waiting.kind !== 'insert' || !column?.isNullable",
    replace: "waiting.kind !== 'insert' || !column",
    caughtBy: 'Task 4: break a circle › names a circle that nothing can open',
    why: 'A column that may not be NULL cannot be left open, not even for one statement: the database checks at once. When every column of a circle is like that, the honest answer is an error that names the circle.',
  },
  {
    name: 'forgets-the-late-update',
    file: 'session/circles.ts',
    find: '[withoutReference(waiting, column), lateUpdate(waiting, column)]',
    replace: '[withoutReference(waiting, column)]',
    caughtBy:
      'Task 4: break a circle › inserts a row with an empty foreign key, and fills it in when both rows are there',
    why: 'The INSERT with NULL is half of the trick. Without the second statement the team is stored without its captain, nobody complains, and the object in memory says something else than its row.',
  },
  {
    name: 'parks-nobody',
    file: 'session/circles.ts',
    find: 'lateReference(wait) ?? earlyRelease(wait)',
    replace: 'lateReference(wait)',
    caughtBy: 'Task 4: break a circle › of unique values › parks one of two that are swapped',
    why: 'Two rows that swap a unique value have no right order: the first UPDATE meets the other row in either one. It is the swap of two variables, and it needs the same third place.',
  },
  {
    name: 'parks-where-null-would-do',
    file: 'session/circles.ts',
    find: '  if (column.isNullable) return null\n',
    replace: '',
    caughtBy: 'Task 4: break a circle › of unique values › parks on NULL where that is allowed',
    why: 'A made-up value may be too long, break a CHECK, or show up in somebody’s log. NULL is in nobody’s way: it is equal to nothing, not even to another NULL.',
  },
  {
    name: 'makes-up-a-value-of-any-type',
    file: 'session/circles.ts',
    find: 'temporary[column.type.name]?.()',
    replace: 'temporary[column.type.name]!()',
    caughtBy:
      'Task 4: break a circle › of what cannot be parked › a type for which nobody can make up a value that no row has',
    why: 'An enum has only the words that were declared, and all of them may be taken. Then there is no free place, and the answer is an error that names the circle, not one that says "undefined is not a function".',
  },
  {
    name: 'inserts-without-the-new-key',
    file: 'session/write.ts',
    find: '    for (const [column, reference] of references) row[column.index] = this.#key(reference)\n',
    replace: '    if (references.size > 1e9) return\n',
    caughtBy:
      'Task 5: write it, and take new snapshots › keys flow › into children and their children',
    why: 'The key of the author exists since a moment ago, when its INSERT ran. Nobody but this loop brings it to the post. Without it, the right order was for nothing.',
  },
  {
    name: 'reads-keys-from-old-snapshots',
    file: 'session/write.ts',
    find: 'return this.rows.get(object) ?? stateOf(object).row',
    replace: 'return stateOf(object).row',
    caughtBy:
      'Task 5: write it, and take new snapshots › keys flow › into children and their children',
    why: 'The snapshot of an object is as old as the last flush; new snapshots are taken when everything is written. In between, the rows of this flush are the truth: ask them first.',
  },
  {
    name: 'keeps-the-old-snapshot',
    file: 'session/write.ts',
    find: '    this.rows.set(object, changed(row, all))\n',
    replace: '',
    caughtBy:
      'Task 5: write it, and take new snapshots › takes new snapshots: what was written is no change any more',
    why: 'After the UPDATE the row holds the new name. If the snapshot still holds the old one, the next flush finds the same change again, and sends it again, and so on until the session ends.',
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
  },
  {
    name: 'turns-pairs-round',
    file: 'session/write.ts',
    find: "const send = kind === 'link' ? insertPair : deletePair",
    replace: "const send = kind === 'unlink' ? insertPair : deletePair",
    caughtBy:
      'Task 5: write it, and take new snapshots › many to many › is written as the difference: what was added, what was removed',
    why: 'A many-to-many relation is a set of pairs, and what is written is the difference of two sets: an INSERT for what came, a DELETE for what went. Never everything out and everything in again.',
  },
  {
    name: 'does-not-count-the-rows-of-an-update',
    file: 'session/write.ts',
    find: "    if (!updateRow(mapping, row, all, this.#connection)) throw lost(object, 'UPDATE')\n",
    replace: '    updateRow(mapping, row, all, this.#connection)\n',
    caughtBy:
      'Task 6: all or nothing › a row that is not as it was › refuses an update from an old copy',
    why: 'An UPDATE that meets no row is no error to the database: it did what it was told, zero times. Only the count shows that the row is gone, or has another version. Whoever does not look tells the user "saved" and has thrown the work away.',
  },
  {
    name: 'does-not-count-the-rows-of-a-delete',
    file: 'session/write.ts',
    find: "    if (!deleteRow(mapping, this.#rowOf(object), this.#connection)) throw lost(object, 'DELETE')\n",
    replace: '    deleteRow(mapping, this.#rowOf(object), this.#connection)\n',
    caughtBy:
      'Task 6: all or nothing › a row that is not as it was › refuses to delete what somebody else has changed',
    why: 'Somebody has just rewritten the draft that you are about to throw away. The version is checked on DELETE for the same reason as on UPDATE: you decided on what you saw, and that is not what is there.',
  },
  {
    name: 'undoes-from-the-beginning',
    file: 'session/undo-log.ts',
    find: 'for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step()',
    replace: 'for (let step = this.#steps.shift(); step; step = this.#steps.shift()) step()',
    caughtBy:
      'Task 6: all or nothing › the undo log › takes back the last thing first, and is empty then',
    why: 'Each step brings back what was there just before it. Played from the beginning, the last step wins, and brings back something from the middle. You take off your coat before your shirt.',
  },
  {
    name: 'undoes-twice',
    file: 'session/undo-log.ts',
    find: 'for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step()',
    replace: 'for (const step of this.#steps.toReversed()) step()',
    caughtBy:
      'Task 6: all or nothing › the undo log › takes back the last thing first, and is empty then',
    why: 'What was taken back must not be taken back again: in the meantime the program has gone on, and the second undo would overwrite what it did. A log that was played is empty.',
  },
  {
    name: 'notes-the-values-too-late',
    file: 'session/undo-log.ts',
    find: 'properties[property] = values[i]',
    replace: 'properties[property] = i < 0 ? values[i] : properties[property]',
    caughtBy:
      'Task 6: all or nothing › hooks › that throw after the write take it back, with what they have changed',
    why: 'A closure remembers variables, not moments. What is read inside of the function is read when it runs, and that is after the damage. Take the values first, then make the function.',
  },
  {
    name: 'brings-back-the-row-only',
    file: 'session/undo-log.ts',
    find: 'Object.assign(state, { status, row, session, references })',
    replace: 'Object.assign(state, { row, session, references })',
    caughtBy:
      'Task 7: transactions in transactions › gives a row back that an inner level has deleted',
    why: 'An object that stays "deleted" after its DELETE was taken back is a ghost: its row is there, and nobody can change it or delete it again. Status, row, session and keys go back together.',
  },
  {
    name: 'forgets-to-which-session-it-belonged',
    file: 'session/undo-log.ts',
    find: 'Object.assign(state, { status, row, session, references })',
    replace: 'Object.assign(state, { status, row, references })',
    caughtBy:
      'Task 6: all or nothing › a flush that fails › at COMMIT counts as if the flush had failed',
    why: 'An object whose DELETE was written has left its session. When the transaction is taken back, its row is there again, and the object has to belong to the session again: otherwise nobody writes its changes, and the identity map holds an object that denies it.',
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
  },
  {
    name: 'one-name-for-all-savepoints',
    file: 'session/transaction.ts',
    find: 'this.#depth + 1}',
    replace: 'Math.min(1, this.#depth + 1)}',
    caughtBy:
      'Task 7: transactions in transactions › goes three deep, and memory follows each level',
    why: 'A savepoint is known by its name, and RELEASE looks for the name of its own level. With one name for all of them, the second level is already a savepoint that nobody finds.',
  },
  {
    name: 'forgets-the-inner-log',
    file: 'session/transaction.ts',
    find: '    this.log.append(log)\n',
    replace: '    if (!log) return\n',
    caughtBy:
      'Task 7: transactions in transactions › undoes an inner level that had succeeded when the outer one fails',
    why: 'RELEASE is no COMMIT. What an inner level did is lasting only when the outermost one is, so its undo steps are still needed: they belong to the level outside. Otherwise the database takes everything back, and the objects do not.',
  },
  {
    name: 'gives-the-log-to-itself',
    file: 'session/transaction.ts',
    find: '    const log = this.#levels.pop()!\n    this.log.append(log)\n',
    replace: '    this.log.append(this.#levels.pop()!)\n',
    caughtBy:
      'Task 7: transactions in transactions › undoes an inner level that had succeeded when the outer one fails',
    why: 'JavaScript evaluates `this.log` before the argument, so it is still the log of the inner level: the log is given to itself and leaves with its level. When an argument changes what stands before it, it deserves a line of its own.',
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
  },
  {
    name: 'leaves-the-level-before-it-is-released',
    file: 'session/transaction.ts',
    find: `    this.#connection.run(\`RELEASE level_\${this.#depth}\`)\n    const log = this.#levels.pop()!\n`,
    replace: `    const log = this.#levels.pop()!\n    this.#connection.run(\`RELEASE level_\${this.#depth + 1}\`)\n`,
    caughtBy: 'Task 7: transactions in transactions › whose RELEASE fails is rolled back alone',
    why: 'A statement may fail, and what the list of levels says must be true then as well. When the level is off the list and its RELEASE fails, the rollback meets the level outside, and takes back all of it. Send first, and change memory when that has worked.',
  },
  {
    name: 'rolls-back-everything',
    file: 'session/transaction.ts',
    find: 'this.#undoDatabase(`ROLLBACK TO',
    replace: "this.#undoDatabase('ROLLBACK', 'BEGIN', `ROLLBACK TO",
    caughtBy:
      'Task 7: transactions in transactions › is a savepoint inside another one, which goes on without what the inner one did',
    why: 'There is one transaction, and ROLLBACK ends it, with all that the outer code has done. An inner level has a savepoint of its own, so that it can fail alone.',
  },
  {
    name: 'commits-inside',
    file: 'session/transaction.ts',
    find: 'this.#connection.run(`RELEASE',
    replace: "for (const sql of ['COMMIT', 'BEGIN']) this.#connection.run(sql || `RELEASE",
    caughtBy:
      'Task 7: transactions in transactions › undoes an inner level that had succeeded when the outer one fails',
    why: 'A helper that opens a transaction for itself is called inside of a larger one. If its end commits, half of the larger one is lasting before it is known whether the other half works.',
  },
  {
    name: 'takes-back-the-database-only',
    file: 'session/transaction.ts',
    find: '}`)\n    this.#levels.pop()!.undo()',
    replace: '}`)\n    this.#levels.pop()',
    caughtBy:
      'Task 7: transactions in transactions › is a savepoint inside another one, which goes on without what the inner one did',
    why: 'The database is back at the savepoint, and the objects still say what the failed level has made of them. With the next flush the session writes from a memory that is not true. Each level that is rolled back plays its log.',
  },
  {
    name: 'swallows-the-error',
    file: 'session/transaction.ts',
    find: '      this.rollback()\n      throw error',
    replace: '      this.rollback()\n      return undefined as T',
    caughtBy:
      'Task 7: transactions in transactions › takes everything back when the function throws, and lets the error through',
    why: 'To roll back is to tidy up, not to answer the error. Whoever called `transaction` must hear that nothing was done; otherwise it tells the user "paid" after the payment was taken back.',
  },
  {
    name: 'begins-inside-the-try',
    file: 'session/transaction.ts',
    find: '    this.begin()\n    try {',
    replace: '    try {\n      this.begin()',
    caughtBy:
      'Task 7: transactions in transactions › that cannot begin leaves everything as it was',
    why: 'When BEGIN itself fails, there is no level yet, and the rollback of the `catch` takes back somebody else’s. What has to be undone begins where the `try` begins: after the first step has worked.',
  },
]
