import type { CpuProfile } from './cpu-profile.ts'

/** A function that was called from one place, and the time that was spent in it. */
export interface Call {
  readonly name: string
  readonly file: string
  /** Milliseconds in it and in what it has called. */
  readonly total: number
  /** Milliseconds in itself. */
  readonly own: number
  readonly calls: readonly Call[]
}

type Node = CpuProfile['nodes'][number]

/**
 * The calls of a profile as a tree, each with its time. A sample is a look at the program: the time until the next look belongs
 * to the function that was running.
 *
 * @example
 * callTree(profile) // { name: '(root)', total: 12.5, calls: [{ name: 'authorsPage', … }] }
 */
export function callTree({ nodes, samples = [], timeDeltas = [] }: CpuProfile): Call {
  const own = new Map<number, number>()
  samples.forEach((id, i) => {
    own.set(id, (own.get(id) ?? 0) + Math.max(0, timeDeltas[i + 1] ?? 0) / 1000)
  })
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return callOf(nodes[0]!, byId, own)
}

function callOf(
  { id, callFrame, children = [] }: Node,
  byId: ReadonlyMap<number, Node>,
  times: ReadonlyMap<number, number>,
): Call {
  const calls = children.map((child) => callOf(byId.get(child)!, byId, times))
  const own = times.get(id) ?? 0
  return {
    name: callFrame.functionName || '(anonymous)',
    file: callFrame.url.replace(/^file:\/\//, ''),
    total: calls.reduce((sum, { total }) => sum + total, own),
    own,
    calls: calls.toSorted((a, b) => b.total - a.total),
  }
}

/** Where the time went, by folder of the ORM: `session/`, `query/`, … Each moment counts for the function that ran. */
export function timeByPart(call: Call, parts = new Map<string, number>()): Map<string, number> {
  const part = partOf(call)
  if (call.own > 0) parts.set(part, (parts.get(part) ?? 0) + call.own)
  for (const inner of call.calls) timeByPart(inner, parts)
  return parts
}

/** The folder of the ORM that a function stands in. SQLite itself, V8 and Node are `native`. */
export function partOf({ name, file }: Call): string {
  const folder = /[\\/](?:starter|solution)[\\/](\w+)[\\/]/.exec(file)?.[1]
  if (folder) return folder
  if (/shared[\\/]driver|better-sqlite3/.test(file)) return 'driver'
  if (name === '(idle)' || name === '(program)') return 'idle'
  if (name === '(garbage collector)') return 'garbage'
  return file === '' || file.startsWith('node:') ? 'native' : 'program'
}
