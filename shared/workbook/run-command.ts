import { runProgram } from './child.ts'

/** Runs a command of a course, as npm would, for the tests of the commands. */
export function runCommand(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly status: number | null; readonly output: string }> {
  return runProgram(process.execPath, ['shared/workbook/cli.js', ...args], {
    cwd: root,
    seconds: 60,
    env: { INIT_CWD: root, ...env },
  })
}
