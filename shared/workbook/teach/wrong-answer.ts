import type { Mistake } from '../mistakes.ts'
import type { Files } from '../pristine.ts'

/** The edit of a mistake as a small diff: whole lines, and one around them. */
export function editOf({ file, find, replace }: Mistake, solution: Files): string[] {
  const text = solution[file] ?? ''
  const at = text.indexOf(find)
  const wrong = text.slice(0, at) + replace + text.slice(at + find.length)
  return changedLines(text.split('\n'), wrong.split('\n'))
}

/** One place differs, so what both have at the beginning and at the end is around it. */
function changedLines(before: readonly string[], after: readonly string[]): string[] {
  const shorter = Math.min(before.length, after.length)
  const isSame = (a: number, b: number) => before.at(a) === after.at(b)
  const head = count(shorter, (i) => isSame(i, i))
  const tail = count(shorter - head, (i) => isSame(-1 - i, -1 - i))
  const kept = (line: string | undefined) => (line?.trim() ? [` ${line}`] : [])
  return toTheLeft([
    ...kept(before[head - 1]),
    ...before.slice(head, before.length - tail).map((line) => `-${line}`),
    ...after.slice(head, after.length - tail).map((line) => `+${line}`),
    ...kept(before[before.length - tail]),
  ])
}

/** What all lines are indented by says nothing here, and a telephone has no room for it. */
function toTheLeft(lines: readonly string[]): string[] {
  const depths = lines.map((line) => line.slice(1).search(/\S/)).filter((depth) => depth >= 0)
  const depth = Math.min(...depths)
  return lines.map((line) => line.slice(0, 1) + line.slice(1 + depth))
}

function count(limit: number, isFine: (i: number) => boolean): number {
  let i = 0
  while (i < limit && isFine(i)) i += 1
  return i
}
