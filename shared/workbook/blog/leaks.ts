import { expect } from 'vitest'
import type { Answer } from '../../../10-blog-app/tests/client.ts'
import { failure } from './operations.ts'

/** Words of SQL, of the drivers and of a stack. */
const inside =
  /\n\s+at |node_modules|\.[jt]s:\d|sqlite|postgres|syntax error|\bSELECT\b|\bINSERT INTO\b|\bUPDATE\b.*\bSET\b|\brelation\b|scrypt/i

/** A refusal that says what is wrong, and nothing of how the blog is made. */
export function expectCleanRefusal(answer: Answer): void {
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.text).not.toMatch(inside)
  failure.parse(answer.json)
}
