import { cases } from './cases.ts'

// Every trap that the course knows of, in a few words, and what proves that the finished ORM does not fall into it: cases of this
// suite by their ids, or tests elsewhere, as `file › title`. `traps.test.ts` looks whether all of them are there.

export interface Trap {
  /** What goes wrong in code that was not told. */
  readonly trap: string
  readonly proofs: readonly string[]
}

const own = 'shared/workbook/conformance/own.test.ts'
const in01 = (file: string, title: string) => `01-manual-mapping/tests/${file}.test.ts › ${title}`
const in02 = (file: string, title: string) => `02-active-record/tests/${file}.test.ts › ${title}`
const in03 = (file: string, title: string) => `03-query-builder/tests/${file}.test.ts › ${title}`
const in04 = (file: string, title: string) => `04-relations/tests/${file}.test.ts › ${title}`
const in05 = (file: string, title: string) => `05-identity-map/tests/${file}.test.ts › ${title}`
const in06 = (file: string, title: string) => `06-unit-of-work/tests/${file}.test.ts › ${title}`
const in07 = (file: string, title: string) => `07-migrations/tests/${file}.test.ts › ${title}`
const in08 = (file: string, title: string) => `08-profiling/tests/${file}.test.ts › ${title}`
const in09 = (file: string, title: string) => `09-async/tests/${file}.test.ts › ${title}`
const in10 = (file: string, title: string) => `10-blog-app/tests/${file}.test.ts › ${title}`
const rule = (title: string) => `${own} › ${title}`
const at = (file: string, title: string) => `shared/${file}.test.ts › ${title}`

const trap = (trap: string, ...proofs: readonly string[]): Trap => ({ trap, proofs })

/** By the stage in which the course meets them. */
export const traps: Readonly<Record<string, readonly Trap[]>> = {
  '01': [
    trap(
      'a text that is bound without a copy is run over by the next one',
      in01(
        '2-bind-the-values',
        'lets SQLite copy each text, so that the second does not run over the first',
      ),
      'text-signs',
    ),
    trap(
      'close with an open statement',
      in01('given', 'names the statements that keep it from closing, and stays usable'),
    ),
    trap(
      'whole numbers that are a number or a bigint by their size: the column decides',
      in01('2-bind-the-values', 'gives the integer %s back exactly'),
      'int64-read',
      'int64-written',
      at(
        'driver/sqlite',
        'keeps every digit when one row among many needs them, and on later runs',
      ),
    ),
    trap('foreign keys that are off', at('driver/sqlite', 'enforce foreign keys'), 'foreign-key'),
    trap(
      'a column that is not there becomes a text',
      in01('1-hear-the-errors', 'refuses an unknown column in double quotes'),
      'unknown-name',
    ),
    trap(
      'quotes inside of names',
      'names',
      at('driver/sqlite', 'leaves plain names bare and quotes the others'),
    ),
    trap(
      'lengths in signs, not in bytes',
      in01('2-bind-the-values', 'counts bytes, not characters'),
      'text-signs',
      'long-text',
    ),
    trap(
      'a NUL inside of a text',
      in01('2-bind-the-values', 'stores and reads a text with a NUL inside whole'),
      'nul',
    ),
    trap(
      'the last key of a connection, which triggers change',
      in01('3-finalize-whatever-happens', 'gives the id of an inserted row exactly, however large'),
      'keys-of-many',
    ),
    trap(
      'an update of a row that is not there',
      in01('7-complete-the-crud', 'notices that the row to update is gone'),
      'row-gone',
    ),
    trap(
      'an empty text that is taken for NULL',
      in01('2-bind-the-values', 'tells NULL from an empty text and from zero'),
      'empty-text',
      'null',
    ),
    trap(
      'an error in a step leaves the statement open',
      in01('3-finalize-whatever-happens', 'finalizes when a step fails, after it has heard why'),
    ),
    trap(
      'values that stand in the SQL',
      in01('2-bind-the-values', 'takes an attack as a strange name'),
      'text-signs',
      'text-signs-in-where',
    ),
  ],
  '02': [
    trap(
      'a class field wipes out what the base class has set',
      in02(
        '2-declare',
        'needs no class fields: a field would wipe out what the base class has set',
      ),
    ),
    trap(
      'reading a row runs the constructor',
      in02('4-hydrate', 'does not run the constructor: the object is not new'),
    ),
    trap('0 as a key', in02('5-select', 'finds the key 0'), 'key-zero'),
    trap(
      'properties that nobody declared',
      in02('2-declare', 'refuses a property that it does not have, and suggests the nearest'),
      'unknown-property',
    ),
    trap(
      'a Date or JSON that is changed in place',
      'json-in-place',
      'date-in-place',
      in06('1-change-set', 'sees a byte'),
    ),
    trap(
      'the same value again is no change',
      in02('6-update', 'is nothing when a property has the value it had'),
      rule('nothing for a commit when nothing has changed'),
    ),
    trap(
      'undefined and null',
      'undefined-new',
      'undefined-changed',
      in06('1-change-set', 'is undefined, which is no value'),
    ),
    trap(
      'booleans and dates that a driver does not take',
      'booleans',
      'booleans-in-where',
      'moments',
    ),
    trap(
      'whole numbers that a driver sends as fractions',
      at('driver/sqlite', 'sends whole numbers as whole numbers: 5 in a TEXT column is "5"'),
    ),
    trap(
      'the key of a deleted row is given again',
      in02('7-hooks', 'does not give the key of a deleted row to the next one'),
      'key-reused',
    ),
    trap(
      'a lost update: the whole row is written back',
      in02('6-update', 'keeps what another copy of the record has stored in other columns'),
      'other-column',
    ),
    trap('an update that meets no row', in02('6-update', 'reports a row that is gone'), 'row-gone'),
    trap(
      'a row of a class that nobody declared',
      in05('7-inheritance', 'says so when a row is of a class that nobody declared'),
    ),
    trap(
      'NaN becomes NULL; Infinity; -0',
      'nan',
      'infinity',
      'minus-zero',
      in02('1-convert', 'real refuses NaN, because SQLite would store NULL'),
    ),
    trap('fractions that lose a bit', 'fractions'),
    trap(
      'a Date that is none',
      'no-moment',
      in02('1-convert', 'accepts a valid Date and nothing else'),
    ),
    trap(
      'time zones, and the night in which clocks are set back',
      'moments',
      'moments-twice',
      in02('1-convert', 'reads the time that the database itself writes as UTC'),
    ),
    trap('JSON that is a list or a plain text', 'json', 'json-list', 'json-text'),
    trap('__proto__ as a key', 'json-proto', 'inherited-name'),
    trap(
      'bytes: none at all, all values, a part of a larger buffer',
      'bytes',
      in02('1-convert', 'copies bytes on their way out, so that a change does not reach the row'),
    ),
  ],
  '03': [
    trap(
      '= NULL',
      'where-null',
      in03('3-edges-of-a-condition', 'finds the rows without a value by eq(null)'),
    ),
    trap(
      '<> loses the rows without a value',
      'not-equal',
      in03('2-columns-that-compare', 'finds with ne() also the rows that have no value at all'),
    ),
    trap(
      'an empty list',
      'in-nothing',
      'not-in-nothing',
      in03('3-edges-of-a-condition', 'keeps an empty list valid inside of other conditions'),
    ),
    trap('NULL in a list', 'in-null', 'not-in-null'),
    trap(
      'more parameters than a statement takes',
      'in-40000',
      'insert-10000',
      rule('one parameter for a list of 70,000 keys, more than either database takes'),
      in03(
        '3-edges-of-a-condition',
        'says when such a list holds what cannot be sent in another way',
      ),
    ),
    trap('undefined in a filter', 'where-undefined', 'find-undefined', 'delete-undefined'),
    trap(
      '%, _ and backslash in LIKE',
      'contains-percent',
      'contains-signs',
      in03('3-edges-of-a-condition', 'says ESCAPE only where the pattern has an escape'),
    ),
    trap(
      'direction and names of an order that come from outside',
      'direction',
      'unknown-name',
      in03('1-chain-and-build', 'refuses a direction that is none: it would stand in the SQL'),
    ),
    trap(
      'reserved words, capitals, quotes in names',
      'names',
      in03('1-chain-and-build', 'quotes names of any kind, on a real database'),
      at(
        'driver/postgres',
        'takes every keyword as the name of a table and a column, as the dialect writes it',
      ),
    ),
    trap(
      'two columns of one name in a join',
      at(
        'driver/sqlite',
        'come as arrays in the order of the select list, two columns of one name included',
      ),
    ),
    trap(
      'OFFSET without LIMIT',
      'skip',
      in03('4-compile-a-select', 'gives SQLite the LIMIT that it wants before an OFFSET'),
    ),
    trap(
      'a builder that is awaited by mistake, or changed by a later call',
      in03('1-chain-and-build', 'leaves the query it was called on as it was'),
      in03('7-ask-the-models', 'sends nothing until it is asked'),
    ),
    trap(
      'UPDATE and DELETE without WHERE',
      in03('5-write-rows', 'refuses to change or delete every row by accident'),
      rule('no UPDATE of every row by accident'),
    ),
    trap(
      'COUNT with an ORDER BY or a LIMIT',
      in03(
        '7-ask-the-models',
        'counts without an ORDER BY beside the COUNT: PostgreSQL refuses one',
      ),
      in03('7-ask-the-models', 'counts the rows that a limit leaves'),
    ),
    trap(
      'a count or a sum that comes as text',
      'count',
      rule('adds up as numbers, though PostgreSQL sends text'),
    ),
    trap(
      'a value that passes its converter by',
      in03('2-columns-that-compare', 'sends every value as the type of its column'),
      in03('6-sql-template', 'sends dates and booleans as the database keeps them'),
    ),
    trap(
      'AND and OR without parentheses',
      in03('3-edges-of-a-condition', 'keeps an OR together that stands inside an AND'),
      in03('3-edges-of-a-condition', 'keeps SQL together that somebody wrote by hand'),
    ),
  ],
  '04': [
    trap(
      'those who have none stay unloaded, and ask again',
      'no-children',
      in04('5-load', 'gives those who have none a loaded empty collection'),
    ),
    trap(
      'children are looked for in one long list, for each parent',
      in04('5-load', 'walks once over ten thousand things'),
    ),
    trap(
      'keys of two types: 1, 1n and "1"',
      in04('5-load', 'takes 1 and 1n for one key, and "1" for another'),
      'key-int64-children',
    ),
    trap(
      'LIMIT counts joined children',
      'limit-with-children',
      in08('6-join', 'counts owners in LIMIT, and keeps their order'),
    ),
    trap('two lists at once are multiplied', 'two-lists'),
    trap(
      'a foreign key that is NULL is asked for',
      'no-parent',
      rule('nothing for a foreign key that is NULL'),
    ),
    trap(
      'more parents than parameters',
      'many-parents',
      in04('6-cut', 'leave room for the parameters of the query itself'),
    ),
    trap(
      'keys of several columns',
      'key-composite',
      in05('1-key', 'keeps the parts of a composite key apart'),
    ),
    trap(
      'JSON and console.log load',
      in04('2-load', 'loads nothing: not JSON, not console.log, not a comparison'),
      in09('3-pending', 'is shown without being loaded'),
    ),
    trap(
      'JSON of a circle',
      in04('2-load', 'shows no loaded object either, so that no circle closes'),
      rule('nothing for JSON of objects that lead to each other'),
    ),
    trap(
      'the object and the foreign key say different things',
      in04('4-keep', 'lets the object lead, when a foreign key is given too'),
      in04('4-keep', 'gives way to a foreign key that is changed by hand afterwards'),
    ),
    trap(
      'to add to a collection loads it',
      in04('4-keep', 'loads nothing to add or remove'),
      in09('3-pending', 'takes an object in without being loaded'),
    ),
    trap(
      'a limit for each parent is no LIMIT',
      in04('6-cut', 'limits each list for itself, in one statement'),
    ),
    trap('a table that points to itself', 'tree', in04('5-load', 'goes round in the own table')),
  ],
  '05': [
    trap(
      '1, "1" and 1n as keys',
      in05('1-key', 'keeps 1 and the text "1" apart'),
      rule('no key of another type: the text "1" is not the number 1'),
    ),
    trap(
      'a composite key that looks like a text',
      in05('1-key', 'keeps a text apart that looks like a composite key'),
    ),
    trap(
      'keys beyond 2^53',
      in05('1-key', 'keeps large numbers apart that are one as a double'),
      'key-int64-find',
      'key-int64-change',
    ),
    trap(
      'one key in two classes of one table',
      in05(
        '7-inheritance',
        'is that of the class at the top: a row is one object whatever it is asked as',
      ),
    ),
    trap(
      'an object is made of a row that a LEFT JOIN has left empty',
      'no-parent',
      in08('6-join', 'keeps the owner, and says null'),
    ),
    trap(
      'a query by another column gives a second object',
      'one-object',
      in05('2-materialize', 'gives the same objects for the same rows, query after query'),
    ),
    trap('that nothing was found is remembered', 'missing-not-kept'),
    trap(
      'what is deleted is found',
      rule('no deleted object to be found, before the flush and after it'),
    ),
    trap('one object in two sessions', rule('no object of another session')),
    trap(
      'a change is lost with the object that the program let go of',
      in05('6-weak', 'also a change inside a Date'),
    ),
    trap(
      'snapshots keep everything alive',
      in05('6-weak', 'goes through a long table with a flat memory'),
      at(
        'workbook/async-orm/streaming',
        'objects that the program has let go of are not held by a weak session',
      ),
    ),
    trap('the key of an object is changed', rule('no other key for an object that has one')),
    trap(
      'a query writes over what was changed',
      'unsaved-kept',
      in05('2-materialize', 'does not overwrite what the program has changed'),
    ),
    trap(
      'a lazy load after the session has gone',
      rule('no relation of an object that it has let go'),
    ),
  ],
  '06': [
    trap(
      'a unique value is taken over from a row that is deleted',
      'replace',
      in06('3-dependencies', 'is taken by a new row after the old row has gone'),
    ),
    trap('two unique values are swapped', 'swap', in06('4-circles', 'turns three round')),
    trap(
      'INSERT … RETURNING gives rows in any order',
      'keys-of-many',
      in09('6-insert-batches', 'finds the rows by their keys, in whichever order they come back'),
    ),
    trap(
      'rows with other columns share an INSERT',
      'uneven-rows',
      in03(
        '5-write-rows',
        'refuses rows that give different columns, where null would not say the same',
      ),
    ),
    trap(
      'what was never stored is deleted',
      rule('nothing for an object that was added and deleted'),
    ),
    trap(
      'many to many is written anew',
      in06('5-write', 'is written as the difference: what was added, what was removed'),
    ),
    trap('an old copy is written', 'version', in06('6-undo', 'refuses an update from an old copy')),
    trap(
      'an old copy is deleted',
      rule('no delete of what somebody else has changed, where there is a version'),
    ),
    trap(
      'keys stay in objects after a rollback',
      rule('one ROLLBACK for a unit that fails, and the new objects have no key again'),
      in06('7-transactions', 'makes what was inserted transient again, without the key'),
    ),
    trap(
      'a flush fails half way',
      'all-or-nothing',
      'mended',
      in06(
        '6-undo',
        'keeps every change for the next attempt, also one whose UPDATE had gone well',
      ),
    ),
    trap(
      'PostgreSQL ends a transaction with the first error',
      'caught',
      at(
        'workbook/async-orm/together',
        'let a transaction go on after an error, as often as there is one',
      ),
      in09('2-connection', 'does not take a COMMIT for one that has kept nothing'),
    ),
    trap(
      'errors without the column',
      at('driver/async-driver', 'names the columns of a unique violation and of a missing value'),
      in06('6-undo', 'says which change it was'),
    ),
    trap(
      'one session in two tasks',
      rule('one thing at a time: the second of two at once is refused, and the first is done'),
    ),
    trap('BEGIN for nothing', rule('nothing for a commit when nothing has changed')),
    trap(
      'rows that point to each other in a circle',
      'circle',
      in06(
        '4-circles',
        'inserts a row with an empty foreign key, and fills it in when both rows are there',
      ),
    ),
    trap(
      'parents are deleted before their children',
      'delete-order',
      in06('3-dependencies', 'deletes rows of one table from the end of the chain'),
    ),
    trap(
      'hooks that change more, and hooks without end',
      in06('6-undo', 'that never come to an end are stopped'),
    ),
    trap(
      'a transaction inside of another one',
      'nested',
      in06('7-transactions', 'goes three deep, and memory follows each level'),
    ),
  ],
  '07': [
    trap(
      'a branch that was merged later is passed over',
      in07(
        '6-know-the-history',
        'is also what lies below the highest number that was applied: a branch that was merged later',
      ),
    ),
    trap(
      'a difference where there is none',
      in07(
        '3-find-the-difference',
        'is nothing between the models and the tables that were made of them',
      ),
      at(
        'workbook/migrations-on-postgres',
        'finds no difference to tables that it has made, however PostgreSQL spells them',
      ),
    ),
    trap(
      'a migration that fails half way',
      in07('7-apply-under-a-lock', 'takes back what ran before it'),
      in07(
        '7-apply-under-a-lock',
        'stays in the history as begun when it fails, and migrate stops there',
      ),
    ),
    trap(
      'line endings of Windows',
      in07('6-know-the-history', 'is the same with the line endings of Windows'),
    ),
    trap(
      'what ADD COLUMN cannot do on SQLite',
      in07('5-rebuild-a-table', 'gives its old rows a value where they need one'),
    ),
    trap(
      'a column that has an index is dropped',
      in07('3-find-the-difference', 'drops what refers to a column first, and makes it last'),
    ),
    trap(
      'foreign keys in the wrong order, and in a circle',
      in07(
        '3-find-the-difference',
        'opens a circle of tables with a foreign key that comes later, and goes earlier',
      ),
    ),
    trap(
      'a rename that loses the column',
      in07(
        '3-find-the-difference',
        'is a rename when somebody says so, and what stands on the column follows',
      ),
    ),
    trap(
      'another type for values that are there',
      at('workbook/migrations-on-postgres', 'values into another type, and refuses to cut a text'),
    ),
    trap(
      'down is no way back after data was lost',
      at(
        'workbook/async-migrations/latest',
        'loses no data without being told: nothing is applied, not even what comes before',
      ),
    ),
    trap(
      'two migrate at once',
      at('workbook/async-migrations/locks', 'that migrate at once apply everything once'),
    ),
    trap(
      'a table is rebuilt, and its children are deleted by ON DELETE CASCADE',
      'schema-cascade',
      rule('changes a table under the rows of others, and loses none by ON DELETE CASCADE'),
      rule(
        'a table that is rebuilt while foreign keys are followed takes the rows of others along',
      ),
      in07('5-rebuild-a-table', 'keeps its rows: ON DELETE CASCADE does not reach the children'),
    ),
  ],
  '08': [
    trap(
      'statements that differ in their values only',
      in08('1-fingerprint', 'how many values a list has'),
      in08('2-n-plus-one', 'sees through values that stand in the text'),
    ),
    trap(
      'a statement for each length of a list',
      in08('given-fixes', 'prepares one statement for lists of 5 to 8 keys'),
    ),
    trap('EXPLAIN that runs the statement', in08('3-plan', 'does not run the statement')),
    trap(
      'a pool that waits for itself, connections that do not come back',
      at('driver/async-driver', 'names who has the connections when none comes back in time'),
      in09('2-connection', 'gives it back when the function of a transaction throws'),
    ),
    trap(
      'cached objects that two sessions change',
      in08('7-keep', 'make objects of their own'),
      in08('7-keep', 'hands out copies: whoever changes them changes nothing for others'),
    ),
    trap(
      'a page that shows a row twice, or never',
      in08(
        'given-fixes',
        'pass over nothing, and show nothing twice, when rows come and go between them',
      ),
    ),
  ],
  '09': [
    trap(
      'others come in while a flush waits',
      at('workbook/async-orm/meanwhile', 'the property that is being written is changed once more'),
      in09('1-turns', 'takes no new object while a flush is on its way'),
    ),
    trap(
      'a transaction on several connections',
      in09('2-connection', 'sends all of a transaction on that one'),
      'two-at-once',
    ),
    trap(
      'a ROLLBACK that does not arrive',
      at('driver/async-driver', 'throws away a connection whose ROLLBACK was lost'),
    ),
    trap(
      'an object that can be awaited',
      in09('3-pending', 'leaves objects as they are when an async function returns them'),
    ),
    trap(
      'an async function in a synchronous transaction',
      'rollback',
      in06('7-transactions', 'refuses a promise: nothing could wait for it'),
      at('driver/recorder', 'refuses a function that returns a promise, and rolls back'),
    ),
    trap(
      'the session of a task is lost in a pool',
      in09('4-context', 'goes along to the one who has waited for a connection'),
    ),
    trap(
      'int8 and sum as text',
      'int64-read',
      'count',
      rule('adds up as numbers, though PostgreSQL sends text'),
    ),
    trap(
      'a failure that nobody awaits ends the program',
      in09('3-pending', 'fails for the one who awaits, and for nobody else'),
    ),
    trap('an error poisons the transaction', 'caught'),
  ],
  '10': [
    trap('an answer leaves before COMMIT', in10('2-session', 'commits before the answer leaves')),
    trap('two take one slug', in10('7-slug', 'ten articles of one title get ten slugs')),
    trap(
      'pages without an order that is unique',
      in10('4-newest', 'cuts among many of one moment at the same place each time'),
    ),
    trap('a serializer that loads', in10('1-json', 'sends nothing')),
    trap('objects that two requests share', in10('2-session', 'each has objects of its own')),
    trap('an error that tells SQL', in10('3-errors', 'tells nobody what was sent, or where')),
    trap(
      'fields that a client must not set',
      at('workbook/blog/security', 'what only the blog decides cannot be written into a body'),
    ),
    trap(
      'bodies that are too large, or no JSON',
      at('workbook/blog/wire', 'more than a body may hold is refused before it has all come'),
      in10('3-errors', 'by Hono, such as JSON that is none: with its status'),
    ),
  ],
}

/** The ids that a proof may name. */
export const ids: ReadonlySet<string> = new Set(cases.map(({ id }) => id))
