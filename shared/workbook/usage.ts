/** Thrown when a command was called in a way that it does not understand: the message is all that is shown, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Runs a command; wrong use becomes its message and exit code 2. */
export async function withUsage(command: () => Promise<number>): Promise<number> {
  try {
    return await command()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(error.message)
    return 2
  }
}
