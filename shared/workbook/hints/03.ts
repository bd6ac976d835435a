export const hints: Record<number, readonly string[]> = {
  1: [
    'Look at `select`, which is given: a new Query with a new state. The old state is spread into it, and one part of it is new. The others are the same move.',
    '`from` replaces, `where` and `orderBy` add up: `[...this.#state.conditions, condition]`. Never push: the list belongs to the query before as well.',
    'where: `conditionFor(columnNode(column), operator, value)` gives the condition. orderBy: `orderNode(columnNode(column), directionOf(direction))`. limit: `rowCount(count)`.',
    'build has three steps. No table: `throw new MissingTableError()`. Then the node: `{ ...selectFrom(node({ kind: "table", table, name: table })), outputs: columns.map(outputNode), … }`. Then `compile(select, dialect)`.',
    `The \`where\` of the node is one condition or undefined: \`conditions.length > 0 ? logical("AND", conditions) : undefined\`. What comes back is \`{ sql: \`\${sql};\`, params }\`.`,
  ],
  2: [
    'Nothing is compared here and nothing is sent. Each method takes this expression and the other side, and gives a new expression around a node.',
    'operand is one line: `value instanceof Expression` brings its `node`; everything else becomes `parameter(value, beside)`, which checks and remembers the type.',
    'eq: `condition(equal(this.node, operand(other, this)))`. ne is the same with notEqual. #compare is the same with `compare(operator, …)`.',
    'and: `condition(logical("AND", [this.node, other.node]))`. or is the same with "OR".',
  ],
  3: [
    'Begin with equal and notEqual. `age = NULL` is never true. Which function, just below `compare`, makes `age IS NULL`?',
    'isIn has three cases for a list: null in it (`items.some(isNull)`) is an error; an empty one is a constant; anything else is a node `{ kind: "in", operand, items, isNegated }`. A query (`!isList(items)`) is always that node.',
    'Is 5 in an empty list? No: false. Is 5 outside of an empty list? Yes: true. So the constant is `isNegated`.',
    'escapeLike: three signs mean something in LIKE: %, _ and the backslash itself. `text.replace(/[\\\\%_]/g, "\\\\$&")` puts a backslash before each; `$&` is what was found.',
    'needsParentheses: go through the kinds. `age IS NULL`, `id IN (…)` and `name LIKE ?` cannot be torn apart by an AND beside them. Two kinds can: a `logical` node, which is inside of another one only when the word differs, and `raw`, which may hold anything.',
  ],
  4: [
    'Each gap is one clause, and each is written from left to right: the call of compiler.expression() binds the parameters, so the order of calls is their order. What you may call stands in compiler.ts, with a sentence each.',
    `writeOutput: \`\${sql} AS \${compiler.name(name)}\`. writeGroupBy: \`GROUP BY \${list(groupBy, (one) => compiler.expression(one))}\`.`,
    `writeJoin: \`\${type} \${writeSource(source, compiler)}\`, and when there is an \`on\`, \` ON \${compiler.expression(on)}\`.`,
    'writeSource: a switch over source.kind. table: `users AS boss`. derived: `(…) AS name`, written inside of `compiler.apart(() => compiler.query(source.query))`. cte: the name alone, because its query stands at the head of the statement.',
    'writeLimit: after `first`, either nothing or ` OFFSET …`. Where `first` is empty, `compiler.dialect.noLimit` stands in its place, which is empty on PostgreSQL: trim() the blank.',
    `writeCompound: \`node.parts.map((part) => compiler.query(part)).join(\` \${node.operator} \`)\`, then clauses() with \`writeSlice(node, compiler)\`.`,
  ],
  5: [
    'insertRows has four steps, each of them one line: refuse, complete, choose the columns, make the values.',
    'Choose the columns: those of `table.columns` for which `some` complete row has something other than undefined. Not the first row: any row.',
    'valueFor: given? `operand(given, { type: column.type, column })`. Not given and the column is nullable? The same with null. Neither? `new MixedRowsError(column.table, column.property, position)`.',
    'guardedWhere: every row is met when `where` is undefined, and also when it is a constant that is true (`isConstant(where, true)`): that is what and() of nothing gives. Then MissingWhereError, unless isEveryRow. Otherwise give back the `where` as it was given, with or without everyRow().',
  ],
  6: [
    `A tag gets the texts and the values apart: sql\`a \${1} b\` calls sql(["a ", " b"], 1). There is always one text more than values.`,
    'Use `texts` itself, not `texts.raw`, which is what was typed and not what was meant. In turn: `texts.flatMap((text, i) => (i < values.length ? [text, part(values[i])] : [text]))`. The result is `new Sql(node({ kind: "raw", parts }))`.',
    'part: an Expression brings its node; `isQuery` becomes `{ kind: "subquery", query: given.node }`; `isMapped` becomes `{ kind: "identifier", name: given.table.name }`; everything else is `parameter(given, { type: undefined })`, which refuses what no database knows.',
    'sql.join: the first item alone, and before every other one the node of `between`. The items go through part() as well.',
  ],
  7: [
    'all: `fetchRows(this.#connection, this.#query)` gives arrays; `hydrate(this.#model.table, this.#model, row)` makes a record of each, as `where` in record/active-record.ts does.',
    'count: `this.#rows().select(() => ({ count: count() }))` through fetchFirst. exists: `.select(() => ({ one: value(1) })).limit(1)` through fetchFirst, and is it undefined? The limit is the point: the database may stop at the first row, and a count may not.',
    '#rows: a limit must be applied before anybody counts. `isSliced(this.node)` tells; then `from(this.#query.as("rows"))` reads from the query. Otherwise the query itself will do.',
  ],
}
