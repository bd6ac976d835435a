import { ConnectionLostError } from '#shared/driver/errors'

/** Something stands between the tool and its work. Its message says what to do; `manage` prints it and gives 1. */
export class MigrationError extends Error {
  override readonly name: string = 'MigrationError'
}

/** A script opens a quote, or a comment, and never closes it. */
export class UnreadableScriptError extends MigrationError {
  override readonly name = 'UnreadableScriptError'

  constructor(opened: string, line: number) {
    super(
      `The ${opened} in line ${line} is opened and never closed, so nobody can say where its statement ends. ` +
        "This usually happens with an apostrophe in a text: write it twice, as in 'O''Malley'.",
    )
  }
}

/** A file in the folder of the migrations is none. */
export class UnreadableMigrationError extends MigrationError {
  override readonly name = 'UnreadableMigrationError'

  constructor(name: string, marks: readonly { readonly part: string }[]) {
    const found = marks.map(({ part }) => `-- ${part}`).join(', ') || 'none'
    super(
      `${name}.sql has the marks: ${found}. A migration needs a line \`-- up\`, and may have a line \`-- down\` after it. ` +
        'This usually happens when a file is written by hand, or after a merge by git. Put the marks in their place.',
    )
  }
}

/** A file begins or ends a transaction, which is the tool's business. */
export class TransactionInFileError extends MigrationError {
  override readonly name = 'TransactionInFileError'

  constructor(name: string, sql: string) {
    super(
      `${name}.sql says ${sql}. The tool itself runs each migration in a transaction, and this would end it halfway. ` +
        'This usually happens when SQL is taken over from a script. Take BEGIN and COMMIT out; when it has to run without a transaction, write the line `-- no transaction` above `-- up`.',
    )
  }
}

/** A file whose name does not say where it belongs. */
export class MigrationNameError extends MigrationError {
  override readonly name = 'MigrationNameError'

  constructor(file: string) {
    super(
      `"${file}" is no name for a migration: it takes four digits and what it does, as in 0002_add_email_to_users.sql. ` +
        'This usually happens when another file gets into the folder, or a name holds blanks. Rename it, or move it away.',
    )
  }
}

/** A migration that builds on a file which is not there, or on itself. */
export class BrokenChainError extends MigrationError {
  override readonly name = 'BrokenChainError'
}

/** The files and the record in the database contradict each other. */
export class HistoryError extends MigrationError {
  override readonly name = 'HistoryError'

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
  }
}

/** Two migrations were written beside each other, and none of them builds on the other. */
export class ForkedHistoryError extends MigrationError {
  override readonly name = 'ForkedHistoryError'

  constructor(heads: readonly string[]) {
    super(
      `The history is forked. It ends in ${heads.join(' and in ')}: none of them builds on the other. ` +
        'This usually happens when two branches have added a migration each, and are merged. ' +
        'Read both. When they can be applied in either order, say so with `makemigrations --merge`; ' +
        'when not, let one of them come after the other in its line `-- after:`.',
    )
  }
}

/** A name on the command line that no migration has, or several. */
export class UnknownMigrationError extends MigrationError {
  override readonly name = 'UnknownMigrationError'

  constructor(wanted: string, found: readonly string[], all: readonly string[]) {
    super(
      found.length > 1
        ? `"${wanted}" may be ${found.join(' or ')}. Two branches may have given the same number. Write the whole name.`
        : `There is no migration "${wanted}". This usually happens after a slip of the pen, or on another branch. There are: ${all.join(', ') || 'none'}.`,
    )
  }
}

/** A migration cannot be taken back. */
export class IrreversibleMigrationError extends MigrationError {
  override readonly name = 'IrreversibleMigrationError'

  constructor(name: string) {
    super(
      `${name} has no down part, so it cannot be rolled back. ` +
        'This usually happens when whoever wrote it saw no way back, or forgot it. Write a `-- down` part, or go on with a new migration that mends what this one did.',
    )
  }
}

/** The target of `migrate --to` lies behind. */
export class AlreadyAppliedError extends MigrationError {
  override readonly name = 'AlreadyAppliedError'

  constructor(name: string, later: readonly string[]) {
    super(
      `${name} is applied already, and so is what comes after it: ${later.join(', ')}. ` +
        `This usually happens when the way back is meant. Say \`rollback --to ${name}\`.`,
    )
  }
}

/** What a step of the plan stands on has changed before its turn. */
export class OvertakenError extends MigrationError {
  override readonly name = 'OvertakenError'

  constructor(name: string, others: readonly string[], direction: 'up' | 'down') {
    super(
      direction === 'up'
        ? `${name} builds on ${others.join(', ')}, which this database does not have any more. ${overtaken}`
        : `${others.join(', ')} builds on ${name}, and this database has it by now. ${overtaken}`,
    )
  }
}

const overtaken =
  'This usually happens when another process migrates or rolls back at the same moment. Look at `status`, and say the command again: it makes a new plan.'

/** A statement of a migration failed. */
export class MigrationFailedError extends MigrationError {
  override readonly name = 'MigrationFailedError'

  constructor(name: string, isTransactional: boolean, cause: unknown) {
    const said = cause instanceof Error ? cause.message : String(cause)
    const isLost = cause instanceof ConnectionLostError
    super(
      `${name} failed. ${isLost ? unknown : isTransactional ? undone : halfDone(name)}\n${said}\n` +
        adviceFor(name, said, cause),
      { cause },
    )
  }
}

const unknown =
  'The connection broke, so it is not known whether the last statement was heard: `status` tells.'

function adviceFor(name: string, said: string, cause: unknown): string {
  if (cause instanceof OvertakenError) return 'Nothing in its file has to be mended.'
  if (/transaction block|within a transaction/.test(said)) return wantsNone
  return /already exists/.test(said) ? wantsTakeover(name) : wantsMending
}

const wantsTakeover = (name: string) =>
  'This usually happens when a database had its tables before there were migrations. ' +
  `When it has everything that this one makes, say \`migrate --fake ${name}\`; \`check\` tells whether it was true.`

const wantsMending =
  'This usually happens when rows do not fit the new schema, or when the file was edited by hand. Mend the rows or the file, then migrate again.'

const wantsNone =
  'This usually happens with CREATE INDEX CONCURRENTLY or VACUUM. Put it into a migration of its own, with the line `-- no transaction` above `-- up`.'

const undone = 'It was rolled back: the database is as it was before it.'

const halfDone = (name: string) =>
  `It runs without a transaction, so the part before the failure stays. ${unfinishedAdvice(name)}`

/** What to do with a migration that began without a transaction and did not end. */
export const unfinishedAdvice = (name: string) =>
  `Look what is there (\`inspect\`). Undo it by hand and say \`rollback --fake ${name}\`, or finish it by hand and say \`migrate --fake ${name}\`.`

/** Rows that others point to are gone, or have lost their key, at the end of a migration. */
export class DanglingRowsError extends MigrationError {
  override readonly name = 'DanglingRowsError'

  constructor(rows: readonly string[]) {
    super(
      `At its end these rows would point to rows that are not there: ${rows.join(', ')}. ` +
        'SQLite does not follow foreign keys while a table is rebuilt, and they are checked at the end. ' +
        'This usually happens when a migration deletes rows that others point to, or when such rows were there before. Delete or change them in the same migration.',
    )
  }
}

/** Data would be lost, and nobody has said that it may. */
export class DataLossError extends MigrationError {
  override readonly name = 'DataLossError'

  constructor(losses: number) {
    super(
      `This would lose data, at ${losses} ${losses === 1 ? 'place' : 'places'}, and there is no terminal to ask at. ` +
        'What a migration drops no rollback brings back. Make a backup, then say --allow-data-loss.',
    )
  }
}

/** A question has to be answered, and there is no terminal to ask at. */
export class NoTerminalError extends MigrationError {
  override readonly name = 'NoTerminalError'

  constructor(question: string, flags: string) {
    super(
      `${question} There is no terminal to ask at. ` +
        `This usually happens in a pipeline. Answer on the command line: ${flags}.`,
    )
  }
}

/** Whoever was asked has said no, or has left. */
export class CancelledError extends MigrationError {
  override readonly name = 'CancelledError'

  constructor() {
    super('Cancelled. Nothing was written, and nothing was changed.')
  }
}

/** Another process migrates, and did not end in time. */
export class LockTimeoutError extends MigrationError {
  override readonly name = 'LockTimeoutError'

  constructor(seconds: number) {
    super(
      `Another process has held the lock of the migrations for ${seconds} seconds. ` +
        'This usually happens when several servers start at once and one of them has a long migration to apply. ' +
        'Wait until it has ended; then run this again, which applies what is left. The lock goes away with the process that holds it.',
    )
  }
}

/** A table that the database does not have. */
export class UnknownTableError extends MigrationError {
  override readonly name = 'UnknownTableError'

  constructor(wanted: string, tables: readonly string[]) {
    super(
      `The database has no table "${wanted}". This usually happens after a slip of the pen, or before \`migrate\`. ` +
        `It has: ${tables.join(', ') || 'none'}.`,
    )
  }
}

/** A database is compared before it has all migrations. */
export class PendingMigrationsError extends MigrationError {
  override readonly name = 'PendingMigrationsError'

  constructor(names: readonly string[]) {
    super(
      `This database does not have all migrations yet: ${names.join(', ')}. What they do would be written a second time. ` +
        'This usually happens after a pull. Say `migrate` first. (A database that had its tables before there were migrations: `migrate --fake NAME`.)',
    )
  }
}
