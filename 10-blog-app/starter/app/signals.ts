import { constants } from 'node:os'

/** How long a program may take to end, in milliseconds. */
const patience = 20_000

/**
 * Ends a program in peace on Ctrl-C, and when the system asks for it. Who asks a second time wants it now, and what hangs is
 * not waited for.
 *
 * @param stop finishes what was begun, and closes what is open: then the program ends by itself
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let isStopping = false
  const hear = (signal: 'SIGINT' | 'SIGTERM') => {
    if (isStopping) process.exit(128 + constants.signals[signal])
    isStopping = true
    setTimeout(() => process.exit(1), patience).unref()
    void stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A PostgreSQL that was started for this listens too, and would end before the last answers are out.
    process.removeAllListeners(signal)
    process.on(signal, hear)
  }
}
