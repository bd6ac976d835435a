/**
 * A wrong answer that a learner might well write, as a small edit to the solution,
 * and the test that must catch it. `npm run check` applies each one and fails when that test stays green.
 */
export interface Mistake {
  /** Short and unique in the stage, in kebab case: `binds-null-with-equals`. */
  readonly name: string
  /** The file it edits, relative to the stage's `solution/`. */
  readonly file: string
  /** Text that occurs exactly once in that file. */
  readonly find: string
  readonly replace: string
  /** The full name of the test that must turn red: `Task 3: insert a row › leaves out what is undefined`. */
  readonly caughtBy: string
  /** A paragraph for the learner: what goes wrong, and what idea it mistakes. */
  readonly why: string
  /** What an instructor asks, so that the learner finds it without being told: one question that does not hold the answer. */
  readonly ask: string
}
