import { rawName, stageName } from '../names.ts'
import type { Part, Results } from '../results.ts'
import { identityHit, workloads } from '../workloads.ts'
import { short } from './table.ts'

interface Panel {
  readonly title: string
  readonly values: Readonly<Record<string, number | undefined>>
  readonly write: (value: number) => string
}

const width = 960
const columns = 3
const gap = 24
const panelWidth = (width - gap * (columns + 1)) / columns
const nameWidth = 104
const lineHeight = 17
const headHeight = 34

/** A picture of the ratios: a panel for each workload, a bar for each contender, as long as the logarithm says. */
export function pictureOf(results: Results): string {
  const names = Object.keys(results.ratios)
  const panels = panelsOf(results)
  const panelHeight = headHeight + names.length * lineHeight + gap
  const height = 64 + Math.ceil(panels.length / columns) * panelHeight
  const drawn = panels.map((panel, i) => {
    const x = gap + (i % columns) * (panelWidth + gap)
    const y = 64 + Math.floor(i / columns) * panelHeight
    return `<g transform="translate(${x} ${y})">${panelOf(panel, names)}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">How many times as long as the raw driver, for each workload and contender</title>
<style>${style}</style>
<rect class="page" width="${width}" height="${height}" rx="8"/>
<text class="head" x="${gap}" y="28">Times as long as better-sqlite3 itself</text>
<text class="note" x="${gap}" y="46">SQLite in memory; shorter is better; the scale is logarithmic, and the thin line is the raw driver</text>
${drawn.join('\n')}
</svg>
`
}

function panelsOf(part: Part): Panel[] {
  const names = Object.keys(part.ratios)
  const ratios = workloads.map(({ key, title }) => ({
    title,
    values: Object.fromEntries(names.map((name) => [name, part.ratios[name]?.[key]])),
    write: short,
  }))
  return [
    ...ratios,
    { title: `${identityHit.title}, in µs`, values: part.identityHit, write: short },
    {
      title: 'bytes an object',
      values: part.bytesPerObject,
      write: (bytes) => String(Math.round(bytes)),
    },
  ]
}

function panelOf({ title, values, write }: Panel, names: readonly string[]): string {
  const known = names.flatMap((name) => values[name] ?? [])
  const isRatio = values[rawName] === 1
  const least = Math.min(...known) / 1.6
  const room = panelWidth - nameWidth - 44
  const place = (value: number) =>
    (room * Math.log(value / least)) / Math.log(Math.max(...known) / least)
  const bars = names.map((name, i) =>
    barOf(name, values[name], { y: headHeight + i * lineHeight, place, write }),
  )
  const raw = isRatio
    ? `<line class="raw-line" x1="${px(nameWidth + place(1))}" x2="${px(nameWidth + place(1))}" y1="${headHeight - 8}" y2="${headHeight + names.length * lineHeight - 6}"/>`
    : ''
  return `<text class="title" y="12">${escaped(title)}</text>${raw}${bars.join('')}`
}

interface Bar {
  readonly y: number
  place(value: number): number
  write(value: number): string
}

function barOf(name: string, value: number | undefined, { y, place, write }: Bar): string {
  const text = `<text class="name ${kindOf(name)}" x="${nameWidth - 8}" y="${y + 4}">${escaped(name)}</text>`
  if (value === undefined)
    return `${text}<text class="value none" x="${nameWidth + 4}" y="${y + 4}">–</text>`
  const length = Math.max(1, place(value))
  return `${text}<rect class="bar ${kindOf(name)}" x="${nameWidth}" y="${y - 6}" width="${px(length)}" height="12" rx="2"/><text class="value" x="${px(nameWidth + length + 5)}" y="${y + 4}">${write(value)}</text>`
}

const kindOf = (name: string): string =>
  name.startsWith(stageName('')) ? 'own' : name === rawName ? 'raw' : 'other'

const px = (length: number): string => String(Math.round(length * 10) / 10)

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A page shows it as an image, so it can only ask the reader's system whether it is light or dark. */
const style = `
text { font: 11px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
.page { fill: #ffffff }
.head { font-size: 16px; font-weight: 600 }
.title { font-size: 13px; font-weight: 600 }
.note, .value, .name.other, .name.raw { fill: #59636e }
.value { paint-order: stroke; stroke: #ffffff; stroke-width: 3px }
.name { text-anchor: end }
.name.own { font-weight: 700 }
.bar.other { fill: #afb8c1 }
.bar.raw { fill: #6e7781 }
.bar.own { fill: #0969da }
.raw-line { stroke: #6e7781; stroke-dasharray: 2 2 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.value { stroke: #0d1117 }
.page { fill: #0d1117 }
.note, .value, .name.other, .name.raw { fill: #9198a1 }
.bar.other { fill: #4b535d }
.bar.raw { fill: #9198a1 }
.bar.own { fill: #4493f8 }
.raw-line { stroke: #9198a1 }
}
`
