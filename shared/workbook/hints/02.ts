export const hints: Record<number, readonly string[]> = {
  1: [
    'Begin with boolean. What does SQLite store for true? The dialect knows whether the database has booleans of its own.',
    'boolean: `dialect.hasBooleans ? value : Number(value)` on the way in. On the way out 1 is true and 0 is false; give everything else to `readable(boolean, …)` as it is: it lets true and false pass, and throws for the rest.',
    'timestamp: accepts is `value instanceof Date && !Number.isNaN(value.getTime())`. In: `toISOString()`. Out: `readable(timestamp, parseTimestamp(String(value)))`, so that an invalid Date is refused.',
    'json is `JSON.stringify(value)` and `JSON.parse(String(value))`. bigint goes in as it is and comes out through `BigInt(…)`; never through Number, which loses digits. BigInt takes the empty text for 0n: give that to `readable` as it is.',
    'blob: `Uint8Array.from(bytes)` copies, whatever kind of array it gets. `slice()` does not: every Buffer is a Uint8Array, and a Buffer’s slice shares its memory. On the way out, `readable(blob, value)` first.',
  ],
  2: [
    '`Object.entries(shape)` gives the properties in the order of the declaration. The place in that list is the index.',
    'bindColumn is one object: everything of `builder.definition`, then table, property, index and name. `definition.name` is undefined unless named() was called; what do you write then?',
    'bindColumn: `Object.freeze({ ...definition, table, property, index, name: definition.name ?? snakeCase(property) })`.',
    'defineTable: the primary key is `columns.filter((column) => column.isPrimaryKey)`; byProperty is `Object.fromEntries(columns.map((column) => [column.property, column]))`.',
    'Five things are frozen: the table, its list of columns, its list of key columns, byProperty, and each column.',
  ],
  3: [
    'Read record/delete.ts again: statement, send, state. Yours has one step more, because the database answers with what it filled in.',
    'Split the columns in two: those whose value in the row is not undefined, and those whose value is. The first are sent, the second come after RETURNING.',
    'The statement: `INSERT INTO users (name, email) VALUES (?, ?) RETURNING id`. No given column: `DEFAULT VALUES` in place of both lists. No missing column: no RETURNING.',
    '`const [filled = []] = connection.values(sql, parameters)` is the one row that comes back, in the order of the missing columns. For each of them: put the value into the row, and `decode(column, value)` into the record with Reflect.set.',
    'At the end: `Object.assign(stateOf(record), { status: "persisted", row })` and `return true`. If the statement throws, this line is never reached, and that is the point.',
  ],
  4: [
    'Three steps: an object of the right class, a value for each property, the state.',
    '`Reflect.construct(Mapped, [], type)` runs the constructor of Mapped only, and the object is an instance of `type`. Tell TypeScript so: `as T`.',
    'The value of a column stands in the row at `column.index`. `decode(column, value)` converts it, and keeps null. Set it with `Reflect.set(object, column.property, …)`.',
    'The state is the one that insert gives: `Object.assign(stateOf(object), { status: "persisted", row })`. The row is the snapshot; no copy is needed, because nobody changes it.',
  ],
  5: [
    'Begin with `comparison`: one column, one value, three cases. It gives a piece of SQL and the parameters for its marks.',
    'comparison: undefined throws `new UndefinedValueError(column, "a condition")`; null is `name IS NULL` with no parameter; else `name = ?` with `encode(column, value, dialect)`.',
    'whereClause makes a comparison of each entry of the conditions (`columnOf(table, property)` finds the column), joins their SQL with AND, and their parameters with flatMap. No entries, no WHERE.',
    'select: the names of `table.columns`, quoted, joined with commas; FROM the table’s name, quoted; then the where clause, which begins with a blank; then ` LIMIT 1` when options ask for it. `connection.values` gives the rows as arrays.',
  ],
  6: [
    'Begin with `changesOf`. Which two lists of values do you compare? The row that the record would be now, and the row of its state.',
    'changesOf: map every column to `{ column, value: encode(column, Reflect.get(record, column.property), dialect) }`, then keep those that are not `isSame(column, value, row[column.index] ?? null)`.',
    'updateStatement: `UPDATE users SET name = ?, age = ? WHERE id = ?`. `keyCondition(table, dialect)` gives the part after WHERE.',
    'The parameters follow the marks: first the values of the changes, then `storedKey(table, state.row)`. Compare with record/delete.ts.',
    'update: no changes, return false. Send. `changes === 0` is a LostRowError with `keyOfRow(table, state.row)` and "UPDATE". Then `state.row = withChanges(state.row, changes)`, and return true.',
  ],
  7: [
    'withHooks knows one event. Nesting comes from save, which calls it with Save around Create or Update.',
    'Three steps: call `before…`, keep what write() returns, call `after…` if it was true. Return it, so that the outer withHooks knows it too.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
    'The name of the hook is a template: `callHook(record, `before${event}`)`. TypeScript knows all eight.',
    'callHook: `const result: unknown = record[hook]()`, and if it is `instanceof Promise`, throw `new AsyncHookError(hook)`. The type unknown is needed because TypeScript believes that a void method gives nothing.',
  ],
}
