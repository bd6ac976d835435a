import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = [
  {
    name: 'changes-the-query-in-place',
    file: 'query/query.ts',
    find: 'return new Query({ ...this.#state, conditions: [...this.#state.conditions, condition] })',
    replace: ';(this.#state.conditions as ExpressionNode[]).push(condition)\n    return this',
    caughtBy: 'Task 1: chain and build › leaves the query it was called on as it was',
    why: 'Returning this is enough for a chain, and many builders do it. But then a query cannot be shared: whoever continues it changes it for everybody else. Two searches that begin with the same base query end up with the conditions of both. A new query for every call costs a small object and saves that whole class of bugs.',
  },
  {
    name: 'keeps-the-last-where-only',
    file: 'query/query.ts',
    find: 'conditions: [...this.#state.conditions, condition]',
    replace: 'conditions: [condition]',
    caughtBy: 'Task 1: chain and build › joins several where() by AND',
    why: 'Spreading the state copies what was said, and then the new list takes the place of the old one. A condition that silently disappears is the worst kind of wrong query: it gives more rows than it should, and no error.',
  },
  {
    name: 'writes-text-into-the-sql',
    file: 'query/compile-expression.ts',
    find: 'const mark = compiler.bind(node)',
    replace: `const mark = typeof node.value === 'string' ? \`'\${node.value}'\` : compiler.bind(node)`,
    caughtBy: 'Task 1: chain and build › never writes a value into the SQL',
    why: "Quotes around a value protect nothing: the value may hold a quote itself. O'Malley breaks the query, and somebody less friendly ends it and begins another. A parameter travels beside the SQL, so it is never read as SQL, whatever it holds.",
  },
  {
    name: 'writes-names-as-they-come',
    file: 'query/compile.ts',
    find: 'return this.dialect.quoteIdentifier(identifier)',
    replace: 'return identifier',
    caughtBy: 'Task 1: chain and build › quotes names of any kind, on a real database',
    why: 'A table called order, a column with a blank, a name with a quote: each is legal, and each ends the query when it stands there bare. Names cannot be parameters, so they have to be quoted, and a quote inside of the name doubled.',
  },
  {
    name: 'lets-any-direction-pass',
    file: 'query/query.ts',
    find: 'directionOf(direction)',
    replace: "direction as 'ASC'",
    caughtBy:
      'Task 1: chain and build › refuses a direction that is none: it would stand in the SQL',
    why: 'ASC and DESC are words of SQL, so they cannot be parameters, and they often come from the address bar: ?sort=name&direction=… The types say what they should be, but types are gone when the program runs. What stands in the SQL itself must be one of a list.',
  },
  {
    name: 'forgets-the-column-beside',
    file: 'query/expression.ts',
    find: ': parameter(value, beside)',
    replace: ': parameter(value, { type: undefined })',
    caughtBy: 'Task 2: columns that compare › refuses a value that its column does not take',
    why: "A value alone says little: '18' is text and 18 a number, and both go through. The column beside it knows what it takes. So an account type that does not exist is an error in your program, with the name of the column, and not an empty list.",
  },
  {
    name: 'takes-only-columns-for-expressions',
    file: 'query/expression.ts',
    find: 'return value instanceof Expression ? value.node : parameter(value, beside)',
    replace: 'return value instanceof ColumnExpression ? value.node : parameter(value, beside)',
    caughtBy: 'Task 2: columns that compare › compares with something computed',
    why: 'A column is one expression among many: a sum, a function, a comparison have a value too, and all of them carry a node. Ask for the most general thing that does the work. An operand that knows columns only takes age + 1 for a value, and refuses it.',
  },
  {
    name: 'forgets-that-a-comparison-is-boolean',
    file: 'query/expression.ts',
    find: 'return condition(equal(this.node, operand(other, this)))',
    replace: 'return new Expression(equal(this.node, operand(other, this)))',
    caughtBy: 'Task 2: columns that compare › gives a condition that knows it is true or false',
    why: 'An expression carries the type of its value, so that the value can be read and sent. SQLite has no booleans, it answers 1 and 0. A comparison without its type gives 1 where the program expects true, as soon as somebody selects it: isAdult === true is false then. condition() adds the type.',
  },
  {
    name: 'builds-the-and-by-hand',
    file: 'query/expression.ts',
    find: "return condition(logical('AND', [this.node, other.node]))",
    replace:
      "return condition({ kind: 'logical', operator: 'AND', terms: [this.node, other.node] })",
    caughtBy:
      'Task 2: columns that compare › makes one frozen node of a chain of and(), and of or()',
    why: 'The node looks right, and it is open: whoever gets hold of it can change the query of somebody else, because queries share their nodes. And a chain of three and() becomes a nest of two, with parentheses in the SQL that nobody needs. logical() freezes and flattens; a tree has one place where each kind of node is made.',
  },
  {
    name: 'forgets-the-rows-without-a-value',
    file: 'query/conditions.ts',
    find: "return compare('IS DISTINCT FROM', operand, value)",
    replace: "return compare('<>' as Comparison, operand, value)",
    caughtBy:
      'Task 2: columns that compare › finds with ne() also the rows that have no value at all',
    why: 'NULL <> 30 is not true, it is unknown, and WHERE keeps only what is true. So "everybody who is not 30" leaves out everybody whose age we do not know. A program that says !== means those too. IS DISTINCT FROM is the comparison that takes NULL for a value like any other.',
  },
  {
    name: 'compares-with-null-by-equals',
    file: 'query/conditions.ts',
    find: "if (isNull(value)) return nullTest(operand)\n  return compare('=', operand, value)",
    replace: "return node({ kind: 'binary', operator: '=', left: operand, right: value })",
    caughtBy: 'Task 3: the edges of a condition › finds the rows without a value by eq(null)',
    why: 'age = NULL is valid SQL and never true, not even where age is NULL: it asks whether two unknown things are the same, and the answer is unknown. The query gives no rows and no error. Two of the best known query builders in TypeScript still do this.',
  },
  {
    name: 'writes-an-empty-list',
    file: 'query/conditions.ts',
    find: 'if (items.length === 0) return constant(isNegated)',
    replace: '',
    caughtBy:
      'Task 3: the edges of a condition › keeps an empty list valid inside of other conditions',
    why: 'IN () works on SQLite and is a syntax error on PostgreSQL, as the standard has it. It shows up in production, on the day when somebody has no favourites. Nothing is in an empty list, so the condition is false: 1 = 0 says that on every database.',
  },
  {
    name: 'leaves-the-list-open',
    file: 'query/conditions.ts',
    find: "return constant(isNegated)\n  return node({ kind: 'in', operand, items, isNegated })",
    replace: "return constant(isNegated)\n  return { kind: 'in', operand, items, isNegated }",
    caughtBy: 'Task 3: the edges of a condition › makes a frozen node of a list',
    why: 'Queries share their nodes: a base query and everything that continues it hold the same condition. A node that can be changed brings back what immutable queries were made to prevent. node() freezes it, and costs nothing to write.',
  },
  {
    name: 'finds-nothing-outside-of-nothing',
    file: 'query/conditions.ts',
    find: 'return constant(isNegated)',
    replace: 'return constant(false)',
    caughtBy:
      'Task 3: the edges of a condition › finds nothing in an empty list, and everything outside of it',
    why: 'Nothing is in an empty list, and so everything is outside of it. "All but those that are blocked" must give all when nobody is blocked.',
  },
  {
    name: 'lets-wildcards-through',
    file: 'query/conditions.ts',
    find: "text.replace(/[\\\\%_]/g, '\\\\$&')",
    replace: 'text',
    caughtBy: 'Task 3: the edges of a condition › finds a_b as it stands',
    why: 'The value is a parameter, so nothing can break. But LIKE reads a language of its own inside of it: % is any text, _ any sign. Who searches for 100% finds "100 ways" too, and who searches for _ finds everything.',
  },
  {
    name: 'forgets-to-escape-the-escape',
    file: 'query/conditions.ts',
    find: '/[\\\\%_]/g',
    replace: '/[%_]/g',
    caughtBy: 'Task 3: the edges of a condition › finds a\\b as it stands',
    why: 'The sign that escapes must be escaped itself. Otherwise a backslash in the search makes an ordinary sign of whatever comes next, and a\\b is searched as ab.',
  },
  {
    name: 'forgets-the-parentheses-of-or',
    file: 'query/conditions.ts',
    find: "term.kind === 'logical' || term.kind === 'raw'",
    replace: "term.kind === 'raw'",
    caughtBy: 'Task 3: the edges of a condition › keeps an OR together that stands inside an AND',
    why: 'AND binds closer than OR: a OR b AND c is a OR (b AND c). The tree knew better, the text has lost it. It is a favourite way to show one customer the data of another: … OR shared AND customer_id = 7.',
  },
  {
    name: 'lets-raw-sql-leak-into-its-neighbours',
    file: 'query/conditions.ts',
    find: " || term.kind === 'raw'",
    replace: '',
    caughtBy: 'Task 3: the edges of a condition › keeps SQL together that somebody wrote by hand',
    why: 'The compiler cannot know what its author wrote by hand. If it holds an OR, and an AND comes after it, they mix. What is not known goes in parentheses.',
  },
  {
    name: 'skips-rows-without-a-limit',
    file: 'query/compile-select.ts',
    find: `\${first || compiler.dialect.noLimit}`,
    replace: `\${first}`,
    caughtBy: 'Task 4: compile a SELECT › gives SQLite the LIMIT that it wants before an OFFSET',
    why: 'PostgreSQL takes OFFSET alone, SQLite knows it only as a part of LIMIT. LIMIT -1 means "no limit" there. Such differences belong to the dialect, so that the compiler stays one.',
  },
  {
    name: 'binds-the-offset-before-the-limit',
    file: 'query/compile-select.ts',
    find: `  const first = limit ? \`LIMIT \${compiler.expression(limit)}\` : ''
  if (!offset) return first
  return \`\${first || compiler.dialect.noLimit} OFFSET \${compiler.expression(offset)}\`.trim()`,
    replace: `  const last = offset ? \`OFFSET \${compiler.expression(offset)}\` : ''
  const first = limit ? \`LIMIT \${compiler.expression(limit)}\` : ''
  if (!offset) return first
  return \`\${first || compiler.dialect.noLimit} \${last}\`.trim()`,
    caughtBy: 'Task 4: compile a SELECT › writes the clauses in the order that SQL asks for',
    why: 'Writing an expression binds its parameters, so the order of the calls is the order of the parameters. The text looks right, and limit and offset have changed places. Write from left to right, always.',
  },
  {
    name: 'writes-the-on-before-the-source',
    file: 'query/compile-select.ts',
    find: `  const joined = \`\${type} \${writeSource(source, compiler)}\`
  return on ? \`\${joined} ON \${compiler.expression(on)}\` : joined`,
    replace: `  const condition = on ? \` ON \${compiler.expression(on)}\` : ''
  return \`\${type} \${writeSource(source, compiler)}\${condition}\``,
    caughtBy:
      'Task 4: compile a SELECT › binds what stands in a joined query before what stands in its ON',
    why: 'The text looks right, and nothing is wrong as long as a table is joined: a table has no parameters. A query that is joined may have some, and they stand before those of the ON. Then the values change places: the title is compared with true. Whatever stands first in the text must be compiled first.',
  },
  {
    name: 'writes-the-query-with-a-name-again',
    file: 'query/compile-select.ts',
    find: `    case 'cte':
      return name`,
    replace: `    case 'cte':
      return \`(\${compiler.apart(() => compiler.query(source.query))}) AS \${name}\``,
    caughtBy:
      'Task 4: compile a SELECT › writes a query with a name once, however often it is read',
    why: 'The rows are the same, so it seems to work. But the query stands in the WITH already, and now the database reads its table once more for every place where the name is used. A query that reads itself cannot be written so at all. The name is the point of it.',
  },
  {
    name: 'lets-a-derived-table-look-outside',
    file: 'query/compile-select.ts',
    find: 'compiler.apart(() => compiler.query(source.query))',
    replace: 'compiler.query(source.query)',
    caughtBy:
      'Task 4: compile a SELECT › lets a query in FROM see nothing of the tables around it, as SQL does',
    why: 'A query in WHERE sees the tables of the query around it, a query in FROM does not: it is worked out on its own. Without that rule the compiler writes a column which the database cannot find, and the message comes from the database, in its words.',
  },
  {
    name: 'takes-the-columns-of-the-first-row',
    file: 'query/write-rules.ts',
    find: 'complete.some((row) => row[property] !== undefined)',
    replace: 'complete[0]?.[property] !== undefined',
    caughtBy:
      'Task 5: write rows › brings rows that give different columns together, where null says the same',
    why: 'The first row is not the measure: Dan has no age, so the age of Eve is dropped without a word. Data that disappears on its way into the database is found months later.',
  },
  {
    name: 'fills-every-hole-with-null',
    file: 'query/write-rules.ts',
    find: 'if (column.isNullable) return',
    replace: 'if (column) return',
    caughtBy:
      'Task 5: write rows › refuses rows that give different columns, where null would not say the same',
    why: 'For a column that may be NULL, "nothing given" and NULL are the same. For a key that the database makes they are not: NULL there is an error on PostgreSQL and a new key on SQLite. When the statement cannot say what was meant, say so before sending it.',
  },
  {
    name: 'deletes-everything-without-where',
    file: 'query/write-rules.ts',
    find: 'if (meetsEveryRow && !isEveryRow)',
    replace: 'if (meetsEveryRow && isEveryRow)',
    caughtBy: 'Task 5: write rows › refuses to change or delete every row by accident',
    why: 'DELETE FROM users is valid SQL, and one forgotten line away from every careful DELETE. The one who means it can say so: everyRow(). The one who does not is stopped before anything is sent.',
  },
  {
    name: 'takes-an-empty-filter-for-a-condition',
    file: 'query/write-rules.ts',
    find: 'where === undefined || isConstant(where, true)',
    replace: 'where === undefined',
    caughtBy: 'Task 5: write rows › refuses to change or delete every row by accident',
    why: 'There is a where(), so the guard is content. But and(...filters) of an empty list is true for every row. A guard must ask what the condition says, not whether there is one.',
  },
  {
    name: 'drops-the-where-of-every-row',
    file: 'query/write-rules.ts',
    find: "'DELETE', table)\n  return where",
    replace: "'DELETE', table)\n  return isEveryRow ? undefined : where",
    caughtBy:
      'Task 5: write rows › keeps the WHERE that was given, even where every row was asked for',
    why: 'everyRow() answers one question: may this statement have no WHERE? It does not take one away. A function that adds everyRow() to be on the safe side, and a caller who adds where() later, would delete the whole table together. When two wishes meet, the one that destroys less wins.',
  },
  {
    name: 'pastes-values-into-the-template',
    file: 'query/sql.ts',
    find: 'return parameter(given, { type: undefined })',
    replace: "return node({ kind: 'raw', parts: [String(given)] })",
    caughtBy: 'Task 6: the sql template › sends every value beside the text',
    why: 'A tagged template looks like any other template, and this is the one difference that matters: the tag gets texts and values apart. Put together again they are the injection of stage 01.',
  },
  {
    name: 'takes-the-raw-texts-of-the-template',
    file: 'query/sql.ts',
    find: 'texts.flatMap(',
    replace: 'texts.raw.flatMap(',
    caughtBy:
      'Task 6: the sql template › makes a frozen node of the texts as JavaScript reads them',
    why: 'A tag gets its texts twice: as JavaScript reads them, and in `raw` as they were typed, where \\t is two signs. SQL knows nothing of JavaScript’s escapes, so it would get the backslash and the t.',
  },
  {
    name: 'counts-in-the-program',
    file: 'record/model-query.ts',
    find: `const counted = this.#rows().select(() => ({ count: count() }))
    return fetchFirst(this.#connection, counted)?.count ?? 0`,
    replace: 'return this.all().length',
    caughtBy: 'Task 7: ask the models › counts in the database',
    why: 'The number is right, and to get it every row was read, sent and made into an object. With three users nobody notices. With three million the program stands still.',
  },
  {
    name: 'counts-without-the-limit',
    file: 'record/model-query.ts',
    find: "isSliced(this.node) ? from(this.#query.as('rows')) : this.#query",
    replace: 'this.#query',
    caughtBy: 'Task 7: ask the models › counts the rows that a limit leaves',
    why: 'SELECT COUNT(*) … LIMIT 2 counts everything and then keeps two of the one row that it gives. The limit has to be applied before the count: inside, in a query that the count reads from.',
  },
  {
    name: 'counts-to-know-whether-there-is-any',
    file: 'record/model-query.ts',
    find: `const any = this.#rows().select(() => ({ one: value(1) }))
    return fetchFirst(this.#connection, any.limit(1)) !== undefined`,
    replace: 'return this.count() > 0',
    caughtBy: 'Task 7: ask the models › asks whether there is any',
    why: 'To count, the database must look at every row that fits. To know whether there is any, it may stop at the first one. LIMIT 1 tells it so: on a large table that is the difference between a glance and a walk.',
  },
]
