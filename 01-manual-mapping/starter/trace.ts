import koffi from 'koffi'
import type { Database } from './database.ts'
import {
  type Pointer,
  SQLITE_TRACE_STMT,
  sqlite3_expanded_sql,
  sqlite3_free,
  sqlite3_trace_v2,
} from './sqlite3.ts'

const TraceCallback = koffi.pointer(
  koffi.proto('int', ['unsigned int', 'void *', 'void *', 'void *']),
)

/**
 * Collects the statements that the database runs inside `work`, with their values written in.
 *
 * @example
 * trace(db, () => updateUser(db, user)) // ["UPDATE users SET name = 'Alice Smith', … WHERE id = 1"]
 */
export function trace(db: Database, work: () => void): string[] {
  const statements: string[] = []
  const callback = koffi.register((_event: number, _context: null, statement: Pointer) => {
    statements.push(expandedSql(statement))
    return 0
  }, TraceCallback)
  sqlite3_trace_v2(db.pointer, SQLITE_TRACE_STMT, callback, null)
  try {
    work()
  } finally {
    sqlite3_trace_v2(db.pointer, 0, null, null)
    koffi.unregister(callback)
  }
  return statements
}

/** SQLite allocates this text, and we own it: the question of this stage, asked by somebody else's code. */
function expandedSql(statement: Pointer): string {
  const text = sqlite3_expanded_sql(statement)
  try {
    return text === null ? '(out of memory)' : koffi.decode.string(text)
  } finally {
    sqlite3_free(text)
  }
}
