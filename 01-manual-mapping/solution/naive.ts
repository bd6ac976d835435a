/** How everybody writes it first. Nothing here is to be mended: it is here to be broken. */
import { type Database, exec } from './database.ts'
import { columnText, step, withStatement } from './statement.ts'

/** Inserts a user by writing the values into the SQL. */
export function createUserNaively(db: Database, name: string, email: string): void {
  exec(db, `INSERT INTO users (name, email) VALUES ('${name}', '${email}')`)
}

/** Reads the names with SELECT *, trusting that the name is the second column, as it was when this was written. */
export function listNamesNaively(db: Database): (string | null)[] {
  return withStatement(db, 'SELECT * FROM users ORDER BY id', [], (statement) => {
    const names: (string | null)[] = []
    while (step(statement)) names.push(columnText(statement, 1))
    return names
  })
}
