/** One gap of a starter. Its number and title are the same in the README, the tests, the TODO and the report. */
export interface Task {
  readonly id: number
  /** As in the README's heading after `### Task 2: `. */
  readonly title: string
  /** The file to edit, relative to the stage's `starter/`. */
  readonly file: string
}

export interface Stage {
  /** Two digits: `04`. */
  readonly number: string
  /** The folder at the root of the workbook: `04-relations`. */
  readonly folder: string
  readonly title: string
  /** What the learner builds, in one line of the course map. */
  readonly builds: string
  /** What the learner knows when the stage is green: shown on success. */
  readonly learnt: string
  /** An honest guess, for people who know TypeScript: `2 hours`. */
  readonly time: string
  /** Empty while the stage is not written. */
  readonly tasks: readonly Task[]
  /** Files that this stage gives in another version than the stage before it, each with the reason. */
  readonly rewrites?: Readonly<Record<string, string>>
  /** Files or folders (`record/`) of the stage before that this stage no longer has, each with the reason. */
  readonly retires?: Readonly<Record<string, string>>
}

/** The manifest of the course: the one list from which every command takes its stages and tasks. */
export const stages: readonly Stage[] = [
  {
    number: '01',
    folder: '01-manual-mapping',
    title: 'Manual mapping',
    builds: 'rows into structs by hand, on the SQLite C API',
    learnt:
      'what every ORM does under its magic: bind values, hydrate rows, free what was lent, and hear what the database says',
    time: '4 hours',
    tasks: [
      { id: 1, title: 'hear what SQLite says', file: 'database-error.ts' },
      { id: 2, title: 'bind the values', file: 'statement.ts' },
      { id: 3, title: 'finalize, whatever happens', file: 'statement.ts' },
      { id: 4, title: 'who frees?', file: 'user-struct.ts' },
      { id: 5, title: 'fit it into the struct', file: 'user-struct.ts' },
      { id: 6, title: 'hydrate a row', file: 'users.ts' },
      { id: 7, title: 'complete the CRUD', file: 'users.ts' },
    ],
  },
  {
    number: '02',
    folder: '02-active-record',
    title: 'Active Record',
    builds: 'a class that knows its table: find, save, delete',
    learnt:
      'how one declaration gives types, SQL and conversion; how a snapshot tells what has changed; and what it costs that every object knows the database',
    time: '4 hours',
    tasks: [
      { id: 1, title: 'convert values both ways', file: 'mapping/column-types.ts' },
      { id: 2, title: 'read the declaration', file: 'mapping/table.ts' },
      { id: 3, title: 'insert a new record', file: 'record/insert.ts' },
      { id: 4, title: 'hydrate a row', file: 'mapping/hydrate.ts' },
      { id: 5, title: 'ask by values', file: 'record/select.ts' },
      { id: 6, title: 'update only what changed', file: 'record/update.ts' },
      { id: 7, title: 'let the hooks see it', file: 'record/hooks.ts' },
    ],
    rewrites: { 'index.ts': 'the ORM begins here: stage 01 was about the driver below it' },
    retires: {
      'database-error.ts': 'the driver in shared/driver reports errors from here on',
      'database.ts': 'the driver in shared/driver opens the database from here on',
      'errors.ts': 'native memory is gone, and its errors with it',
      'handle.ts': 'native memory is gone: JavaScript frees its own objects',
      'naive.ts': 'parameters are bound from here on',
      'schema.ts': 'the declaration creates the tables',
      'sqlite3.ts': 'the driver in shared/driver calls SQLite from here on',
      'statement.ts': 'the driver in shared/driver prepares statements from here on',
      'trace.ts': 'shared/driver/recorder.ts shows the statements from here on',
      'transaction.ts': 'shared/driver/transaction.ts takes its place',
      'user-struct.ts': 'objects take the place of structs',
      'users.ts': 'written by hand for one table; the mapping does it for every table',
    },
  },
  {
    number: '03',
    folder: '03-query-builder',
    title: 'Query builder',
    builds: 'a typed language for queries, compiled to SQL',
    learnt:
      'how a chain of calls becomes a tree and the tree becomes SQL, why nothing that a user types can ever get into it, and where SQL thinks otherwise than a program',
    time: '5 hours',
    tasks: [
      { id: 1, title: 'chain and build', file: 'query/query.ts' },
      { id: 2, title: 'columns that compare', file: 'query/expression.ts' },
      { id: 3, title: 'the edges of a condition', file: 'query/conditions.ts' },
      { id: 4, title: 'compile a SELECT', file: 'query/compile-select.ts' },
      { id: 5, title: 'write rows', file: 'query/write-rules.ts' },
      { id: 6, title: 'the sql template', file: 'query/sql.ts' },
      { id: 7, title: 'ask the models', file: 'record/model-query.ts' },
    ],
    rewrites: {
      'record/active-record.ts': 'User.c gives expressions, and User.query() begins a query',
      'record/model.ts': 'the types of User.c and User.query()',
      'record/select.ts': 'User.where({…}) and User.count({…}) go through the query builder',
    },
  },
  {
    number: '04',
    folder: '04-relations',
    title: 'Relations',
    builds: 'user.posts: lazy, eager, and the end of N+1',
    learnt:
      'how a foreign key becomes objects on both sides: loaded at the first touch, kept in step, and for a whole list in one statement a level',
    time: '5 hours',
    tasks: [
      { id: 1, title: 'bind a relation', file: 'relations/bind.ts' },
      { id: 2, title: 'load one object', file: 'relations/to-one.ts' },
      { id: 3, title: 'load many, once', file: 'relations/collection.ts' },
      { id: 4, title: 'keep both sides', file: 'relations/both-sides.ts' },
      { id: 5, title: 'load a level at once', file: 'relations/hand-out.ts' },
      { id: 6, title: 'cut and limit', file: 'relations/cut.ts' },
      { id: 7, title: 'order the tables', file: 'mapping/order.ts' },
    ],
    rewrites: {
      'mapping/column.ts': 'a foreign key may be left out of `new`: a relation can give it',
      'mapping/ddl.ts': 'tables that point to each other are created and dropped together',
      'mapping/mapped.ts': 'the state of an object holds what is known of its related objects',
      'mapping/registry.ts': 'createAll and dropAll follow the foreign keys',
      'mapping/table.ts': 'a declaration also holds relations, which are no columns',
      'mapping/types.ts': 'a declaration also holds relations, which are no columns',
      'record/active-record.ts': 'records take, save and forget their related objects',
      'record/model-query.ts': 'a query can load relations, count them and ask through them',
      'record/model.ts': 'relations become properties of the generated class',
    },
  },
  {
    number: '05',
    folder: '05-identity-map',
    title: 'Identity map',
    builds: 'a session in which one row is one object',
    learnt:
      'how a session gives one object for one row, whichever way it is loaded; when it trusts its memory and when it asks again; and how it forgets what nobody holds',
    time: '4 hours',
    tasks: [
      { id: 1, title: 'give every row a key', file: 'session/identity-key.ts' },
      { id: 2, title: 'one row, one object', file: 'session/materialize.ts' },
      { id: 3, title: 'ask the map first', file: 'session/find.ts' },
      { id: 4, title: 'load relations through the map', file: 'relations/loader.ts' },
      { id: 5, title: 'come and go', file: 'session/states.ts' },
      { id: 6, title: 'hold on weakly', file: 'session/weak-objects.ts' },
      { id: 7, title: 'one hierarchy, one identity', file: 'session/row-reader.ts' },
    ],
    rewrites: {
      'index.ts': 'a session takes the place of records and of the one global connection',
      'mapping/column.ts': 'a column can say of which class a row is',
      'mapping/hydrate.ts':
        'each table has a function that fills its objects, and one that is there already can be filled again',
      'mapping/mapped.ts':
        'the state of an object knows its session, and the five states have names',
      'mapping/references.ts': 'a class can have its columns in several tables',
      'relations/both-sides.ts': 'a session hears that pairs were added or removed',
      'relations/collection.ts': 'one row is one object, so nothing has to compare rows',
      'relations/cut.ts': 'related objects can be of several classes',
      'relations/key.ts': 'one row is one object, so nothing has to compare rows',
      'relations/lazy.ts': 'an object loads through its session, and not at all without one',
      'relations/members.ts': 'one row is one object, so nothing has to compare rows',
      'relations/memory.ts': 'one row is one object, so nothing has to compare rows',
      'relations/parents.ts': 'the states of an object have other names',
      'relations/related-exists.ts': 'related objects can be of several classes',
      'relations/related-rows.ts': 'related objects can be of several classes',
      'relations/relation.ts': 'a class knows its hierarchy, and no connection',
      'relations/select-related.ts': 'related objects can be of several classes',
      'relations/write-pairs.ts': 'the states of an object have other names',
    },
    retires: {
      'record/': 'Active Record ends here: objects no longer know the database, the session does',
    },
  },
  {
    number: '06',
    folder: '06-unit-of-work',
    title: 'Unit of work',
    builds: 'change objects, then commit: all or nothing',
    learnt:
      'how a session finds out what has changed, puts it in an order that breaks no rule of the database, opens circles, and takes everything back, in memory too, when one statement fails',
    time: '6 hours',
    tasks: [
      { id: 1, title: 'find out what has changed', file: 'session/change-set.ts' },
      { id: 2, title: 'put the changes in order', file: 'session/commit-order.ts' },
      { id: 3, title: 'know who waits for whom', file: 'session/dependencies.ts' },
      { id: 4, title: 'break a circle', file: 'session/circles.ts' },
      { id: 5, title: 'write it, and take new snapshots', file: 'session/write.ts' },
      { id: 6, title: 'all or nothing', file: 'session/undo-log.ts' },
      { id: 7, title: 'transactions in transactions', file: 'session/transaction.ts' },
    ],
    rewrites: {
      'index.ts': 'the unit of work has parts and errors of its own, and saving one object is gone',
      'mapping/column.ts': 'a column can be a version, which counts the changes of its row',
      'mapping/inheritance.ts': 'the mapping of a class knows its version column',
      'mapping/column-types.ts':
        'a flush looks at every value of every object, so a type may tell sooner that one is stored already',
      'mapping/hydrate.ts': 'a quick look, before a value is converted to be compared',
      'mapping/mapped.ts': 'an object may be pending, and keep the objects whose keys it will take',
      'relations/bind.ts': 'a relation carries what it declares about cascades and orphans',
      'relations/bond.ts': 'a foreign key can stand for an object that has no key yet',
      'relations/both-sides.ts': 'the session hears of new related objects and of orphans',
      'relations/collection.ts': 'a flush writes what was added and removed',
      'relations/declare.ts': 'a relation can declare cascades and orphans',
      'relations/errors.ts':
        'a parent without a row is no error any more: its key flows in the flush',
      'relations/gone.ts': 'a failed flush brings back what a deleted object was related to',
      'relations/memory.ts':
        'a flush settles what is known of related objects, and can take that back',
      'relations/relation.ts': 'a relation carries what it declares about cascades and orphans',
      'session/errors.ts': 'stale versions, a busy session and endless hooks are errors',
      'session/hooks.ts': 'hooks run around a flush of many objects',
      'session/materialize.ts': 'a rollback has to know which objects were read in the transaction',
      'session/persister.ts': 'pairs are rows to be written as well',
      'session/session.ts': 'add, delete, flush, commit and rollback in place of save',
      'session/statements.ts': 'versions are checked, and the pairs have statements',
      'session/states.ts': 'objects are marked to be written, and whole graphs are added',
      'session/workspace.ts': 'a workspace holds a unit of work and a transaction',
    },
    retires: {
      'relations/pairs.ts': 'the change set finds the pairs that came and went',
      'relations/parents.ts': 'parents without a row are inserted first, and need no refusal',
      'relations/write-pairs.ts': 'a flush writes the pairs',
      'session/save.ts': 'a flush writes what has changed, all of it at once',
    },
  },
  {
    number: '07',
    folder: '07-migrations',
    title: 'Migrations',
    builds: 'a tool that changes the schema and keeps the data',
    learnt:
      'how two schemas become values, their difference operations, and these SQL; how to change a table without losing a row; and how a database knows what it has had, however many processes migrate it',
    time: '6 hours',
    tasks: [
      { id: 1, title: 'models to schema', file: 'migrations/schema-of.ts' },
      { id: 2, title: 'inspect the database', file: 'migrations/inspect-sqlite.ts' },
      { id: 3, title: 'find the difference', file: 'migrations/diff.ts' },
      { id: 4, title: 'write the DDL', file: 'migrations/ddl.ts' },
      { id: 5, title: 'rebuild a table', file: 'migrations/rebuild.ts' },
      { id: 6, title: 'know the history', file: 'migrations/history.ts' },
      { id: 7, title: 'apply under a lock', file: 'migrations/migrator.ts' },
    ],
    rewrites: {
      'index.ts': 'the DDL has moved to the migrations, and the tool has come',
      'mapping/column-types.ts': 'text of a limited length is a type of its own',
      'mapping/column.ts':
        'a column declares its index, its check, its default in SQL, and a rule for changed keys',
      'mapping/inheritance.ts': 'the table of a hierarchy keeps what is declared of it as a whole',
      'mapping/registry.ts':
        'it knows tables and no connection: createAll and dropAll are functions of the migrations',
      'mapping/table.ts': 'a table declares uniques, indexes and checks over several columns',
      'session/entity.ts': 'the options of a class hold what is declared of its table as a whole',
    },
    retires: {
      'mapping/ddl.ts': 'the migrations write the DDL, for new tables and for those that change',
    },
  },
  {
    number: '08',
    folder: '08-profiling',
    title: 'Profiling',
    builds: 'a lens on every query, and the fixes it asks for',
    learnt:
      'how to see what a page really sends, to find the line that sends too much and the index that is missing, and six ways to make it send less, each with its price',
    time: '5 hours',
    tasks: [
      { id: 1, title: 'one shape, one fingerprint', file: 'profiling/fingerprint.ts' },
      { id: 2, title: 'find the N+1', file: 'profiling/n-plus-one.ts' },
      { id: 3, title: 'read the plan', file: 'profiling/explain-plan.ts' },
      { id: 4, title: 'show it on the page', file: 'profiling/toolbar.ts' },
      { id: 5, title: 'load for all peers', file: 'relations/peers.ts' },
      { id: 6, title: 'join the one related object', file: 'relations/joined.ts' },
      { id: 7, title: 'keep results', file: 'query/result-cache.ts' },
    ],
    rewrites: {
      'index.ts': 'the lens and the fixes have doors, and the options of a session a file',
      'mapping/mapped.ts':
        'objects remember the result in which they came, and a session may note what is read of them',
      'query/execute.ts': 'rows that come out of a cache are read as those of a connection are',
      'relations/bind.ts': 'a relation may say which one of several it means',
      'relations/both-sides.ts': 'the latest of several is read, and never assigned',
      'relations/collection.ts': 'notes that it was read',
      'relations/declare.ts': 'hasOne takes latestBy',
      'relations/gone.ts': 'when the latest of several goes, the next one has to be read',
      'relations/lazy.ts': 'an object that has peers loads for all of them',
      'relations/loader.ts': 'lists of keys are filled up, and rows may come out of a cache',
      'relations/related-exists.ts': 'EXISTS cannot ask for the latest of several alone',
      'relations/related-rows.ts': 'the latest of several is a query with an order and a limit',
      'relations/relation.ts': 'a relation may say which one of several it means',
      'relations/to-one.ts': 'notes that it was read',
      'relations/types.ts': 'what joined() takes',
      'session/entity-query.ts': 'joined(), cached() and page()',
      'session/session.ts':
        'its options stand in a file of their own; it says what a commit has written',
      'session/transaction.ts': 'says whether a connection is inside a transaction',
      'session/workspace.ts':
        'knows the peers of an object, the cache, and the tables that were written',
    },
  },
  {
    number: '09',
    folder: '09-async',
    title: 'Async',
    builds: 'the same ORM, awaited, on PostgreSQL',
    learnt:
      'how one thread serves many tasks, and what an ORM owes them: one session and one connection for each, relations that can be awaited, work that is run again when two meet, and locks for what must not meet',
    time: '6 hours',
    tasks: [
      { id: 1, title: 'one thing at a time', file: 'session/turns.ts' },
      { id: 2, title: 'a connection for a transaction', file: 'session/connection.ts' },
      { id: 3, title: 'await a relation', file: 'relations/pending.ts' },
      { id: 4, title: 'the session of the task', file: 'session/context.ts' },
      { id: 5, title: 'run it again', file: 'session/retry.ts' },
      { id: 6, title: 'many rows at once', file: 'session/insert-batches.ts' },
      { id: 7, title: 'lock the rows', file: 'session/row-lock.ts' },
    ],
    rewrites: {
      'index.ts': 'the session has another name and the async parts their doors',
      'mapping/mapped.ts': 'what objects ask of their session is answered later',
      'mapping/watched.ts':
        'an expired object cannot read its row at a touch: the touch is an error',
      'migrations/cli.ts': 'waits for the command',
      'migrations/commands/apply.ts': 'waits for the migrator',
      'migrations/commands/check.ts': 'waits for the two schemas',
      'migrations/commands/inspect.ts': 'waits for the schema',
      'migrations/commands/make-migrations.ts': 'waits for the two schemas',
      'migrations/commands/migrate.ts': 'waits for the migrator',
      'migrations/commands/rollback.ts': 'waits for the migrator',
      'migrations/commands/sql.ts': 'waits for the schema',
      'migrations/commands/status.ts': 'waits for the history',
      'migrations/create-all.ts': 'waits for each statement',
      'migrations/foreign-keys.ts': 'waits for the switch and for the check',
      'migrations/history-table.ts': 'waits for the rows of the history',
      'migrations/inspect-postgres.ts': 'waits for the catalog',
      'migrations/inspect-sqlite.ts': 'waits for the catalog',
      'migrations/inspect.ts': 'waits for the catalog',
      'migrations/lock.ts':
        'waits for its turn without stopping the program, with a lock that a pooler respects',
      'migrations/migrator.ts': 'waits for each migration',
      'migrations/reflect.ts': 'waits for the catalog',
      'migrations/replay.ts': 'waits for the database that it tries the files on',
      'migrations/run-statements.ts': 'waits for each statement',
      'migrations/tool.ts': 'opens a database that lends connections',
      'profiling/expect-queries.ts': 'the work that is counted may wait',
      'profiling/explain-plan.ts': 'waits for the plan; reads the plans of PostgreSQL as well',
      'profiling/index-advisor.ts': 'waits for the plans with and without an index',
      'profiling/lens.ts': 'records a database that lends connections',
      'profiling/plans.ts': 'waits for the plans',
      'query/execute.ts': 'waits for the rows',
      'query/result-cache.ts': 'waits for the rows that it keeps',
      'relations/accessors.ts': 'a property cannot wait: it gives what can be awaited',
      'relations/collection.ts': 'holds what is loaded, and loads nothing by itself',
      'relations/errors.ts': 'says that an await is missing',
      'relations/lazy.ts': 'waits for the related rows, in a turn of its own',
      'relations/loader.ts': 'waits for the related rows, one batch after the other',
      'relations/peers.ts': 'waits for the related rows of all',
      'relations/to-one.ts': 'a property cannot wait: it gives what can be awaited',
      'relations/types.ts': 'what is not loaded has a type of its own',
      'relations/usage.ts': 'its example awaits',
      'session/busy.ts': 'a function of a transaction may wait',
      'session/cached-rows.ts': 'waits for the rows',
      'session/cascade.ts': 'waits for the children that a delete has to know',
      'session/entity-query.ts': 'waits for the objects; locks rows',
      'session/entity.ts': 'hooks may wait',
      'session/errors.ts': 'two things at once, and no session in this task',
      'session/explain.ts': 'tells the statements that take many rows',
      'session/find.ts': 'waits for the row',
      'session/flush.ts': 'waits for hooks and statements; sees what changes meanwhile',
      'session/hooks.ts': 'waits for the hooks, and lends them the session',
      'session/listeners.ts': 'waits for those who listen',
      'session/options.ts': 'takes a signal, a time limit and an isolation level',
      'session/persister.ts': 'waits for each row',
      'session/session.ts': 'every method that reaches the database is awaited, and takes its turn',
      'session/transaction.ts': 'BEGIN, COMMIT and ROLLBACK are awaited, on one connection',
      'session/workspace.ts': 'knows the turns, and the connection of the transaction',
      'session/write.ts': 'waits for each row; writes many at once',
    },
  },
  {
    number: '10',
    folder: '10-blog-app',
    title: 'Blog app',
    builds: 'a real web application on your own ORM',
    learnt:
      'where an ORM and the web meet: a session for each request, errors that a client can act on, lists that do not cost more when they grow, and two people who write at the same moment',
    time: '5 hours',
    tasks: [
      { id: 1, title: 'objects to JSON', file: 'app/serializers.ts' },
      { id: 2, title: 'one session per request', file: 'app/session-middleware.ts' },
      { id: 3, title: 'errors that speak HTTP', file: 'app/errors.ts' },
      { id: 4, title: 'the newest articles', file: 'app/feed.ts' },
      { id: 5, title: 'one question for a whole list', file: 'app/viewing.ts' },
      { id: 6, title: 'the second writer hears of it', file: 'app/concurrency.ts' },
      { id: 7, title: 'every article its slug', file: 'app/slugs.ts' },
    ],
  },
]
