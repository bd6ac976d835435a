import { type Call, callTree, partOf } from './call-tree.ts'
import type { CpuProfile } from './cpu-profile.ts'
import { type Html, html } from './html.ts'
import { colour, px, short, svg } from './svg.ts'

const width = 960
const row = 18

/**
 * A CPU profile as a picture: who was called by whom from top to bottom, and the wider the longer. The colours are the folders of the ORM.
 *
 * @example
 * writeFileSync('flame.svg', String(flame(profile)))
 *
 * @see https://www.brendangregg.com/flamegraphs.html
 */
export function flame(profile: CpuProfile): Html {
  const root = withoutWaiting(callTree(profile))
  const boxes = boxesOf(root, 0, 0, width / Math.max(root.total, 0.001))
  const depth = Math.max(...boxes.map((box) => box.depth)) + 1
  const found = new Set(boxes.slice(1).map(({ call }) => partOf(call)))
  const title = `Where ${short(root.total)} ms of the processor went`
  return svg(
    { width, height: (depth + 2) * row, title },
    ...boxes.map(draw),
    ...parts
      .filter((part) => found.has(part))
      .map((part, i) => legend(part, i, (depth + 1) * row + 12)),
  )
}

/** The program as it was profiled: not who has called the profiler, and not the moments when the processor had nothing to do. */
function withoutWaiting(root: Call): Call {
  const work = findCall(root, 'profileCpu')?.calls.filter(({ name }) => name !== 'stopped')
  const collector = root.calls.filter(({ name }) => name === '(garbage collector)')
  const others = root.calls.filter(({ name }) => name !== '(idle)' && name !== '(program)')
  const calls = work ? [...work, ...collector] : others
  return { ...root, name: 'all', calls, total: calls.reduce((sum, { total }) => sum + total, 0) }
}

function findCall(call: Call, name: string): Call | undefined {
  if (call.name === name) return call
  for (const inner of call.calls) {
    const found = findCall(inner, name)
    if (found) return found
  }
  return undefined
}

/** Each has a colour, the same one in every picture. */
const parts = ['driver', 'garbage', 'mapping', 'native', 'program', 'query', 'relations', 'session']

/** A folder that is none of the usual ones looks like the program. */
const colourOf = (part: string) => colour(parts.indexOf(parts.includes(part) ? part : 'program'))

interface Box {
  readonly call: Call
  readonly depth: number
  readonly x: number
  readonly width: number
}

/** What is narrower than a dot is left out, with everything above it. */
function boxesOf(call: Call, depth: number, x: number, scale: number): Box[] {
  const box = { call, depth, x, width: call.total * scale }
  if (box.width < 1) return []
  let next = x
  return [
    box,
    ...call.calls.flatMap((inner) => {
      const boxes = boxesOf(inner, depth + 1, next, scale)
      next += inner.total * scale
      return boxes
    }),
  ]
}

function draw({ call, depth, x, width }: Box): Html {
  const name = nameOf(call)
  const text = labelOf(name, width)
  const fill = depth === 0 ? 'var(--line)' : colourOf(partOf(call))
  return html`<g><title>${name} · ${short(call.total)} ms, ${short(call.own)} in itself${call.file && ` · ${call.file}`}</title>
<rect x="${px(x)}" y="${depth * row}" width="${px(Math.max(width - 0.5, 0.5))}" height="${row - 1}" rx="2" fill="${fill}" fill-opacity="${depth === 0 ? 1 : 0.35}"/>
${text && html`<text x="${px(x + 4)}" y="${depth * row + 13}">${text}</text>`}</g>
`
}

/** A function without a name is known by its file. */
const nameOf = ({ name, file }: Call) =>
  name === '(anonymous)' && file ? `in ${file.split(/[\\/]/).at(-1)}` : name

/** As much of a name as there is room for; a letter or two say nothing. */
function labelOf(name: string, width: number): string {
  const room = Math.floor((width - 8) / 7.2)
  if (room < 3) return ''
  return name.length <= room ? name : `${name.slice(0, room - 1)}…`
}

function legend(part: string, i: number, y: number): Html {
  return html`<rect x="${i * 110}" y="${y - 10}" width="12" height="12" rx="2" fill="${colourOf(part)}" fill-opacity="0.6"/>
<text x="${i * 110 + 18}" y="${y}">${part}</text>`
}
