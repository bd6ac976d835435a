import { existsSync, readFileSync } from 'node:fs'
import { shownPath } from '../link.ts'
import type { Paint } from '../paint.ts'

/** A place in a file with the lines around it, the line itself marked. */
export function excerpt(file: string, line: number, note: string, paint: Paint): string[] {
  const place = `${paint('cyan', `${shownPath(file)}:${line}`)}  ${paint('dim', `← ${note}`)}`
  if (!existsSync(file)) return [place]
  const lines = readFileSync(file, 'utf8').split(/\r?\n/)
  const first = Math.max(1, line - 2)
  const shown = lines.slice(first - 1, line + 1)
  return [place, ...shown.map((text, i) => numbered(first + i, text, line, paint))]
}

function numbered(number: number, text: string, marked: number, paint: Paint): string {
  const isMarked = number === marked
  const row = `${isMarked ? '>' : ' '} ${String(number).padStart(4)} | ${text}`.trimEnd()
  return isMarked ? paint('bold', row) : paint('dim', row)
}
