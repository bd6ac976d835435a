import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'looks-before-it-waits',
    file: 'session/turns.ts',
    find: '    this.refuse(doing)\n    this.#running = doing',
    replace: '    this.refuse(doing)\n    await undefined\n    this.#running = doing',
    caughtBy: 'Task 1: one thing at a time › without a database › does not begin the second of two',
    why: 'Between two lines without await nobody else runs: that is what makes a plain property a lock. With an await between looking and noting, two that come in the same moment both look, both see nothing, and both begin.',
  },
  {
    name: 'stays-busy-after-an-error',
    file: 'session/turns.ts',
    find: '    try {\n      return await done\n    } finally {\n      this.#running = undefined\n    }',
    replace: '    const result = await done\n    this.#running = undefined\n    return result',
    caughtBy:
      'Task 1: one thing at a time › without a database › is free again when the work has failed',
    why: 'An await may throw, like any call. The line behind it is not reached then, and the session is busy for ever with something that has long failed. What has to happen in any case stands in finally.',
  },
  {
    name: 'is-free-before-it-is-done',
    file: 'session/turns.ts',
    find: 'return await done',
    replace: 'return done',
    caughtBy:
      'Task 1: one thing at a time › without a database › is busy while it works, and free afterwards',
    why: 'return without await hands the promise on and leaves the function at once, and finally runs. So the session is free while its work has not even begun. In a try, return await is no decoration.',
  },
  {
    name: 'forgets-who-lent',
    file: 'session/turns.ts',
    find: '      this.#running = waiting\n',
    replace: '',
    caughtBy:
      'Task 1: one thing at a time › without a database › lends the session to a function, and is busy again when it is done',
    why: 'A hook ends, and the flush that has called it goes on. If the session stays free then, others come in between in the second half of the flush, where the statements are sent.',
  },
  {
    name: 'goes-on-beside-what-was-left',
    file: 'session/turns.ts',
    find: '      await this.settled()\n',
    replace: '',
    caughtBy:
      'Task 1: one thing at a time › without a database › refuses what the function has left running, and waits for it',
    why: 'The error tells of the await that the hook has forgotten, and the query of the hook is still on its way. The rollback that follows would share the connection with it. First wait until all is quiet, then tell.',
  },
  {
    name: 'asks-until-it-is-done',
    file: 'session/turns.ts',
    find: '    this.#whenDone = done\n',
    replace: '',
    caughtBy:
      'Task 1: one thing at a time › without a database › waits for the promise of what runs, and does not ask over and over',
    why: 'Whoever waits has no promise to wait for, and asks at each turn of the event loop whether it is over. It works, and takes a whole processor for it while the database is thinking.',
  },
  {
    name: 'asks-on-any-connection',
    file: 'session/connection.ts',
    find: 'return this.#held\n      ? this.#held.values(sql, parameters)\n      : this.#database.values(sql, parameters, this.#options)',
    replace: 'return this.#database.values(sql, parameters, this.#options)',
    caughtBy:
      'Task 2: a connection for a transaction › on PostgreSQL › sends all of a transaction on that one',
    why: 'A transaction belongs to a connection. A question on another one does not see what the transaction has written, since nothing of it is committed: the session misses its own rows.',
  },
  {
    name: 'keeps-it-when-begin-fails',
    file: 'session/connection.ts',
    find: '      await this.#giveBack()\n      throw error\n    }\n  }\n\n  /** Ends',
    replace: '      throw error\n    }\n  }\n\n  /** Ends',
    caughtBy:
      'Task 2: a connection for a transaction › on PostgreSQL › gives the connection back when BEGIN is refused',
    why: 'A transaction that was never begun is never ended, so nobody calls end(). Whoever takes a connection and fails before somebody else is responsible for it gives it back. Ten such errors, and the pool is empty.',
  },
  {
    name: 'reports-a-lost-rollback',
    file: 'session/connection.ts',
    find: "if (sql === 'COMMIT') throw error",
    replace: 'throw error',
    caughtBy:
      'Task 2: a connection for a transaction › on PostgreSQL › throws a connection away that has broken, and takes another',
    why: 'When the connection is lost, ROLLBACK fails too. The server has taken everything back by itself, so there is nothing to report; but the error skips the line that gives the connection back, and hides the first error, which says what happened.',
  },
  {
    name: 'gives-it-back-before-rollback',
    file: 'session/connection.ts',
    find: "    } catch (error) {\n      if (sql === 'COMMIT') throw error\n    }\n    await this.#giveBack()",
    replace: '    } finally {\n      await this.#giveBack()\n    }',
    caughtBy:
      'Task 2: a connection for a transaction › on SQLite › sends ROLLBACK after a failed COMMIT, on the connection that has the transaction',
    why: 'finally gives it back on every path, and one path still needs it: after a failed COMMIT the transaction may be open, and only a ROLLBACK on the same connection ends it.',
  },
  {
    name: 'loads-before-somebody-asks',
    file: 'relations/pending.ts',
    find: "    then: (...handlers: Parameters<Promise<T>['then']>) => load().then(...handlers),",
    replace:
      "    then: (() => {\n      const loading = load()\n      loading.catch(() => {})\n      return (...handlers: Parameters<Promise<T>['then']>) => loading.then(...handlers)\n    })(),",
    caughtBy: 'Task 3: await a relation › on SQLite › sends nothing before it is awaited',
    why: 'A promise is work that has begun. Here each touch of user.posts would send a statement, also user.posts.add(…), which needs none; and when it fails, nobody may be there to hear it. Something that can be awaited is less than a promise: work that begins when somebody awaits.',
  },
  {
    name: 'is-undefined-without-a-word',
    file: 'relations/pending.ts',
    find: "      if (typeof key === 'symbol' && key !== Symbol.iterator) return undefined\n      throw forbidden()",
    replace: '      return undefined',
    caughtBy:
      'Task 3: await a relation › on SQLite › does not compile without await, and names the cure when it runs all the same',
    why: 'post.author.name without await is undefined then, as it would be on any promise. The page shows an empty name, and nobody knows why. The types forbid it, but they are silent wherever somebody has written any.',
  },
  {
    name: 'is-a-text-of-no-meaning',
    file: 'relations/pending.ts',
    find: 'Object.hasOwn(target, key)',
    replace: 'key in target',
    caughtBy:
      'Task 3: await a relation › on SQLite › does not compile without await, and names the cure when it runs all the same',
    why: 'Every object has inherited toString, and `in` finds it there. So a text with post.author in it becomes "by [object Pending]" on somebody\'s page, and no error says that an await is missing.',
  },
  {
    name: 'takes-what-nobody-keeps',
    file: 'relations/pending.ts',
    find: '    set() {\n      throw forbidden()',
    replace: '    set() {\n      return true',
    caughtBy:
      'Task 3: await a relation › on SQLite › does not compile without await, and names the cure when it runs all the same',
    why: 'The new name is set on something that only stands in the place of the author. It is in no object and in no row, and the program goes on as if all were well.',
  },
  {
    name: 'closes-only-what-went-well',
    file: 'session/context.ts',
    find: '    await session.close().catch(() => {})\n    throw error',
    replace: '    throw error',
    caughtBy:
      'Task 4: the session of the task › on PostgreSQL › throws what the function throws, and gives the connection back',
    why: 'The error leaves the function, and the session with its open transaction is left behind. Its connection is held, its rows are locked, until somebody restarts the server. Errors are the paths on which one forgets to close.',
  },
  {
    name: 'tells-the-second-error',
    file: 'session/context.ts',
    find: 'await session.close().catch(() => {})',
    replace: 'await session.close()',
    caughtBy:
      'Task 4: the session of the task › on SQLite › throws the first of two errors: that it could not be closed is a consequence',
    why: 'When the work has failed, closing often fails as well: something still runs, or the connection is lost. An error that is thrown in a catch takes the place of the first one, and the first one is the one that says what happened.',
  },
  {
    name: 'keeps-the-session-in-a-variable',
    file: 'session/context.ts',
    find: 'const sessions = new AsyncLocalStorage<AsyncSession>()',
    replace:
      'const sessions = {\n  now: undefined as AsyncSession | undefined,\n  getStore() {\n    return this.now\n  },\n  async run<T>(session: AsyncSession, work: () => Promise<T>): Promise<T> {\n    const before = this.now\n    this.now = session\n    try {\n      return await work()\n    } finally {\n      this.now = before\n    }\n  },\n}',
    caughtBy:
      'Task 4: the session of the task › on SQLite › is another one for each of many tasks at once',
    why: 'Set before, put back afterwards: with functions that return before the next one begins that would do. Tasks take turns at every await, and the one that comes next reads what the last one has set. AsyncLocalStorage is a variable for each task.',
  },
  {
    name: 'tries-everything-again',
    file: 'session/retry.ts',
    find: '  error instanceof SerializationFailure ||\n  error instanceof DeadlockError ||\n  error instanceof BusyError',
    replace: '  error instanceof Error',
    caughtBy: 'Task 5: run it again › does not run it again after any other error',
    why: 'The same e-mail address is taken the second time too. And after a lost connection nobody knows whether the COMMIT has arrived: the work may be done already, and doing it again withdraws the money twice.',
  },
  {
    name: 'one-attempt-too-many',
    file: 'session/retry.ts',
    find: 'attempt >= attempts',
    replace: 'attempt > attempts',
    caughtBy: 'Task 5: run it again › gives up after so many attempts, with the last error',
    why: 'attempts counts the first one too: with 1 the work is done once and never again. Whoever reads "attempts: 3" expects three calls in the log.',
  },
  {
    name: 'meets-again-at-the-same-time',
    file: 'session/retry.ts',
    find: 'Math.random() * ',
    replace: '',
    caughtBy: 'Task 5: run it again › leaves the pause to chance',
    why: 'Two that have met are refused in the same moment. If both wait for the same time, they meet again, and wait twice as long, both: until one of them has used up its attempts.',
  },
  {
    name: 'knows-no-end-of-doubling',
    file: 'session/retry.ts',
    find: 'Math.min(pause * 2 ** (attempt - 1), longest)',
    replace: '(pause * 2 ** (attempt - 1))',
    caughtBy:
      'Task 5: run it again › pauses before each new attempt, at most twice as long as the last one, and never longer than a second',
    why: 'Doubling grows faster than one thinks: after ten attempts a pause of ten milliseconds has become ten seconds, and whoever has asked has long gone.',
  },
  {
    name: 'does-not-wait-for-the-error',
    file: 'session/retry.ts',
    find: 'return await work(attempt)',
    replace: 'return work(attempt)',
    caughtBy: 'Task 5: run it again › runs it again after each error that asks for it',
    why: 'A promise that is returned without await leaves the try at once. It fails later, outside of it, where no catch stands: the error goes to the caller after the first attempt, and nothing is tried again.',
  },
  {
    name: 'waits-for-a-key-in-its-own-statement',
    file: 'session/insert-batches.ts',
    find: 'return [...change.references.values()].every(({ target }) => !this.#objects.has(target))',
    replace: 'return true',
    caughtBy:
      'Task 6: many rows at once › on PostgreSQL › stores a chain of rows of one table, each pointing to the one before',
    why: 'An answer to a comment points to it, in the same table. While both wait to be sent in one statement, the comment has no key yet, and the answer is stored with NULL. Whoever waits for a row of this statement goes with the next one.',
  },
  {
    name: 'sends-as-many-as-there-are',
    file: 'session/insert-batches.ts',
    find: 'this.inserts.length >= this.#room || ',
    replace: '',
    caughtBy:
      'Task 6: many rows at once › on PostgreSQL › sends no more parameters than a statement may have',
    why: 'PostgreSQL counts parameters with sixteen bits: 65,535 in one statement. The ten thousand rows of a test need seventy thousand. Every limit that is far away is reached by somebody.',
  },
  {
    name: 'asks-only-the-first-row',
    file: 'session/insert-batches.ts',
    find: ' || !hasSameColumns(first, change)',
    replace: '',
    caughtBy:
      'Task 6: many rows at once › on PostgreSQL › keeps what some rows bring along, and fills in what others lack',
    why: 'One INSERT has one list of columns for all of its rows, and it is made from the first one. A row that brings more along would lose it, and one that has less would send NULL in place of what the database fills in.',
  },
  {
    name: 'trusts-the-order-of-returning',
    file: 'session/insert-batches.ts',
    find: 'const filled = byKey.get(String(row[key!.index]))',
    replace: 'const filled = found[rows.indexOf(row)]?.slice(byKey.size > 0 ? 1 : 0)',
    caughtBy:
      'Task 6: many rows at once › on PostgreSQL › finds the rows by their keys, in whichever order they come back',
    why: 'RETURNING gives a row for each, nearly always in the order in which they were sent. Nobody promises it, and a server that works on several rows at once need not keep it. Then each object has what belongs to another one, and no error says so.',
  },
  {
    name: 'locks-for-a-moment',
    file: 'session/row-lock.ts',
    find: '  await session.beginOnce()\n',
    replace: '',
    caughtBy: 'Task 7: lock the rows › on PostgreSQL › begins a transaction that stays open',
    why: 'Without BEGIN every statement is a transaction of its own. SELECT … FOR UPDATE locks the rows, ends, and lets go of them before the program has seen what is in them. It looks right, and protects nothing.',
  },
  {
    name: 'locks-what-is-beside-it',
    file: 'session/row-lock.ts',
    find: "const words = [' FOR UPDATE OF', dialect.quoteIdentifier(table)]",
    replace: "const words = [' FOR UPDATE']",
    caughtBy: 'Task 7: lock the rows › on PostgreSQL › leaves the rows of joined tables free',
    why: 'FOR UPDATE alone locks the rows of every table in the SELECT: whoever wants to change the author waits for somebody who works on one of the posts. And a LEFT JOIN is refused, for where it found nothing there is nothing to lock.',
  },
  {
    name: 'waits-in-the-queue',
    file: 'session/row-lock.ts',
    find: "  if (lock.skipLocked) words.push('SKIP LOCKED')\n",
    replace: '',
    caughtBy:
      'Task 7: lock the rows › on PostgreSQL › passes over the rows that others have locked',
    why: 'Four workers ask for the first free job, and all mean the same one. Three wait until the first has done it, and find it taken. Without SKIP LOCKED a queue with four workers is as fast as one with one.',
  },
]
