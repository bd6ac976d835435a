// The C API, and what we make of its answers
export * from './sqlite3.ts'
export * from './errors.ts'
export { databaseError } from './database-error.ts'

// A connection
export { closeDatabase, type Database, exec, openDatabase, openStatements } from './database.ts'
export { transaction } from './transaction.ts'
export { trace } from './trace.ts'

// A statement
export {
  bind,
  columnInteger,
  columnText,
  execute,
  finalize,
  type Outcome,
  prepare,
  type Statement,
  step,
  withStatement,
} from './statement.ts'

// A struct
export {
  addressOf,
  allocateUser,
  checkText,
  freeUser,
  liveUsers,
  type TextField,
  type User,
  userStruct,
  writeId,
  writeText,
} from './user-struct.ts'

// The mapping, and how everybody writes it first
export { createUser, deleteUser, findUserById, listUsers, updateUser } from './users.ts'
export { createUserNaively, listNamesNaively } from './naive.ts'
export { schema } from './schema.ts'
