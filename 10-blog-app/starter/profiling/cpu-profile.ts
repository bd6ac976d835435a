import { writeFileSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector'

/** What V8's sampler saw: a tree of calls, and at each moment in which of them the program was. */
export type CpuProfile = Profiler.Profile

interface Options {
  /** A look every so many microseconds. */
  readonly interval?: number
}

/**
 * Runs something while V8 looks again and again where the program is.
 *
 * A profile shows where the processor's time goes: into hydration, into compiling SQL, into the driver. It does not show the waiting
 * for a database across a network; for that there is the log of statements.
 *
 * @example
 * const { result, profile } = profileCpu(() => authorsPage(session))
 *
 * @see https://nodejs.org/api/inspector.html
 */
export function profileCpu<T>(
  run: () => T,
  { interval = 100 }: Options = {},
): { readonly result: T; readonly profile: CpuProfile } {
  const inspector = new Session()
  inspector.connect()
  try {
    inspector.post('Profiler.enable')
    inspector.post('Profiler.setSamplingInterval', { interval })
    inspector.post('Profiler.start')
    const result = run()
    return { result, profile: stopped(inspector) }
  } finally {
    inspector.disconnect()
  }
}

/** On the program's own thread the answer comes before `post` returns. */
function stopped(inspector: Session): CpuProfile {
  let profile: CpuProfile | undefined
  inspector.post('Profiler.stop', (error, answer) => {
    if (error) throw error
    profile = answer.profile
  })
  if (!profile) throw new Error('The inspector has stopped without a profile.')
  return profile
}

/** Writes a profile as Chromium's developer tools, VS Code and speedscope.app open it. The name has to end in `.cpuprofile`. */
export function writeCpuProfile(profile: CpuProfile, file: string): void {
  writeFileSync(file, JSON.stringify(profile))
}
