/** Thrown when a command was called in a way that it does not understand: the message is all that is shown, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Thrown when somebody asks how a command is used: the message is what they want to read, and nothing is wrong. */
export class HelpWanted extends Error {
  override readonly name = 'HelpWanted'
}

/** Runs a command; wrong use becomes its message and exit code 2. */
export async function withUsage(command: () => Promise<number>): Promise<number> {
  try {
    return await command()
  } catch (error) {
    if (error instanceof HelpWanted) {
      console.log(error.message)
      return 0
    }
    if (!(error instanceof UsageError)) throw error
    console.error(error.message)
    return 2
  }
}
