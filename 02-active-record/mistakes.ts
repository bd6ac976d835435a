import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'reads-a-boolean-by-truth',
    file: 'mapping/column-types.ts',
    find: 'readable(boolean, value === 1 ? true : value === 0 ? false : value)',
    replace: 'Boolean(value)',
    caughtBy: 'Task 1: convert values both ways › does not guess at "false", which is no boolean',
    why: "Boolean('false') is true: in JavaScript every text but the empty one is truthy. SQLite puts any kind of value into any column, so another program may have written 'false' or 'no' there. A guess is worse than an error: the next save would store it as if it were so.",
  },
  {
    name: 'reads-a-moment-in-local-time',
    file: 'mapping/column-types.ts',
    find: 'readable(timestamp, parseTimestamp(String(value)))',
    replace: 'readable(timestamp, new Date(String(value)))',
    caughtBy:
      'Task 1: convert values both ways › wherever the program runs › reads the time that the database itself writes as UTC',
    why: "CURRENT_TIMESTAMP writes '2026-01-05 09:30:00' and means UTC, but does not say so. new Date() reads a text without a zone as local time. It works on a server that runs in UTC and is hours wrong on your laptop, which is why nobody notices in time.",
  },
  {
    name: 'sends-a-bigint-through-a-number',
    file: 'mapping/column-types.ts',
    find: 'BigInt(value as number | bigint | string)',
    replace: 'BigInt(Number(value))',
    caughtBy:
      'Task 1: convert values both ways › carries 9007199254740993n through a database without losing a digit',
    why: 'A number counts exactly up to 2^53 only: 9007199254740993 becomes …992. Keys of large systems, amounts in the smallest coin and ids of other services live beyond it. A value that has been a number once cannot be repaired by BigInt().',
  },
  {
    name: 'copies-bytes-with-slice',
    file: 'mapping/column-types.ts',
    find: 'toDatabase: (value) => Uint8Array.from(value)',
    replace: 'toDatabase: (value) => value.slice()',
    caughtBy:
      'Task 1: convert values both ways › copies a Buffer on its way in, so that a later change stays outside',
    why: 'slice() of a Uint8Array copies, but slice() of a Buffer gives a second view on the same memory, and every Buffer is a Uint8Array. The snapshot would then change together with the object, and a change in place would never be seen.',
  },
  {
    name: 'names-columns-as-properties',
    file: 'mapping/table.ts',
    find: 'definition.name ?? snakeCase(property)',
    replace: 'definition.name ?? property',
    caughtBy:
      'Task 2: read the declaration › the table › lists the columns in the order of the declaration, with their names in the database',
    why: 'A column has two names: joinedAt in the code, joined_at in the database. All SQL is written with the second one. The convention lives in one place, so that the rest of the ORM never thinks about it.',
  },
  {
    name: 'freezes-the-outside-only',
    file: 'mapping/table.ts',
    find: 'columns: Object.freeze(columns)',
    replace: 'columns',
    caughtBy: 'Task 2: read the declaration › the table › is a frozen value in all its parts',
    why: 'Object.freeze() freezes one level: the list inside of a frozen object can still be pushed to. Metadata is read by every part of the ORM and kept in caches; if it can change, those parts disagree about what the table is.',
  },
  {
    name: 'knows-a-new-record-by-its-missing-id',
    file: 'record/active-record.ts',
    find: "this.status === 'new' ? (",
    replace: "Reflect.get(this, 'id') === undefined ? (",
    caughtBy: 'Task 3: insert a new record › keeps a key that the program gives, even 0',
    why: 'An id says which row, not whether it is there. A program may choose keys itself (an import, a UUID), and some tables have no column id. Whether a record is new is a state of its own: the ORM knows it because it made the object, or read it.',
  },
  {
    name: 'takes-falsy-for-not-given',
    file: 'record/insert.ts',
    find: 'filter((column) => row[column.index] !== undefined)',
    replace: 'filter((column) => row[column.index])',
    caughtBy:
      'Task 3: insert a new record › stores null as NULL, and the empty text, 0 and false as what they are',
    why: "0, false, '' and null are values that somebody chose. Only undefined means that nothing was said. A test for truth mixes the five, and the database fills in a default, or NULL, where the program said 0.",
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
  },
  {
    name: 'hydrates-with-new',
    file: 'mapping/hydrate.ts',
    find: 'Reflect.construct(Mapped, [], type) as T',
    replace: 'new type(...([{}] as never[]))',
    caughtBy: 'Task 4: hydrate a row › does not run the constructor: the object is not new',
    why: 'The constructor of a model makes new objects: it applies defaults, and the author of the class may validate or send a welcome mail there. A loaded object was made long ago. Running the constructor for each row does all this again.',
  },
  {
    name: 'hydrates-with-object-create',
    file: 'mapping/hydrate.ts',
    find: 'Reflect.construct(Mapped, [], type) as T',
    replace: 'Object.create(type.prototype)',
    caughtBy: 'Task 4: hydrate a row › gives an object of the class, with its methods',
    why: 'Object.create() gives the methods, but no constructor runs at all, not even that of Mapped, which puts the private #state into the object. Reflect.construct(Mapped, [], type) runs that one constructor and no other.',
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
  },
  {
    name: 'skips-undefined-conditions',
    file: 'record/select.ts',
    find: "throw new UndefinedValueError(column, 'a condition')",
    replace: "return { sql: '1 = 1', parameters: [] }",
    caughtBy:
      'Task 5: ask by values › careful › refuses undefined in where: a forgotten value never means every row',
    why: "where({ email: request.email }) with a misspelt field becomes where({}): every row of the table. In a login that is somebody else's account, in a clean-up job it is everything. Whoever means every row can leave the condition out.",
  },
  {
    name: 'selects-a-star',
    file: 'record/select.ts',
    find: "table.columns.map((column) => dialect.quoteIdentifier(column.name)).join(', ')",
    replace: "'*'",
    caughtBy:
      'Task 5: ask by values › careful › asks for its columns by name, whatever order the table has them in',
    why: 'The row is read by position, in the order of the declaration. SELECT * gives the order of the table, which belongs to the database: one migration later the email stands in the name. That is how the hand-written mapping of stage 01 broke.',
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
  },
  {
    name: 'sends-every-column',
    file: 'record/update.ts',
    find: '.filter(({ column, value }) => !isSame(column, value, row[column.index] ?? null))',
    replace: '.filter(() => true)',
    caughtBy:
      'Task 6: update only what changed › what is sent › is the column that changed, and the key',
    why: 'An UPDATE of the whole row works as long as you are alone. With two copies of a record, the one that is saved last writes its old values over what the other has stored. This is called a lost update.',
  },
  {
    name: 'compares-with-three-equals',
    file: 'record/update.ts',
    find: '!isSame(column, value, row[column.index] ?? null)',
    replace: 'value !== (row[column.index] ?? null)',
    caughtBy:
      'Task 6: update only what changed › no change is seen › when the database spells the same JSON in another way',
    why: 'One value can have several spellings: {"a":1} and { "a": 1 }, a moment with T and without, two arrays with the same bytes. === compares the spelling, so a record that was only read is written again. The type of the column knows what is the same.',
  },
  {
    name: 'keeps-the-old-snapshot',
    file: 'record/update.ts',
    find: '  state.row = withChanges(state.row, changes)\n',
    replace: '',
    caughtBy: 'Task 6: update only what changed › what is sent › is nothing the second time',
    why: 'The snapshot is what the database holds, as far as we know. After an UPDATE it holds something else. Without a new snapshot every later save sends the same change again, and changing a value back is not seen at all.',
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
  },
  {
    name: 'ignores-a-lost-row',
    file: 'record/update.ts',
    find: 'if (result.changes === 0)',
    replace: 'if (result.changes < 0)',
    caughtBy: 'Task 6: update only what changed › when it fails › reports a row that is gone',
    why: 'An UPDATE that meets no row is no error for the database: it did all there was to do. For the program the data is lost, and it says "saved" to the user. The number of rows is the only sign.',
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
  },
]
