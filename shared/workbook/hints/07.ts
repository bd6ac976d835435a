export const hints: Record<number, readonly string[]> = {
  1: [
    'Begin with columnSchema. Each of its five properties is one line, and three of them only translate what the declaration says.',
    'columnSchema: `column.name` is the name in the database (`column.property` is the one in the code), and `canonicalType(column.type.sql[dialect.name])` the type. A key is never NULL: `column.isNullable && !column.isPrimaryKey`.',
    'isGenerated: `column.isPrimaryKey && column.isGenerated && table.primaryKey.length === 1`. The default: `column.defaultSql ?? defaultValue(column, dialect)`.',
    'constraintsOf gives a list, made of four: `[primaryKey(table), ...uniques, ...table.columns.flatMap(foreignKey), ...checksOf(table, dialect)]`. A unique column is the list of its one name: `[name]`; those of the table are properties, so send them through `namesOf(table, properties)`.',
    "foreignKey: `referencedBy(column)` gives `{ table, name }`, or undefined: then `return []`. Else one object: kind, `foreignKeyName(column.table, [column.name], target.table)`, columns, `target: { table: target.table, columns: [target.name] }`, and both rules; `const { onDelete, onUpdate = 'no action' } = column.reference!`.",
  ],
  2: [
    "Open a database and look: `SELECT * FROM pragma_table_xinfo('users')`, `SELECT * FROM pragma_foreign_key_list('posts')`. What you see are the rows that you get.",
    "columnSchema: SQLite says notnull 0 for `id INTEGER PRIMARY KEY`, although it can never be NULL: it is the number of the row. So ask first: `const isRowid = type === 'integer' && isWholeKey(row, columns)`.",
    'columnSchema goes on with `isNullable: row.notnull === 0 && !isRowid`, `isGenerated: isRowid && isCounted`, `default: row.dflt_value ?? undefined`. keyColumns: filter `pk > 0`, sort by pk, take the names. The order of the key is not the order of the table.',
    'foreignKeysOf: `connection.all("SELECT * FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq", [table])`, `groupBy(rows, ({ id }) => id)`, and `[...groups.values()].map((parts) => foreignKey(connection, table, parts))`.',
    'foreignKey: `const { table: target, on_delete, on_update } = parts[0]!`; columns are `parts.map(({ from }) => from)`; `const named = parts.flatMap(({ to }) => to ?? [])`, and when that is empty, `keyColumns(columnRows(connection, target))`.',
  ],
  3: [
    'Begin with onlyIn, and read indexChanges: it is given, and does for indexes what you will do for constraints.',
    'onlyIn: `const keys = new Set(those.map(keyOf))`, and a filter over `these`. To look through the other list for each one would take N × M steps.',
    'columnChanges: added and dropped are onlyIn by `nameOf`. Altered is onlyIn(after, before, meaningOfColumn), without those that are added: a column with another type is still the same column, and its values stay.',
    "Each becomes a value: `{ kind: 'add column', table, column, backfill }`; `{ kind: 'alter column', table, from: columnNamed(before, to.name)!, to, backfill }`. constraintChanges: drop what only `before` means, add what only `after` means, both by meaningOfConstraint.",
    "placeOf: a list of the kinds in their order, and `indexOf`. 'drop index', foreign keys dropped, 'drop constraint', 'drop table', 'create table', 'add column', 'alter column', 'drop column', 'add constraint', foreign keys added, 'create index'. It is a foreign key when `'constraint' in operation && operation.constraint.kind === 'foreign key'`.",
  ],
  4: [
    'Begin with columnDefinition: its test prints what it expects, one column a line.',
    'columnDefinition: collect the words in a list and join them with a blank. `dialect.quoteIdentifier(name)` and `typeName(type)` are always there.',
    'A counted column ends after `counted[dialect.name]`. Else push `NOT NULL` unless it may be NULL, and `DEFAULT` with `defaultText(value)` when there is one: `value !== undefined`.',
    'constraintDefinition: the word CONSTRAINT and `dialect.quoteIdentifier(constraint.name)` begin each of them, so make a `start` of them; then a switch over the four kinds. `columnList(columns, dialect)` writes the names, `referencesClause(constraint, dialect)` what comes behind a foreign key.',
    'createTable: the lines of the columns, then those of the constraints for which `!isInColumn(constraint, table, dialect)`, joined with a comma and a new line.',
  ],
  5: [
    'Begin with rebuild: it is a list of statements. Write down the recipe first: make, move, drop, rename; and then ask what DROP TABLE has taken with it.',
    'rebuild: `createTable(made, sqlite)`, `moveRows(old, made, operations)`, `...keepCounter(old, made)`, DROP TABLE, ALTER TABLE … RENAME TO, then `createIndex(wanted, index, sqlite)` for each index, and `...(old.triggers ?? [])`.',
    'sourceOf has three answers: a column that was not there has its backfill, or nothing (undefined: the default will do). One that was there has its own name, `quote(name)`, or with a backfill `COALESCE(name, backfill)`: who has a value keeps it.',
    'moveRows: the columns for which sourceOf gives something, and their sources, in the same order. Name the columns on both sides. `SELECT *` would go by place, and the places have changed.',
    "withoutForeignKeys: 'PRAGMA foreign_keys = OFF' first, 'PRAGMA foreign_key_check' and 'PRAGMA foreign_keys = ON' last. Around the statements of a rebuild 'PRAGMA legacy_alter_table = ON' and OFF.",
  ],
}
