import { align } from '../../testing/align.ts'
import type { Paint } from '../paint.ts'

const limit = 40

/** Two values as a test compared them: on one line each when they are short, else line by line. */
export function compare(expected: string, received: string, paint: Paint): string[] {
  if (!`${expected}${received}`.includes('\n')) {
    return [paint('green', `expected: ${expected}`), paint('red', `received: ${received}`)]
  }
  const rows = difference(expected.split('\n'), received.split('\n'), paint)
  const rest = rows.length - limit
  const cut = rest > 0 ? [...rows.slice(0, limit), `  … ${rest} more lines`] : rows
  return [paint('green', '- expected'), paint('red', '+ received'), '', ...cut]
}

function difference(expected: string[], received: string[], paint: Paint): string[] {
  const pairs = align(expected, received, (a, b) => a === b)
  return pairs.flatMap((pair) => {
    if (pair.matches) return [`  ${pair.expected}`]
    const missing = pair.expected === undefined ? [] : [paint('green', `- ${pair.expected}`)]
    const surplus = pair.sent === undefined ? [] : [paint('red', `+ ${pair.sent}`)]
    return [...missing, ...surplus]
  })
}
