export const hints: Record<number, readonly string[]> = {
  1: [
    'Three small functions, and one note to keep: what is running now, as a text, or undefined. When is it set, when is it cleared, and who looks at it?',
    'refuse: `if (this.#running !== undefined) throw new ConcurrentUseError(doing, this.#running)`. With that the first thing in `alone` is `this.refuse(doing)`: before any await, so that two calls in the same moment meet.',
    'alone: `this.#running = doing`, then `const done = later(work)` and `this.#whenDone = done`. Then try: `return await done`. In finally: `this.#running = undefined`. Without the await in the try, finally would run while the work is still on its way.',
    'lend is alone, turned inside out: `this.#running = undefined`, then try: `const result = await work()`, `this.refuse("go on")`, return the result. And in finally put back both notes, `#running` and `#whenDone`.',
    'One line is missing in that finally: `await this.settled()` comes first. What the function left running still works on the session; to go on beside it is what all of this is there to prevent.',
  ],
  2: [
    'A transaction belongs to a connection. BEGIN on one and INSERT on another: what would the database make of that? Say for each of the four methods which connection it has to use.',
    'values and run: `this.#held ? this.#held.values(sql, parameters) : …`, with the line that stands there behind the colon. A connection that is held has its options from the moment when it was taken.',
    'begin: `this.#held = await this.#database.connect(this.#options)`. Then `await this.#held.run(this.beginSql)` in a try, and in the catch `await this.#giveBack()` and throw the error again.',
    'end: `await this.#held?.run(sql)` in a try. In the catch: `if (sql === "COMMIT") throw error`. Behind all of it `await this.#giveBack()`, and not in a finally: after a failed COMMIT the ROLLBACK needs the connection.',
  ],
  3: [
    'What does `await x` do with an x that is no promise, but has a method `then`? Try it in Node: `await { then: (ok) => ok(3) }`.',
    'then: `load().then(...handlers)`. The two handlers are resolve and reject of whoever awaits. `load()` stands inside of the function, so nothing is sent before; and its errors go to the one who awaits.',
    'get, in this order: `if (Object.hasOwn(known, key)) return known[key]`, then `if (Object.hasOwn(target, key)) return Reflect.get(target, key)`. Not `key in known`: that would find the toString that every object has inherited.',
    'What is left is somebody who forgot an await, or JavaScript itself, which asks for symbols such as Symbol.toPrimitive: `if (typeof key === "symbol" && key !== Symbol.iterator) return undefined`, and then `throw forbidden()`. The line with `then` in the starter is not needed any more: `then` is known.',
  ],
  4: [
    'An AsyncLocalStorage is a variable that each task has for itself. `sessions.run(value, work)` sets it for a function and for everything that it waits for; `sessions.getStore()` reads it, or gives undefined.',
    'currentSession is three lines: read it, throw a NoSessionError when there is none, return it.',
    'withSession: `await sessions.run(session, () => work(session))` gives the result. The await is needed: the session must not be closed while the work is on its way.',
    'Two ways lead out. In the catch: `await session.close().catch(() => {})` and throw the first error. Behind it: `await session.close()`, and then return the result. A finally does not do here: an error of close would take the place of the first one.',
  ],
  5: [
    'Write the loop without thinking of the database first: try, return what it gives; catch, and decide. There are two reasons to give up, and they are one condition.',
    '`for (let attempt = 1; ; attempt++)`, and in it `try { return await work(attempt) } catch (error) { … }`. The await is needed: a promise that is returned without it fails outside of the try.',
    'In the catch: `if (attempt >= attempts || !isWorthRetrying(error)) throw error`, and then `await wait(pauseAfter(attempt, pause))`.',
    'isWorthRetrying: `error instanceof SerializationFailure || …` for each of the three imported classes. pauseAfter: `Math.random() * Math.min(pause * 2 ** (attempt - 1), longest)`.',
  ],
  6: [
    'Begin with takeKeys. PostgreSQL counts with a sequence, and `nextval` takes the next number, whether somebody uses it or not. Who has the numbers before the INSERT need not ask afterwards which row got which.',
    'takeKeys: `const keys = await connection.values(sql, parameters)`. `keys[0]?.[0] === null`: no sequence, give false. Otherwise for each `[i, row] of rows.entries()`: `row[key.index] = keys[i]![0]!`.',
    'insertRows: `if (key && !(await takeKeys(key, rows, connection))) return false`. Then `const missing = missingIn(part, rows[0]!)`, and the statement from `insertManyOf(part, rows, connection.dialect)`. Without missing columns `run` it; with some, `complete(rows, part, missing, await connection.values(sql, parameters))`.',
    'complete: `new Map(found.map(([value, ...filled]) => [String(value), filled]))`, and for each row `byKey.get(String(row[key!.index]))`; its values belong into `row[column.index]` of the missing columns.',
    '#fits: `if (this.changes.length >= this.#room || !hasSameColumns(first, change)) return false`, and for each `{ target }` of `change.references.values()`: `if (this.#objects.has(target)) return false`. Whoever comes through fits.',
  ],
  7: [
    'Write the statement by hand: SELECT … FROM jobs WHERE … LIMIT 1, and then? The page of PostgreSQL about SELECT has it under "The Locking Clause".',
    "lockClause: a list of words, joined by spaces. `const words = [' FOR UPDATE OF', dialect.quoteIdentifier(table)]`; the first one begins with a space, because it stands behind the SELECT.",
    'fetchLocked: `await session.beginOnce()` first. Outside of a transaction every statement is a transaction of its own, and the lock would be gone before you have looked at the row.',
    'Then `const { sql, params } = compile(select, session.connection.dialect)`, and `session.connection.values(sql + lockClause(lock, table, session.connection.dialect), params)`.',
  ],
}
