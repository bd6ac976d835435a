export const hints: Record<number, readonly string[]> = {
  1: [
    'SQLite keeps two things about the last call on a connection: a number and a sentence. Both functions that read them are imported already, and both take the pointer `db`.',
    'Put the four facts together once: `const failure = { code, reason, sql, parameters }`. Every error class of errors.ts takes that object.',
    'Then `switch (code)` over the SQLITE_CONSTRAINT_… constants. A primary key is unique too. The default is a plain `DatabaseError`.',
    'SQLITE_BUSY is a family: `(code & 0xff) === SQLITE_BUSY` is true for each of its members. Ask it before the switch.',
  ],
  2: [
    'Begin with the counts: `sqlite3_bind_parameter_count(statement.pointer)` against `statement.parameters.length`. The error for it takes the SQL and both numbers.',
    'One value, one call. A helper `bindValue(pointer, index, value)` that gives back the result code keeps `bind` short: null → bind_null, string → bind_text, and so on down the table of the README. What is left over is an UnsupportedValueError.',
    'For text: `sqlite3_bind_text(pointer, index, value, Buffer.byteLength(value), SQLITE_TRANSIENT)`. The index of the first question mark is 1. Each call answers SQLITE_OK, or there is a `statement.failure()` to throw.',
    'After null and string, only numbers and bigints are left: `isInt64(value)` first, then `isDouble(value)`; both stand at the end of the file. What is neither goes to the error: undefined, true, a Date, NaN.',
    'Reading: `const type = sqlite3_column_type(pointer, column)` first. NULL gives null; another type than yours is `new ColumnTypeError(nameOf(statement, column), …, type)`; else `textAt(sqlite3_column_text(…), sqlite3_column_bytes(…))`, or `BigInt(sqlite3_column_int64(…))`.',
  ],
  3: [
    'JavaScript has one construct for "in any case, also when something throws".',
    'Where does the `try` begin? As soon as `prepare` has returned, the statement is yours. So `bind` is inside.',
    'withStatement: `const statement = prepare(db, sql, parameters)`, then `try { bind(statement); return use(statement) } finally { finalize(statement) }`.',
    'execute is withStatement with a `use` that calls `step` until it gives false, then asks `sqlite3_changes(db.pointer)` and `sqlite3_last_insert_rowid(db.pointer)`. The id goes through BigInt(…), so that its type does not depend on its size.',
  ],
  4: [
    'The map `live` is the whole mechanism: a User that is in it is alive, one that is not was freed.',
    'allocateUser: `new User()`, `koffi.alloc(userStruct, 1)`, and an entry in `live`. addressOf: `live.get(user)`, or the error.',
    'freeUser takes the address out of the map first, deletes the entry, and then calls `koffi.free(address)`. What if there was no entry?',
    'Why is the User the key, and not the address? Because C hands the same address out again, to somebody else.',
  ],
  5: [
    'Two questions before anything is written: is there a NUL in the text, and how many bytes does it have?',
    '`text.indexOf("\\0")` finds the NUL; `Buffer.byteLength(text)` counts the bytes. The array has TEXT_SIZE bytes, and the last one belongs to the NUL at the end.',
    'writeText: `checkText(field, text)`, then `koffi.encode(addressOf(user), koffi.offsetof(userStruct, field), charArray, text)`. It is the mirror of `readText` at the end of the file.',
    'writeId: `const number = Number(id)`; it fits when it is an integer from -(2 ** 31) up to, not including, 2 ** 31. Encode it as `int` at the offset of `id`.',
  ],
  6: [
    'findUserById is one `withStatement` whose work is one `step`: a row waits, so hydrate it, or none does, so null. Name the three columns in the SELECT.',
    'hydrate: allocate first, then three assignments such as `user.name = notNull("name", columnText(statement, 1))`. Each of them may throw, and then nobody else knows about the struct.',
    'So hydrate needs `try { …; return user } catch (error) { freeUser(user); throw error }`. Not finally: when all goes well, the struct belongs to the caller.',
    'listUsers collects `hydrate(statement)` while `step` says true. When the third row fails, the first two are still yours: free them in a catch, then throw on.',
  ],
  7: [
    'Each of the three is one `execute` with question marks. What does its outcome tell you?',
    'createUser: `checkText` for both texts before anything is sent, then INSERT INTO users (name, email) VALUES (?, ?), then `Number(outcome.lastInsertId)`.',
    'updateUser reads the struct (`user.name`, `user.email`, `user.id`) and sends UPDATE users SET name = ?, email = ? WHERE id = ?. It does not free: the struct is the caller’s.',
    'When `changes` is 0, there was no such row: `throw new MissingRowError("update", user.id)`. The same for delete.',
  ],
}
