import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../root.ts'
import type { Frame } from './outcome.ts'

interface Traced {
  readonly message?: string
  readonly stack?: string
  readonly stacks?: readonly Frame[]
}

/**
 * The lines of the course in an error's stack, the deepest call first.
 *
 * vitest has parsed the errors of tests; others, and errors of syntax, have only their text.
 */
export function framesOf({ message = '', stack = '', stacks = [] }: Traced): Frame[] {
  const frames = stacks.length ? stacks.map(pick) : parse(stack)
  const place = syntaxPlace(stack) ?? transformPlace(message)
  return [...(place ? [place] : []), ...frames].filter(({ file }) => isOurs(file))
}

const pick = ({ method, file, line, column }: Frame): Frame => ({ method, file, line, column })

const isOurs = (file: string) => !/node_modules|^node:/.test(file)

/** `    at hydrate (file:///course/02-active-record/starter/hydrate.ts:7:10)` */
function parse(stack: string): Frame[] {
  return [
    ...stack.matchAll(/^\s+at (?:(.*?) \()?((?:file:|[/\\]|[A-Za-z]:[/\\]).*?):(\d+):(\d+)\)?$/gm),
  ].map(([, method = '', file = '', line, column]) => frame(method, file, line, column))
}

/**
 * V8 puts the place of a syntax error before the message: `/course/…/hydrate.ts:4`, then the line itself.
 * The number counts lines of the compiled module, so the line is looked up by its text.
 */
function syntaxPlace(stack: string): Frame | undefined {
  const [, file = '', text = ''] = /^(\S.*?):\d+\n(.*)\n *\^+\n/.exec(stack) ?? []
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split(/\r?\n/)
  const at = lines.findIndex((line) => line.trim() === text.trim())
  return { method: '', file, line: at + 1, column: 1 }
}

/** The parser names the place in its drawing: `╭─[ 02-active-record/starter/hydrate.ts:1:32 ]`. */
function transformPlace(message: string): Frame | undefined {
  const [, file, line, column] = /╭─\[ (.+?):(\d+):(\d+) \]/.exec(message) ?? []
  return file === undefined ? undefined : frame('', file, line, column)
}

function frame(method: string, file: string, line = '1', column = '1'): Frame {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file
  return { method, file: resolve(root, path), line: Number(line), column: Number(column) }
}
