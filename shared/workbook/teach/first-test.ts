import { readFileSync } from 'node:fs'
import { readSource } from '../check/source.ts'
import { heading } from '../link.ts'
import { testFiles } from '../select.ts'
import type { Stage, Task } from '../stages.ts'

/** The name of the first test of a task: the first one to be red. Groups are named as in a report: `group › test`. */
export function firstTest(stage: Stage, task: Task): string {
  const texts = testFiles({ stage, task }).map((file) => readFileSync(file, 'utf8'))
  const [own = ''] = texts.filter((text) =>
    text.includes(`describe(${quoted(heading(task), text)}`),
  )
  return firstIn(own, own.indexOf(`describe(${quoted(heading(task), own)}`))
}

const quoted = (name: string, text: string) =>
  text.includes(`describe("${name}"`) ? `"${name}"` : `'${name}'`

/** Tests are formatted, so what stands further left, above, is a group around it. */
function firstIn(text: string, from: number): string {
  const { code } = readSource(text)
  const groups: { readonly depth: number; readonly name: string }[] = []
  for (const match of code.matchAll(/^( *)(describe|it)(?:\.\w+)*\(/gm)) {
    if (match.index < from) continue
    const [, spaces = '', kind] = match
    while ((groups.at(-1)?.depth ?? -1) >= spaces.length) groups.pop()
    groups.push({ depth: spaces.length, name: titleAt(text, code, match.index + match[0].length) })
    if (kind === 'it') break
  }
  const names = groups.slice(1).map(({ name }) => name.replace(/%\w|\$\w+/g, '…'))
  return names.filter((name) => name !== 'on …').join(' › ')
}

/** The text in the call, or, after `it.each([…])`, in the one behind it. */
function titleAt(text: string, code: string, at: number): string {
  const start = /^\s*['"`]/.test(code.slice(at))
    ? at
    : at + code.slice(at).search(/\)\(\s*['"`]/) + 2
  const open = start + code.slice(start).search(/['"`]/)
  const close = code.indexOf(code.charAt(open), open + 1)
  return text.slice(open + 1, close).replace(/\\(['"`\\])/g, '$1')
}
