import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'reads-a-boolean-by-truth',
    file: 'mapping/column-types.ts',
    find: 'readable(boolean, value === 1 ? true : value === 0 ? false : value)',
    replace: 'Boolean(value)',
    caughtBy: 'Task 1: convert values both ways › does not guess at "false", which is no boolean',
    why: "Boolean('false') is true: in JavaScript every text but the empty one is truthy. SQLite puts any kind of value into any column, so another program may have written 'false' or 'no' there. A guess is worse than an error: the next save would store it as if it were so.",
    ask: "What is `Boolean('false')`? And what should a program do with a row that says 'false' where a boolean belongs?",
  },
  {
    name: 'takes-text-for-a-boolean',
    file: 'mapping/column-types.ts',
    find: 'value === 1 ? true : value === 0 ? false : value',
    replace: '(value as unknown) == 1 ? true : (value as unknown) == 0 ? false : value',
    caughtBy: 'Task 1: convert values both ways › does not guess at "1", which is no boolean',
    why: "== converts until both sides look alike: '1' == 1 is true, and so is '' == 0. The text that somebody put into the column is taken for an answer that nobody gave. Four values are booleans here; === lets no other in.",
    ask: "What is `'1' == 1` in JavaScript? Which four values may be read as a boolean here?",
  },
  {
    name: 'reads-a-moment-in-local-time',
    file: 'mapping/column-types.ts',
    find: 'readable(timestamp, parseTimestamp(String(value)))',
    replace: 'readable(timestamp, new Date(String(value)))',
    caughtBy:
      'Task 1: convert values both ways › wherever the program runs › reads the time that the database itself writes as UTC',
    why: "CURRENT_TIMESTAMP writes '2026-01-05 09:30:00' and means UTC, but does not say so. new Date() reads a text without a zone as local time. It works on a server that runs in UTC and is hours wrong on your laptop, which is why nobody notices in time.",
    ask: 'The text is `2026-01-05 09:30:00`. Which zone does it name, and which zone does `new Date()` take for it in New York?',
  },
  {
    name: 'sends-a-bigint-through-a-number',
    file: 'mapping/column-types.ts',
    find: 'BigInt(value as number | bigint | string),',
    replace: 'BigInt(Number(value)),',
    caughtBy:
      'Task 1: convert values both ways › carries 9007199254740993n through a database without losing a digit',
    why: 'A number counts exactly up to 2^53 only: 9007199254740993 becomes …992. Keys of large systems, amounts in the smallest coin and ids of other services live beyond it. A value that has been a number once cannot be repaired by BigInt().',
    ask: 'What is `Number(9007199254740993n)`? Can `BigInt()` bring back what is missing?',
  },
  {
    name: 'takes-the-empty-text-for-zero',
    file: 'mapping/column-types.ts',
    find: "String(value).trim() === ''\n      ? readable(bigint, value)\n      : BigInt(",
    replace: 'BigInt(',
    caughtBy: 'Task 1: convert values both ways › does not guess at "", which is no bigint',
    why: "BigInt('') is 0n, as Number('') is 0. An empty text comes into a column of numbers with the first import from a spreadsheet, and means that nothing was known. Read as 0 it becomes a number like any other, and the next sum is wrong.",
    ask: "What does `BigInt('')` give? Who wrote that number into the row?",
  },
  {
    name: 'keeps-a-text-as-it-is',
    file: 'mapping/column-types.ts',
    find: 'toDatabase: (value) => JSON.stringify(value)',
    replace: "toDatabase: (value) => (typeof value === 'string' ? value : JSON.stringify(value))",
    caughtBy: 'Task 1: convert values both ways › keeps the text "1" a text, and no other JSON',
    why: 'A text looks ready for the database, so it is sent as it is. But JSON writes a text in quotes, and that is how it is told from everything else: without them 1 comes back as a number, null as nothing, and dark not at all. Both ways have to speak the same language, for every value.',
    ask: 'You store the text 1. What stands in the database, and what does `JSON.parse` make of that?',
  },
  {
    name: 'copies-bytes-with-slice',
    file: 'mapping/column-types.ts',
    find: 'toDatabase: (value) => Uint8Array.from(value)',
    replace: 'toDatabase: (value) => value.slice()',
    caughtBy:
      'Task 1: convert values both ways › copies a Buffer on its way in, so that a later change stays outside',
    why: 'slice() of a Uint8Array copies, but slice() of a Buffer gives a second view on the same memory, and every Buffer is a Uint8Array. The snapshot would then change together with the object, and a change in place would never be seen.',
    ask: 'Take a Buffer, call `slice()`, and change the first byte of the result. What does the Buffer say now?',
  },
  {
    name: 'names-columns-as-properties',
    file: 'mapping/table.ts',
    find: 'definition.name ?? snakeCase(property)',
    replace: 'definition.name ?? property',
    caughtBy:
      'Task 2: read the declaration › the table › lists the columns in the order of the declaration, with their names in the database',
    why: 'A column has two names: joinedAt in the code, joined_at in the database. All SQL is written with the second one. The convention lives in one place, so that the rest of the ORM never thinks about it.',
    ask: 'What does your `Table` say for `joinedAt`, and what is that column called in the database?',
  },
  {
    name: 'freezes-the-outside-only',
    file: 'mapping/table.ts',
    find: 'columns: Object.freeze(columns)',
    replace: 'columns',
    caughtBy: 'Task 2: read the declaration › the table › is a frozen value in all its parts',
    why: 'Object.freeze() freezes one level: the list inside of a frozen object can still be pushed to. Metadata is read by every part of the ORM and kept in caches; if it can change, those parts disagree about what the table is.',
    ask: 'Try `User.table.columns.push(…)`. Which level did your `Object.freeze` reach?',
  },
  {
    name: 'knows-a-new-record-by-its-missing-id',
    file: 'record/active-record.ts',
    find: "this.status === 'new' ? (",
    replace: "Reflect.get(this, 'id') === undefined ? (",
    caughtBy: 'Task 3: insert a new record › keeps a key that the program gives, even 0',
    why: 'An id says which row, not whether it is there. A program may choose keys itself (an import, a UUID), and some tables have no column id. Whether a record is new is a state of its own: the ORM knows it because it made the object, or read it.',
    ask: 'A program gives a key itself, say 0. Is the record new or stored, and what does your `if` say?',
  },
  {
    name: 'takes-falsy-for-not-given',
    file: 'record/insert.ts',
    find: 'filter((column) => row[column.index] !== undefined)',
    replace: 'filter((column) => row[column.index])',
    caughtBy:
      'Task 3: insert a new record › stores null as NULL, and the empty text, 0 and false as what they are',
    why: "0, false, '' and null are values that somebody chose. Only undefined means that nothing was said. A test for truth mixes the five, and the database fills in a default, or NULL, where the program said 0.",
    ask: 'Put 0, false, the empty text, null and undefined through your filter. Which of them did nobody say?',
  },
  {
    name: 'is-persisted-before-the-insert',
    file: 'record/insert.ts',
    find: '  const row = dehydrate(table, record, connection.dialect)\n',
    replace:
      "  const row = dehydrate(table, record, connection.dialect)\n  stateOf(record).status = 'persisted'\n",
    caughtBy:
      'Task 3: insert a new record › leaves the record new when the database refuses the row, so that it can be saved again',
    why: 'A statement can fail. If the record changes its state first, it believes in a row that is not there, and the next save sends an UPDATE that meets nothing. First the database, then the memory.',
    ask: 'The database refuses the row. What does `record.status` say afterwards, and what will the next `save` send?',
  },
  {
    name: 'asks-for-every-column-back',
    file: 'record/insert.ts',
    find: ` RETURNING \${names(missing)}\``,
    replace: ' RETURNING *`',
    caughtBy:
      'Task 3: insert a new record › leaves out what is undefined, and takes back what the database fills in',
    why: 'The row that comes back is read by position: the first value belongs to the first missing column. RETURNING * gives every column, in the order of the table, so the place of one is taken for the time of another. With the key alone missing, and standing first, it works by accident.',
    ask: 'Which columns stand in the row that comes back, and in which order? Which one do you take for the first missing column?',
  },
  {
    name: 'hydrates-with-new',
    file: 'mapping/hydrate.ts',
    find: 'Reflect.construct(Mapped, [], type) as T',
    replace: 'new type(...([{}] as never[]))',
    caughtBy: 'Task 4: hydrate a row › does not run the constructor: the object is not new',
    why: 'The constructor of a model makes new objects: it applies defaults, and the author of the class may validate or send a welcome mail there. A loaded object was made long ago. Running the constructor for each row does all this again.',
    ask: 'Somebody sends a welcome mail in the constructor of User. How many mails go out when a list of a hundred users is read?',
  },
  {
    name: 'hydrates-with-object-create',
    file: 'mapping/hydrate.ts',
    find: 'Reflect.construct(Mapped, [], type) as T',
    replace: 'Object.create(type.prototype)',
    caughtBy: 'Task 4: hydrate a row › gives an object of the class, with its methods',
    why: 'Object.create() gives the methods, but no constructor runs at all, not even that of Mapped, which puts the private #state into the object. Reflect.construct(Mapped, [], type) runs that one constructor and no other.',
    ask: 'Which constructor has run for your object? Who puts the private `#state` into it?',
  },
  {
    name: 'keeps-the-values-of-the-program',
    file: 'mapping/hydrate.ts',
    find: "Object.assign(stateOf(object), { status: 'persisted', row })",
    replace: "Object.assign(stateOf(object), { status: 'persisted', row: Object.values(object) })",
    caughtBy:
      'Task 6: update only what changed › what is sent › is the column that changed, and the key',
    why: 'The snapshot says what stands in the database, so it holds the values of the database. With those of the program, true is compared with 1 and a Date with a text: everything looks changed. And a Date in the snapshot is the same object that the program changes in place, so the one change that matters is not seen.',
    ask: 'What is in the snapshot for `joinedAt`: the text from the database, or the Date that the object holds too?',
  },
  {
    name: 'compares-null-with-equals',
    file: 'record/select.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: '{ sql: `${name} IS NULL`, parameters: [] }',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    replace: '{ sql: `${name} = ?`, parameters: [null] }',
    caughtBy: 'Task 5: ask by values › many records › finds NULL by null',
    why: 'In SQL, NULL means "not known", and "is the unknown equal to the unknown?" is not known either: age = NULL holds for no row, without any error. Several well-known libraries send it. The right question is age IS NULL.',
    ask: 'Run `SELECT NULL = NULL` on the database. What would WHERE do with that answer?',
  },
  {
    name: 'skips-undefined-conditions',
    file: 'record/select.ts',
    find: "throw new UndefinedValueError(column, 'a condition')",
    replace: "return { sql: '1 = 1', parameters: [] }",
    caughtBy:
      'Task 5: ask by values › careful › refuses undefined in where: a forgotten value never means every row',
    why: "where({ email: request.email }) with a misspelt field becomes where({}): every row of the table. In a login that is somebody else's account, in a clean-up job it is everything. Whoever means every row can leave the condition out.",
    ask: 'Somebody misspells the field, and `request.email` is undefined. Which rows does `where({ email: request.email })` give?',
  },
  {
    name: 'selects-a-star',
    file: 'record/select.ts',
    find: "table.columns.map((column) => dialect.quoteIdentifier(column.name)).join(', ')",
    replace: "'*'",
    caughtBy:
      'Task 5: ask by values › careful › asks for its columns by name, whatever order the table has them in',
    why: 'The row is read by position, in the order of the declaration. SELECT * gives the order of the table, which belongs to the database: one migration later the email stands in the name. That is how the hand-written mapping of stage 01 broke.',
    ask: 'Who decides in which order the columns of `SELECT *` come, and by what does `hydrate` know which is which?',
  },
  {
    name: 'writes-the-value-into-the-sql',
    file: 'record/select.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: '{ sql: `${name} = ?`, parameters: [encode(column, value, dialect)] }',
    replace:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
      "{ sql: `${name} = '${encode(column, value, dialect)}'`, parameters: [] }",
    caughtBy: 'Task 5: ask by values › careful › never mixes a value into the SQL',
    why: "O'Malley breaks the statement, and ' OR '1' = '1 rewrites it: this is SQL injection. A parameter travels beside the statement and is never read as SQL, whatever it holds.",
    ask: "Write down the SQL that you send for the name O'Malley. Where does the text end for the parser?",
  },
  {
    name: 'sends-every-column',
    file: 'record/update.ts',
    find: '.filter(({ column, value }) => !isSame(column, value, row[column.index] ?? null))',
    replace: '.filter(() => true)',
    caughtBy:
      'Task 6: update only what changed › what is sent › is the column that changed, and the key',
    why: 'An UPDATE of the whole row works as long as you are alone. With two copies of a record, the one that is saved last writes its old values over what the other has stored. This is called a lost update.',
    ask: 'Two people load Bob. One saves a new name, the other one then a new age. Which name does the second UPDATE write?',
  },
  {
    name: 'compares-with-three-equals',
    file: 'record/update.ts',
    find: '!isSame(column, value, row[column.index] ?? null)',
    replace: 'value !== (row[column.index] ?? null)',
    caughtBy:
      'Task 6: update only what changed › no change is seen › when the database spells the same JSON in another way',
    why: 'One value can have several spellings: {"a":1} and { "a": 1 }, a moment with T and without, two arrays with the same bytes. === compares the spelling, so a record that was only read is written again. The type of the column knows what is the same.',
    ask: 'The database spells the JSON with blanks, your program without. Are they the same value? What does === say?',
  },
  {
    name: 'keeps-the-old-snapshot',
    file: 'record/update.ts',
    find: '  state.row = withChanges(state.row, changes)\n',
    replace: '',
    caughtBy: 'Task 6: update only what changed › what is sent › is nothing the second time',
    why: 'The snapshot is what the database holds, as far as we know. After an UPDATE it holds something else. Without a new snapshot every later save sends the same change again, and changing a value back is not seen at all.',
    ask: 'After the first `save`, what does the snapshot say the name is, and what does the row say?',
  },
  {
    name: 'finds-the-row-by-the-new-key',
    file: 'record/update.ts',
    find: 'storedKey(table, state.row)',
    replace:
      'table.primaryKey.map((column) => encode(column, Reflect.get(record, column.property), connection.dialect))',
    caughtBy:
      'Task 6: update only what changed › the key › may change: the row is found by the key that it was stored under',
    why: 'The property says which key the record shall have. The row stands in the database under the key that it had. When the two differ, WHERE with the new one meets no row, or the row of somebody else.',
    ask: '`carol.id = 30` was set, and the row stands under 3. Which key is in your WHERE?',
  },
  {
    name: 'ignores-a-lost-row',
    file: 'record/update.ts',
    find: 'if (result.changes === 0)',
    replace: 'if (result.changes < 0)',
    caughtBy: 'Task 6: update only what changed › when it fails › reports a row that is gone',
    why: 'An UPDATE that meets no row is no error for the database: it did all there was to do. For the program the data is lost, and it says "saved" to the user. The number of rows is the only sign.',
    ask: 'Somebody has deleted the row. What does `connection.run` answer, and who looks at it?',
  },
  {
    name: 'runs-the-after-hook-always',
    file: 'record/hooks.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    find: 'if (wasWritten) callHook(record, `after${event}`)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    replace: 'callHook(record, `after${event}`)',
    caughtBy:
      'Task 7: let the hooks see it › the hooks › hear nothing after a save that had nothing to send',
    why: 'A hook named afterUpdate says "the row has changed": people clear caches and send mail in it. When save had nothing to send, nothing has changed.',
    ask: '`save` had nothing to send. What does an `afterUpdate` that sends mails believe?',
  },
  {
    name: 'says-written-when-something-came-back',
    file: 'record/insert.ts',
    find: '  return true\n',
    replace: '  return missing.length > 0\n',
    caughtBy:
      'Task 7: let the hooks see it › the hooks › hear of an INSERT that had nothing to ask back, because the key was given',
    why: 'insert answers one question: was a statement sent? It was, whether the database had to fill something in or not. With another answer the hooks after the write are left out for exactly the records that bring their own key.',
    ask: 'A record brings its own key, so no column is missing. What does your `insert` return, and what was sent?',
  },
  {
    name: 'waits-for-no-after-hook',
    file: 'record/hooks.ts',
    find: 'if (result instanceof Promise)',
    replace: "if (hook.startsWith('before') && result instanceof Promise)",
    caughtBy:
      'Task 7: let the hooks see it › the hooks › may not be async after the write either: their errors would be lost',
    why: 'After the write nothing depends on the hook any more, so its promise seems to do no harm. But nobody waits for it: what it does comes later than its author thinks, and its error is nobody’s. A rule with one exception is one that nobody remembers.',
    ask: '`afterSave` is async and its second line throws. Who hears of that?',
  },
]
