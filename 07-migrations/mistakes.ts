import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'takes-the-property-for-the-column',
    file: 'migrations/schema-of.ts',
    find: '      columns: [column.name],',
    replace: '      columns: [column.property],',
    caughtBy:
      'Task 1: models to schema › a constraint › for a foreign key has its target and its rules',
    why: 'The class says authorId, the table author_id. A schema speaks the language of the database; the property is left behind where the metadata end. As long as all names are one word, nobody notices.',
    ask: 'The class says authorId. Type `SELECT authorId FROM posts` into your database: what does it answer, and in which of the two languages is your constraint written?',
  },
  {
    name: 'counts-every-key',
    file: 'migrations/schema-of.ts',
    find: 'isGenerated: column.isPrimaryKey && column.isGenerated && table.primaryKey.length === 1',
    replace: 'isGenerated: column.isPrimaryKey',
    caughtBy:
      'Task 1: models to schema › a column › is counted by the database only as a key of one column that says so',
    why: 'A key need not be a number that the database makes up: it may be a code that comes from outside, or two foreign keys together. Only the declaration knows, and AUTOINCREMENT on a text is an error.',
    ask: 'Your table `taggings` has a tag as part of its key, a text. What should the database write there when a row comes without one?',
  },
  {
    name: 'counts-each-part-of-a-key',
    file: 'migrations/schema-of.ts',
    find: ' && table.primaryKey.length === 1',
    replace: '',
    caughtBy:
      'Task 1: models to schema › a column › of a key › is not counted when the key has several, whatever each of them says',
    why: 'A whole number as a key is counted, unless the declaration says otherwise, and in a key of two columns it is easily forgotten to say so twice. Neither database counts a part of a key: SQLite takes AUTOINCREMENT behind a whole key only.',
    ask: 'Row 3, place 7 is one seat. Which of your two columns is the database to count up for the next seat, and what would the other one hold?',
  },
  {
    name: 'lets-a-key-be-null',
    file: 'migrations/schema-of.ts',
    find: 'isNullable: column.isNullable && !column.isPrimaryKey',
    replace: 'isNullable: column.isNullable',
    caughtBy:
      'Task 1: models to schema › a column › of a key › is never NULL, even where the declaration allows it',
    why: 'PostgreSQL makes each column of a primary key NOT NULL, whatever was said. A schema that says otherwise differs from the database in every run, and no migration ever brings them together.',
    ask: 'Create your table on PostgreSQL and ask it which columns may be NULL. Where does its answer differ from your schema, and what will the tool do about that tomorrow?',
  },
  {
    name: 'takes-the-default-of-the-program-first',
    file: 'migrations/schema-of.ts',
    find: 'default: column.defaultSql ?? defaultValue(column, dialect)',
    replace: 'default: defaultValue(column, dialect) ?? column.defaultSql',
    caughtBy:
      'Task 1: models to schema › a default › in SQL goes before one of the program: it was said for the database',
    why: 'A column may have both: a value for new objects, and an expression for rows that come from elsewhere. The schema is about the second kind, and the value is only what stands in when nothing was said.',
    ask: 'Your column `at` has two defaults. A script of somebody else inserts a row and never starts your program: which of the two should the row get?',
  },
  {
    name: 'points-to-the-id',
    file: 'migrations/schema-of.ts',
    find: 'columns: [target.name] }',
    replace: "columns: ['id'] }",
    caughtBy:
      'Task 1: models to schema › a constraint › for a foreign key names the column that it points to, which need not be called id',
    why: 'Most foreign keys point to id, and so this works for years. A key may also be a code, or another unique column; referencedBy knows which.',
    ask: 'Your cities point to the isoCode of a country. Read me the REFERENCES that your schema leads to: does the table `countries` have that column?',
  },
  {
    name: 'forgets-the-default-of-the-database',
    file: 'migrations/schema-of.ts',
    find: 'default: column.defaultSql ?? defaultValue(column, dialect)',
    replace: 'default: defaultValue(column, dialect)',
    caughtBy: 'Task 1: models to schema › a default › in SQL stays as it is',
    why: 'There are two kinds of defaults: values that the program knows, and expressions that only the database can work out, such as CURRENT_TIMESTAMP. Who leaves the second kind out drops it from the table in the next migration.',
    ask: 'Add a CURRENT_TIMESTAMP to a column and print your schema. From which line of the declaration should that have come, and which line of your code reads it?',
  },
  {
    name: 'believes-notnull',
    file: 'migrations/inspect-sqlite.ts',
    find: 'isNullable: row.notnull === 0 && !isRowid',
    replace: 'isNullable: row.notnull === 0',
    caughtBy:
      'Task 2: inspect the database › the columns › are never NULL where they are the number of the row',
    why: 'PRAGMA table_xinfo repeats what was written, not what holds. INTEGER PRIMARY KEY is another name for the number of the row, which is never NULL. Who believes the PRAGMA finds a difference to the models in every run, and rebuilds every table each time.',
    ask: 'Try to insert a NULL as the id of a table with INTEGER PRIMARY KEY, and look at the row. What does `notnull` say of this column, and which of the two do you go by?',
  },
  {
    name: 'takes-int-for-integer',
    file: 'migrations/inspect-sqlite.ts',
    find: '/^integer$/i.test(row.type)',
    replace: "canonicalType(row.type) === 'integer'",
    caughtBy:
      'Task 2: inspect the database › the columns › are the number of the row only as INTEGER: an INT as the key may be NULL',
    why: 'Two spellings of one type, and everywhere else it makes no difference. But only INTEGER PRIMARY KEY is the number of the row. INT PRIMARY KEY is a column with an index beside it, counts nothing, and takes NULL.',
    ask: 'Make two tables, one with `id INT PRIMARY KEY` and one with `id INTEGER PRIMARY KEY`, and insert a row without an id into each. What does each id hold, and where does your code tell the two apart?',
  },
  {
    name: 'a-foreign-key-for-each-column',
    file: 'migrations/inspect-sqlite.ts',
    find: 'groupBy(rows, ({ id }) => id)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the edit is a template
    replace: 'groupBy(rows, ({ id, seq }) => `${id} ${seq}`)',
    caughtBy:
      'Task 2: inspect the database › the foreign keys › of several columns are one foreign key each',
    why: 'The list has a row for each column, and a foreign key over two columns has two rows with one id. Apart they say something else: that each column alone points to a row, which need not be the same one.',
    ask: 'FOREIGN KEY (b, a) REFERENCES rows (hall, number): how many rows does the PRAGMA give for it, what do they have in common, and how many foreign keys did you make of them?',
  },
  {
    name: 'takes-the-order-of-the-table',
    file: 'migrations/inspect-sqlite.ts',
    find: '    .sort((one, other) => one.pk - other.pk)\n',
    replace: '',
    caughtBy:
      'Task 2: inspect the database › the primary key › has its columns in the order of the key, not of the table',
    why: 'PRIMARY KEY (a, b) is not PRIMARY KEY (b, a): the index behind it finds rows by its first column. The number in pk is the place in the key, not just a yes.',
    ask: 'Print the `pk` of each column of PRIMARY KEY (a, b) in a table that was declared b first. What do the numbers tell you beside yes and no?',
  },
  {
    name: 'points-to-nothing',
    file: 'migrations/inspect-sqlite.ts',
    find: 'columns: named.length > 0 ? named : keyColumns(columnRows(connection, target)),',
    replace: 'columns: parts.map(({ to }) => to as string),',
    caughtBy:
      'Task 2: inspect the database › the foreign keys › that name only a table mean its primary key',
    why: 'REFERENCES users without a column is allowed, and means the primary key. The list then has NULL, and a null that is carried along becomes REFERENCES users (null) in a file of next week.',
    ask: 'Print the row of the PRAGMA for `user INTEGER REFERENCES users`. What stands in `to`, and what would a file of next week say if you carry it along?',
  },
  {
    name: 'compares-texts',
    file: 'migrations/diff.ts',
    find: 'onlyIn(after.columns, before.columns, meaningOfColumn)',
    replace: 'onlyIn(after.columns, before.columns, (one) => JSON.stringify(one))',
    caughtBy:
      'Task 3: find the difference › of two schemas that mean the same › is nothing in another spelling: PostgreSQL writes a default and a check in its own way',
    why: "A database does not give back what it was given: DEFAULT 's' comes back as 's'::text. Compared as texts they differ, in every run, and each run writes the same migration again. Several well-known tools had that bug. Bring both sides into one spelling, then compare.",
    ask: "Write DEFAULT 's' into PostgreSQL and read it back with `manage inspect`. You run makemigrations a second time, with nothing changed: what does your code see?",
  },
  {
    name: 'compares-the-names-of-constraints',
    file: 'migrations/diff.ts',
    find: '  const dropped = onlyIn(before.constraints, after.constraints, meaningOfConstraint)\n  const added = onlyIn(after.constraints, before.constraints, meaningOfConstraint)',
    replace:
      '  const dropped = onlyIn(before.constraints, after.constraints, nameOf)\n  const added = onlyIn(after.constraints, before.constraints, nameOf)',
    caughtBy:
      'Task 3: find the difference › in the constraints › is one that says something else: it is dropped and added',
    why: 'The name says how to find a constraint, not what it does. With a word more in an enum the name stays, and the check must change all the same; with another name the check stays, and nothing has to be done.',
    ask: 'An enum gets one word more. What is the name of its check before, and what is it after? What does your comparison look at?',
  },
  {
    name: 'drops-and-adds-what-only-changed',
    file: 'migrations/diff.ts',
    find: `    ...addedColumns(before, after),
    ...alteredColumns(before, after),
    ...droppedColumns(before, after),
`,
    replace: `    ...onlyIn(after.columns, before.columns, meaningOfColumn).map((column) => ({ kind: 'add column' as const, table: after.name, column })),
    ...onlyIn(before.columns, after.columns, meaningOfColumn).map((column) => ({ kind: 'drop column' as const, table: after.name, column })),
`,
    caughtBy:
      'Task 3: find the difference › in the columns › is another type: the column stays the same column',
    why: 'Drop and add leads to the right schema, and loses every value of the column on the way. The schema is the smaller half of a migration: what has the name of before is the same column, and is altered.',
    ask: 'The table has a thousand emails, and the column becomes a VARCHAR(80). Read your operations one after the other: how many emails are there after each of them?',
  },
  {
    name: 'takes-foreign-keys-for-any-constraint',
    file: 'migrations/diff.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the edit is a template
    find: 'turns.indexOf(isForeignKey ? `${operation.kind}: foreign key` : operation.kind)',
    replace: 'turns.indexOf(operation.kind)',
    caughtBy:
      'Task 3: find the difference › in an order that the database takes › drops foreign keys before all else: they lean on what makes their target unique',
    why: 'A foreign key leans on another constraint: the primary key, or the unique one, of its target. That one cannot be dropped while somebody leans on it, and has to be there before somebody can. So foreign keys go before all others, and come after all others.',
    ask: 'Posts point to a unique code of users, and both rules go in one migration. Which of the two does the database let you drop while the other one is still there?',
  },
  {
    name: 'forgets-the-way-back-of-a-drop',
    file: 'migrations/diff.ts',
    find: '({ ...change, backfill: backfills[columnOf(change)] })',
    replace:
      "(change.kind === 'drop column' ? change : { ...change, backfill: backfills[columnOf(change)] })",
    caughtBy:
      'Task 3: find the difference › in the columns › knows what the rows get when a column that is gone is brought back',
    why: 'The way back of a drop is an add, and its values are gone. A column that may not be NULL then needs a value for every row, or the rollback fails at the moment when it is needed most.',
    ask: 'Somebody said --backfill for a column that you drop. Turn your operation round with `reverse`: which value do the rows get when the column comes back as NOT NULL?',
  },
  {
    name: 'creates-tables-before-it-drops',
    file: 'migrations/diff.ts',
    find: "  'drop table',\n  'create table',\n",
    replace: "  'create table',\n  'drop table',\n",
    caughtBy:
      'Task 3: find the difference › in an order that the database takes › drops tables before it creates others, which may take over the name of an index',
    why: 'The names of indexes belong to the whole database, not to a table. While the old table is there, the new one cannot have an index of the same name.',
    ask: 'The table `news` goes and `articles` comes, and both have an index called `recent`. Go through your steps: at which moment are there two of that name?',
  },
  {
    name: 'adds-a-foreign-key-before-its-index',
    file: 'migrations/diff.ts',
    find: "  'create index',\n  'add constraint: foreign key',\n",
    replace: "  'add constraint: foreign key',\n  'create index',\n",
    caughtBy:
      'Task 3: find the difference › in an order that the database takes › adds foreign keys after all else, the indexes too: one may make their target unique',
    why: 'A foreign key points to columns that are unique, and what makes them so may be a unique index. PostgreSQL refuses the key while the index is not there, and refuses to drop the index while the key is.',
    ask: 'A foreign key points to a column that only CREATE UNIQUE INDEX makes unique. Stop after each of your steps: is the column unique when the foreign key arrives?',
  },
  {
    name: 'drops-the-table-that-others-hold',
    file: 'migrations/diff.ts',
    find: "  'drop constraint: foreign key',\n  'drop index',\n  'drop constraint',\n  'drop table',\n",
    replace:
      "  'drop table',\n  'drop constraint: foreign key',\n  'drop index',\n  'drop constraint',\n",
    caughtBy:
      'Task 3: find the difference › in an order that the database takes › opens a circle of tables with a foreign key that comes later, and goes earlier',
    why: 'Two tables that point to each other have no order in which they can be dropped: one of the foreign keys has to go first. After the table is gone there is nothing left to drop it from.',
    ask: 'Eggs point to hens and hens to eggs, and both tables go. Read your first step aloud: who still points to that table?',
  },
  {
    name: 'alters-under-the-check',
    file: 'migrations/diff.ts',
    find: "  'drop index',\n  'drop constraint',\n",
    replace: "  'alter column',\n  'drop index',\n  'drop constraint',\n",
    caughtBy:
      'Task 3: find the difference › in an order that the database takes › alters a column while nothing refers to it',
    why: "A check says something about the type of its column: code <> '' compares texts. While it stands, PostgreSQL does not make a number of the column. What refers to a column goes before the column changes, and comes back, in its new form, after it.",
    ask: "The column `code` becomes a number, and its check still says code <> ''. Which of your steps comes first, and what does that comparison mean right after it?",
  },
  {
    name: 'writes-names-bare',
    file: 'migrations/ddl.ts',
    find: 'const parts = [dialect.quoteIdentifier(name), typeName(type)]',
    replace: 'const parts = [name, typeName(type)]',
    caughtBy: 'Task 4: write the DDL › a column › is written as SQL has it: "order" TEXT NOT NULL',
    why: 'Most names work bare, and so this lives until somebody calls a column order, group or user. Every name that goes into SQL goes through quoteIdentifier, which leaves the harmless ones as they are.',
    ask: 'Call a column `order` and send your CREATE TABLE to SQLite. At which word does it stop, and what else can that word be in SQL?',
  },
  {
    name: 'shouts-every-type',
    file: 'migrations/ddl.ts',
    find: 'const parts = [dialect.quoteIdentifier(name), typeName(type)]',
    replace: 'const parts = [dialect.quoteIdentifier(name), type.toUpperCase()]',
    caughtBy: 'Task 4: write the DDL › a column › is written as SQL has it: mood "Mood"',
    why: 'The types of SQL are keywords, and look best in capitals. But a database can have types of its own, and what stands in quotes is a name: "Mood" and "MOOD" are two types, of which one does not exist.',
    ask: 'PostgreSQL knows a type that somebody has called "Mood". Write your column of that type, and look it up in the catalog: which name are you asking for?',
  },
  {
    name: 'writes-the-table-bare',
    file: 'migrations/ddl.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the edit is a template
    find: '`CREATE TABLE ${dialect.quoteIdentifier(table.name)} (',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the edit is a template
    replace: '`CREATE TABLE ${table.name} (',
    caughtBy: 'Task 4: write the DDL › a table › has its name in quotes where it needs them',
    why: 'A table called order is as likely as a column called order, and PostgreSQL folds a bare Users to users. Tables, columns and constraints are all names.',
    ask: 'You have taken care of the names of columns. What happens to a table that somebody has called `order`?',
  },
  {
    name: 'writes-the-constraint-bare',
    file: 'migrations/ddl.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the edit is a template
    find: 'const start = `CONSTRAINT ${dialect.quoteIdentifier(constraint.name)}`',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the edit is a template
    replace: 'const start = `CONSTRAINT ${constraint.name}`',
    caughtBy:
      'Task 4: write the DDL › a constraint › has a name, so that it can be dropped again: CONSTRAINT "uq_Users" UNIQUE (email)',
    why: 'The name of a constraint is made of the names of a table and its columns, and needs its quotes where they do. Made bare it is folded to small letters, and DROP CONSTRAINT "uq_Users" finds nothing.',
    ask: 'PostgreSQL has taken your CONSTRAINT uq_Users. Ask its catalog for the name: how is it spelled there, and would your DROP find it?',
  },
  {
    name: 'leaves-constraints-without-a-name',
    file: 'migrations/ddl.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the edit is a template
    find: 'const start = `CONSTRAINT ${dialect.quoteIdentifier(constraint.name)}`',
    replace: "const start = ''",
    caughtBy:
      'Task 4: write the DDL › a constraint › has a name, so that it can be dropped again: CONSTRAINT uq_users_a_b UNIQUE (a, b)',
    why: 'Without a name the database makes one up. The migration that drops the constraint, written by somebody else a year later, has to know it, and on the next database it is another one.',
    ask: 'Next year this UNIQUE has to go, on your machine and on the server. Which word will stand behind DROP CONSTRAINT, and how does the one who writes it know?',
  },
  {
    name: 'names-the-key-twice',
    file: 'migrations/ddl.ts',
    find: '      .filter((constraint) => !isInColumn(constraint, table, dialect))\n',
    replace: '',
    caughtBy:
      'Task 4: write the DDL › a table › has a counted key only once on SQLite: in its column',
    why: 'SQLite takes AUTOINCREMENT only behind PRIMARY KEY in the column itself. A PRIMARY KEY at the end of the table as well is a second one, and a table has only one.',
    ask: 'Count the words PRIMARY KEY in the CREATE TABLE that you wrote for SQLite. Which line did each come from?',
  },
  {
    name: 'lets-the-children-go',
    file: 'migrations/rebuild.ts',
    find: `  'PRAGMA foreign_keys = OFF',
  ...(isRebuild ? ['PRAGMA legacy_alter_table = ON'] : []),
  ...statements,
  ...(isRebuild ? ['PRAGMA legacy_alter_table = OFF'] : []),
  'PRAGMA foreign_key_check',
  'PRAGMA foreign_keys = ON',
`,
    replace: `  ...(isRebuild ? ['PRAGMA legacy_alter_table = ON'] : []),
  ...statements,
  ...(isRebuild ? ['PRAGMA legacy_alter_table = OFF'] : []),
`,
    caughtBy:
      'Task 5: rebuild a table › what hangs on the table › keeps its rows: ON DELETE CASCADE does not reach the children',
    why: 'DROP TABLE deletes the rows first. With foreign keys on, each deleted user takes its posts along where the rule says CASCADE, and no error tells it. It is the most expensive bug that migration tools have had, and several have had it.',
    ask: 'Count the posts before and after your rebuild of users. Which of your statements took some away, and which rule of theirs allowed it?',
  },
  {
    name: 'switches-off-too-late',
    file: 'migrations/run-statements.ts',
    find: `  foreignKeysOff(connection, part, () =>
    transaction(connection, () => {`,
    replace: `  transaction(connection, () =>
    foreignKeysOff(connection, part, () => {`,
    caughtBy:
      'Task 5: rebuild a table › what hangs on the table › keeps its rows: ON DELETE CASCADE does not reach the children',
    why: 'PRAGMA foreign_keys does nothing inside a transaction, and says nothing either. It has to be sent before BEGIN and after COMMIT. Deferred foreign keys are no way out: they delay the check, not the CASCADE.',
    ask: 'Send `PRAGMA foreign_keys = OFF` after BEGIN, and then ask `PRAGMA foreign_keys`. What does it answer, and where does your program send it?',
  },
  {
    name: 'forgets-the-indexes',
    file: 'migrations/rebuild.ts',
    find: '    ...wanted.indexes.map((index) => createIndex(wanted, index, sqlite)),\n',
    replace: '',
    caughtBy:
      'Task 5: rebuild a table › what hangs on the table › are its indexes: they are made again',
    why: 'DROP TABLE drops the indexes of the table too. All answers are still right, only slower, so no test of the program notices; and an index that was unique no longer refuses anything.',
    ask: 'List the indexes of `users` in sqlite_schema before your rebuild and after it. Which of your statements made the difference?',
  },
  {
    name: 'forgets-the-triggers',
    file: 'migrations/rebuild.ts',
    find: '    ...(old.triggers ?? []),\n',
    replace: '',
    caughtBy:
      'Task 5: rebuild a table › what hangs on the table › are its triggers: they are made again, and work',
    why: 'DROP TABLE drops the triggers of the table too. What they did, such as writing a log, simply does not happen any more.',
    ask: 'A trigger writes every deleted user into a log. Rebuild the table, delete Bob and read the log: what did you expect to find?',
  },
  {
    name: 'forgets-the-counter',
    file: 'migrations/rebuild.ts',
    find: '    ...keepCounter(old, made),\n',
    replace: '',
    caughtBy:
      'Task 5: rebuild a table › what hangs on the table › is its counter: the id of a deleted row is not given again',
    why: 'AUTOINCREMENT promises that no id is given twice, and keeps its count in a table of its own, by the name of the table. The new table begins to count at its highest row. The id of a user that was deleted goes to the next one, and old links lead to a stranger.',
    ask: 'Bob had the id 2 and was deleted. You rebuild the table, and Carol signs up: which id does she get, and where do old links to /users/2 lead now?',
  },
  {
    name: 'copies-by-place',
    file: 'migrations/rebuild.ts',
    find: `return \`INSERT INTO \${quote(made.name)} (\${columns}) SELECT \${sources} FROM \${quote(old.name)}\``,
    replace: `return \`INSERT INTO \${quote(made.name)} SELECT * FROM \${quote(old.name)}\``,
    caughtBy:
      'Task 5: rebuild a table › the table › gives its old rows the default of a new column',
    why: 'INSERT … SELECT * goes by place. With a column more it fails; with a column dropped and another one added it does not, and puts every value one column to the side.',
    ask: 'Write the columns of the old table on one line and those of the new one below it. Which value does your INSERT put under `city`?',
  },
  {
    name: 'has-no-rows-without-columns',
    file: 'migrations/rebuild.ts',
    find: 'filled.length > 0 ? filled : [rowNumber]',
    replace: 'filled',
    caughtBy: 'Task 5: rebuild a table › the table › keeps its rows when none of its columns stays',
    why: 'A table whose only column is replaced by others has nothing to copy, and yet it has rows. INSERT INTO new_tags () SELECT FROM tags is no SQL; the number of the row is what every row has.',
    ask: 'The only column of `tags` goes, another one comes. Read your INSERT … SELECT for it: what stands between the parentheses, and how many tags should there be afterwards?',
  },
  {
    name: 'fills-in-over-what-is-there',
    file: 'migrations/rebuild.ts',
    find: `\`COALESCE(\${quote(name)}, \${backfill})\``,
    replace: 'backfill',
    caughtBy:
      'Task 5: rebuild a table › the table › gives its old rows a value where they need one',
    why: 'A backfill is for the rows that have nothing. Written for all, it overwrites what people have entered, in every row, with one value.',
    ask: "Alice is 30, Bob's age is NULL, and the backfill is 18. How old is Alice after your migration?",
  },
  {
    name: 'lets-the-rename-look-around',
    file: 'migrations/rebuild.ts',
    find: `['PRAGMA legacy_alter_table = ON']`,
    replace: '[]',
    caughtBy:
      'Task 5: rebuild a table › what hangs on the table › are views, and the triggers of other tables: they read it as before',
    why: 'For a moment the table is away: dropped, and the new one not yet renamed. RENAME TO looks through all views and triggers, finds one that reads a table which is not there, and stops the migration. On a database without views it never happens.',
    ask: 'A view reads `users`. List the tables that exist just before your RENAME TO: what does SQLite find when it looks at that view?',
  },
  {
    name: 'is-blind-for-every-rename',
    file: 'migrations/rebuild.ts',
    find: "  ...(isRebuild ? ['PRAGMA legacy_alter_table = ON'] : []),\n  ...statements,\n  ...(isRebuild ? ['PRAGMA legacy_alter_table = OFF'] : []),\n",
    replace:
      "  'PRAGMA legacy_alter_table = ON',\n  ...statements,\n  'PRAGMA legacy_alter_table = OFF',\n",
    caughtBy:
      'Task 5: rebuild a table › the foreign keys › are off for a table that is dropped as well, and nothing else is: no table is rebuilt',
    why: 'legacy_alter_table switches off the look that RENAME takes at views and triggers. A rebuild needs that for a moment, because a table is away. Nothing else does: what is switched off without a reason is a check that does not warn on the day when it should.',
    ask: 'A migration drops a table and renames nothing. Which of the PRAGMAs around it would you have to explain to the person who reads the file, and what is each of them for?',
  },
  {
    name: 'counts-line-endings',
    file: 'migrations/history.ts',
    find: ".update(text.replaceAll('\\r\\n', '\\n'))",
    replace: '.update(text)',
    caughtBy:
      'Task 6: know the history › the checksum › is the same with the line endings of Windows',
    why: 'Git may write the same file with CRLF on one machine and with LF on another. A checksum over the bytes calls every migration edited as soon as somebody checks it out on Windows, and the whole team learns to switch the check off.',
    ask: 'Save an applied migration with the line endings of Windows and run `migrate`. What did you change in it, and what does your checksum say?',
  },
  {
    name: 'ignores-all-white-space',
    file: 'migrations/history.ts',
    find: "text.replaceAll('\\r\\n', '\\n')",
    replace: "text.replaceAll(/\\s+/g, ' ')",
    caughtBy:
      'Task 6: know the history › the checksum › sees a new line that was added: only its kind does not count',
    why: 'White space can mean something: inside of a text, and at the end of a `--` comment, where a missing new line swallows the statement below it. Take away only what Git itself changes.',
    ask: 'Here are two files: in one, a line of SQL stands below a comment with --, in the other it stands behind it. Do they do the same, and do your two checksums differ?',
  },
  {
    name: 'sorts-by-number',
    file: 'migrations/history.ts',
    find: '  const ordered: M[] = []\n  while (waiting.length > 0) {',
    replace: '  const ordered: M[] = waiting.splice(0)\n  while (waiting.length > 0) {',
    caughtBy:
      'Task 6: know the history › the order › does not follow the numbers: a parent may have the higher one',
    why: 'A number says when somebody began to write, on a branch that others do not see. What a migration builds on, its line `-- after:` says. Where the two disagree, the number is wrong.',
    ask: '0001_late says `-- after: 0009_early`. Which of the two runs first in your order, and what does it find?',
  },
  {
    name: 'trims-every-line',
    file: 'migrations/history.ts',
    find: "text.replaceAll('\\r\\n', '\\n')",
    replace: "text.replaceAll(/[ \\t\\r]+$/gm, '')",
    caughtBy:
      'Task 6: know the history › the checksum › sees a blank at the end of a line: it may stand inside of a text',
    why: 'At the end of most lines a blank means nothing, and inside of a text it is a letter like any other: a row gets another value. A checksum cannot know which is which, so it takes away only what Git itself changes.',
    ask: 'A migration inserts a text of two lines, and somebody takes a blank away at the end of the first. Do both files write the same row, and what do your two checksums say?',
  },
  {
    name: 'waits-for-one-parent',
    file: 'migrations/history.ts',
    find: 'after.every((name) => includes(ordered, name))',
    replace: 'after.length === 0 || after.some((name) => includes(ordered, name))',
    caughtBy:
      'Task 6: know the history › the order › puts a merge behind all its parents: 0002_a, 0003_b',
    why: 'A merge builds on both branches. With one of them behind it, it may ask for a column that only the other one adds. It has its turn when the last of its parents has had theirs.',
    ask: 'A merge names two parents, and one of them has had its turn. May the merge come next, and what does your condition say?',
  },
  {
    name: 'takes-whole-rounds',
    file: 'migrations/history.ts',
    find: '    ordered.push(...waiting.splice(next, 1))\n',
    replace:
      '    const free = waiting.filter(({ after }) => after.every((name) => includes(ordered, name)))\n    ordered.push(...free)\n    for (const one of free) waiting.splice(waiting.indexOf(one), 1)\n',
    caughtBy:
      'Task 6: know the history › the order › takes the first by name of all that could come next, each time anew',
    why: 'Each migration that is taken may free another one, with a name before those that are free already. Who takes all that are free at once has an order that is right too, but another one: which files come first then depends on which others are there, and two machines differ.',
    ask: 'You have taken 0005, and 0006 was only waiting for that. What do you take next, and by which rule does 0009 come before it?',
  },
  {
    name: 'sorts-the-list-of-its-caller',
    file: 'migrations/history.ts',
    find: 'const waiting = migrations.toSorted((one, other) => (one.name < other.name ? -1 : 1))',
    replace:
      'const waiting = (migrations as M[]).sort((one, other) => (one.name < other.name ? -1 : 1))',
    caughtBy: 'Task 6: know the history › the order › leaves the list that it was given as it is',
    why: '`sort` changes the array that it is called on, and `splice` empties it afterwards. The caller has given a list to be read, and finds it empty. `toSorted` makes a new one.',
    ask: 'Print the list that you were given before the call and after it. Which of your lines has changed it?',
  },
  {
    name: 'blames-everybody-for-the-circle',
    file: 'migrations/history.ts',
    find: 'circular(waiting)',
    replace: 'circular(migrations)',
    caughtBy:
      'Task 6: know the history › the order › names those that wait for each other, and not those that had their turn',
    why: 'With two hundred files in the folder, a message that names them all names nobody. Those that could be taken have nothing to do with the circle.',
    ask: 'Two of your two hundred files name each other. Which names will the person read who has to mend it?',
  },
  {
    name: 'takes-the-last-for-the-head',
    file: 'migrations/history.ts',
    find: 'return migrations.filter(({ name }) => !followed.has(name))',
    replace: 'return migrations.filter(({ name }) => !followed.has(name)).slice(-1)',
    caughtBy:
      'Task 6: know the history › the ends › are two when two branches have added a migration each',
    why: 'Two ends mean that two people have changed the schema without knowing of each other. Who takes the last one by name goes on from one of them, and nobody ever looks whether both together are right.',
    ask: 'You wrote 0002_add_age, a colleague 0002_add_email, on two branches that are merged now. How many files does no other one name, and how many do you give back?',
  },
  {
    name: 'counts-the-highest-only',
    file: 'migrations/history.ts',
    find: 'return migrations.filter(({ name }) => !names.has(name))',
    replace: "return migrations.filter(({ name }) => name > ([...names].sort().at(-1) ?? ''))",
    caughtBy:
      'Task 6: know the history › what is pending › is also what lies below the highest number that was applied: a branch that was merged later',
    why: 'A branch was merged late, and its migration has a lower number than the last one that was applied. Who remembers only the highest skips it, in every database that is up to date, without a word. New databases get it. From then on no two databases are the same.',
    ask: 'This database has 0001 and 0003, and the folder now has 0002 as well. What does your function answer, and does a new database end up with the same tables as this one?',
  },
  {
    name: 'begins-again-what-has-begun',
    file: 'migrations/history.ts',
    find: 'const names = new Set(applied.map(({ name }) => name))',
    replace:
      'const names = new Set(applied.flatMap(({ name, appliedAt }) => (appliedAt ? name : [])))',
    caughtBy:
      'Task 6: know the history › what is pending › is not what has begun and never ended: it is in the database, and a person has to look',
    why: 'A row without a time says that a part of the migration may be there. It is not done, but it is not pending either: to run it again from its beginning fails at the first statement that is there already, or fills a table twice. A person has to look; problemsOf says so.',
    ask: 'A migration without a transaction was killed in the middle. Which of its statements are in the database, and what would happen if it began once more from the top?',
  },
  {
    name: 'looks-at-the-file-first',
    file: 'migrations/history.ts',
    find: '    if (!one.appliedAt) return [unfinished(one)]\n',
    replace: '',
    caughtBy:
      'Task 6: know the history › what is wrong › is a migration that has begun and never ended, also when its file has been edited since',
    why: 'A row without a time says: it has begun, and nobody knows how far it came. To overlook that is to call it applied, and to build the next migration on half of this one.',
    ask: 'A row of the history has no time in it. What happened to that migration, and which of your questions would notice it?',
  },
  {
    name: 'forgives-a-lost-file',
    file: 'migrations/history.ts',
    find: 'if (!file) return [missing(one)]',
    replace: 'if (!file) return []',
    caughtBy: 'Task 6: know the history › what is wrong › is a file that is gone',
    why: 'The database has something that no file makes any more. The next database will not have it, and this one cannot be rolled back past it. Mostly it is only the wrong branch, and the person wants to know.',
    ask: 'The history has a name that no file has. What will `rollback` read when it comes to that one, and who hears of it now?',
  },
  {
    name: 'looks-before-the-lock',
    file: 'migrations/migrator.ts',
    find: '  beginAlone(connection, run.waiting)\n  try {\n    const isOpen = !isDone(connection, step)\n',
    replace:
      '  const isOpen = !isDone(connection, step)\n  beginAlone(connection, run.waiting)\n  try {\n',
    caughtBy:
      'Task 7: apply under a lock › two processes at once › look again when they have the lock: what the other one did is not done twice',
    why: 'Between looking and locking there is time for another process to do all of it. What was seen before the lock is a memory; what is seen under the lock is true until COMMIT. So lock first, and look then.',
    ask: 'Two servers run your function at the same moment. Stop both right before they get the lock: what does each believe about the migration?',
  },
  {
    name: 'never-looks-again',
    file: 'migrations/migrator.ts',
    find: 'const isOpen = !isDone(connection, step)',
    replace: 'const isOpen = true',
    caughtBy:
      'Task 7: apply under a lock › one step › does nothing, and says so, when the migration is applied already',
    why: 'The plan was made before this process had the lock. Whoever had it in the meantime may have applied the same migration, and to apply it twice fails at best, and at worst fills a table twice.',
    ask: 'Your process waited ten seconds for the lock. What may the one who had it have done in the meantime, and which line of yours would see that?',
  },
  {
    name: 'leaves-the-transaction-open',
    file: 'migrations/migrator.ts',
    find: "    connection.run('COMMIT')\n    return isOpen\n",
    replace: "    if (isOpen) connection.run('COMMIT')\n    return isOpen\n",
    caughtBy:
      'Task 7: apply under a lock › one step › leaves no transaction open when there was nothing to do',
    why: 'BEGIN IMMEDIATE has taken the lock of the whole file. Who finds nothing to do and goes away without COMMIT keeps it, and all others wait for a process that does nothing.',
    ask: 'The other process was faster and there is nothing to do. Which statements have you sent by then, and who may write to the database now?',
  },
  {
    name: 'takes-a-busy-lock-for-a-failure',
    file: 'migrations/migrator.ts',
    find: '  beginAlone(connection, run.waiting)\n  try {\n',
    replace: '  try {\n    beginAlone(connection, run.waiting)\n',
    caughtBy:
      'Task 7: apply under a lock › two processes at once › are told that the lock was not free, and not that the migration has failed',
    why: 'What has not begun cannot be rolled back. Inside the try, a lock that is not free becomes "0001_create_users failed. Mend the rows or the file", and somebody mends a file in which nothing is wrong.',
    ask: 'The lock is not free. What has been sent to the database at that moment, and what does your message tell the person to mend?',
  },
  {
    name: 'commits-behind-the-catch',
    file: 'migrations/migrator.ts',
    find: `    connection.run('COMMIT')
    return isOpen
  } catch (error) {
    undo(connection)
    throw new MigrationFailedError(step.migration.name, true, error)
  }
`,
    replace: `    if (!isOpen) {
      connection.run('COMMIT')
      return false
    }
  } catch (error) {
    undo(connection)
    throw new MigrationFailedError(step.migration.name, true, error)
  }
  connection.run('COMMIT')
  return true
`,
    caughtBy:
      'Task 7: apply under a lock › when a statement fails › takes all back when the COMMIT itself is refused',
    why: 'COMMIT is a statement like any other, and can fail: deferred foreign keys are checked there. Then the transaction is still open, the lock is still held, and nobody rolls it back.',
    ask: 'A deferred foreign key is checked at COMMIT, and COMMIT throws. On which line of yours does the program go on, and is the transaction still open there?',
  },
  {
    name: 'records-after-commit',
    file: 'migrations/migrator.ts',
    find: "    if (isOpen) runAndRecord(connection, step, run)\n    connection.run('COMMIT')\n",
    replace:
      "    if (isOpen) sendAll(connection, step, run)\n    connection.run('COMMIT')\n    if (isOpen) remember(connection, step.migration, run.now())\n",
    caughtBy:
      'Task 7: apply under a lock › one step › sends all of it in one transaction: the lock first, the history last',
    why: 'Between COMMIT and the history a process can be killed. Then the table is changed, and the database does not know it: the next run tries it again, and fails for ever with "duplicate column name". What belongs together goes into one transaction.',
    ask: 'Somebody pulls the plug after your COMMIT and before your next line. What does the table look like, what does the history say, and what will the next run try?',
  },
  {
    name: 'keeps-half-of-a-failure',
    file: 'migrations/migrator.ts',
    find: '    undo(connection)\n    throw',
    replace: "    connection.run('COMMIT')\n    throw",
    caughtBy: 'Task 7: apply under a lock › when a statement fails › takes back what ran before it',
    why: 'Half of a migration is a schema that nobody has ever designed, and no file leads away from it. In both databases a change of the schema can be rolled back like any other; that is what the transaction is for.',
    ask: 'The second of three statements fails. Which of the three are in the database after your catch?',
  },
  {
    name: 'lets-the-bare-error-through',
    file: 'migrations/migrator.ts',
    find: '    throw new MigrationFailedError(step.migration.name, true, error)',
    replace: '    throw error',
    caughtBy:
      'Task 7: apply under a lock › when a statement fails › says which migration it was, and that it was rolled back',
    why: '"A column must have a value", says the database, at three in the morning. Which migration was it, and is the database now before it, after it, or in between? The one who knows that is the migrator, and it has to say so.',
    ask: 'It is three in the morning, and this error is all that stands in the log. Which migration was it, and is the database before it or after it? Where could you read that?',
  },
  {
    name: 'never-forgets',
    file: 'migrations/migrator.ts',
    find: '  else forget(connection, step.migration)\n}\n\n/**',
    replace: '}\n\n/**',
    caughtBy:
      'Task 7: apply under a lock › one step › goes down: runs the way back, and the history does not have it any more',
    why: 'The history says what this database has. After the way down it does not have the migration any more; who leaves the row there can never apply it again.',
    ask: 'Roll the migration back, then say `migrate` again. What does `isDone` find, and why?',
  },
  {
    name: 'believes-in-the-children',
    file: 'migrations/migrator.ts',
    find: '  needWholeRows(connection, partOf(step))\n',
    replace: '',
    caughtBy:
      'Task 7: apply under a lock › SQLite, where a table is rebuilt › refuses, before COMMIT, rows that point to nobody',
    why: 'While foreign keys are off, nobody looks whether a row points to another that is there. SQLite does not look later by itself either: the rows stay wrong until somebody reads them. Ask before COMMIT, while there is a way back.',
    ask: 'The migration deletes a user while foreign keys are off. Which of your steps looks whether a post still points to her?',
  },
  {
    name: 'believes-the-way-back',
    file: 'migrations/migrator.ts',
    find: '  needWholeRows(connection, partOf(step))\n',
    replace: "  if (step.direction === 'up') needWholeRows(connection, step.migration.up)\n",
    caughtBy:
      'Task 7: apply under a lock › SQLite, where a table is rebuilt › refuses them on the way down as well',
    why: 'The way back is a migration like any other: it rebuilds tables with foreign keys off, and can leave rows that point to nobody. It is run less often, and in worse hours, so it needs the question more.',
    ask: 'Your rollback rebuilds a table, too. Which statements does it send between the last change and COMMIT, and how do they differ from those on the way up?',
  },
  {
    name: 'counts-only-what-has-ended',
    file: 'migrations/migrator.ts',
    find: 'readHistory(connection).some(({ name }) => name === migration.name)',
    replace: 'readHistory(connection).some((one) => one.name === migration.name && one.appliedAt)',
    caughtBy:
      'Task 7: apply under a lock › without a transaction › is not begun a second time while it is under way elsewhere',
    why: 'A migration without a transaction writes its name first, and its time at the end. In between it is running, elsewhere, or was killed. In both cases nobody may begin it once more: what the history has is taken.',
    ask: 'Another process is building an index, without a transaction, for ten minutes now. What stands in the history for it, and what does your function answer when it is asked for the same migration?',
  },
  {
    name: 'switches-off-inside',
    file: 'migrations/foreign-keys.ts',
    find: "  connection.run('PRAGMA foreign_keys = OFF')\n",
    replace: '',
    caughtBy:
      'Task 7: apply under a lock › SQLite, where a table is rebuilt › keeps the rows of the children: foreign keys are off before the transaction begins',
    why: 'The PRAGMA stands in the file too, and there it does nothing: inside a transaction SQLite ignores it, without an error. DROP TABLE then deletes the rows first, and ON DELETE CASCADE empties the children. It has to be sent before BEGIN.',
    ask: 'Follow `PRAGMA foreign_keys = OFF` through your log of statements. What was sent before it, and does SQLite do anything with it at that place?',
  },
]
