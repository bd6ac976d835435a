/**
 * The line of the program in a stack: the first one outside the driver and the ORM.
 *
 * @example
 * callSiteOf(deepTrace()) // listAuthors (08-profiling/page/authors.ts:12:20)
 *
 * @see https://v8.dev/blog/fast-async a stack goes on behind an `await`, and is written as `at async listAuthors (…)`
 */
export const callSiteOf = (trace: Error): string | undefined =>
  trace.stack
    ?.split('\n')
    .slice(1)
    .find(isOutside)
    ?.trim()
    .replace(/^at (async )?/, '')

/** Frames of the driver, of Node and of the ORM itself are not where the program asked. */
const isOutside = (frame: string) =>
  /:\d+:\d+\)?$/.test(frame) &&
  !/node:|node_modules|[\\/]shared[\\/]driver[\\/][\w-]+\.ts|[\\/](starter|solution)[\\/](?!app[\\/])/.test(
    frame,
  )

/** The ORM is many small functions deep: ten frames, the default, would not reach the program. */
export function deepTrace(): Error {
  const usual = Error.stackTraceLimit
  Error.stackTraceLimit = 50
  const trace = new Error()
  Error.stackTraceLimit = usual
  return trace
}
