import { about, inAll, perAct, written } from './figures.ts'
import { acts, type Told } from './tell.ts'

// Two rows of bars over the ten stages, on one axis: what is sent, and what is written. One file for light and dark.

/** One of the colours, and what it stands for. */
interface Part {
  readonly name: string
  readonly className: string
}

interface Panel {
  readonly title: string
  readonly parts: readonly Part[]
  /** The heights of a bar's parts, from the bottom up. */
  readonly values: (told: Told) => readonly number[]
  /** Where its bars stand. */
  readonly base: number
}

const [left, step, barWidth, barHeight, width, height] = [28, 81, 42, 110, 860, 478] as const

const panels: readonly Panel[] = [
  {
    title: 'Statements that are sent',
    parts: [
      { name: acts[2], className: 'list' },
      { name: acts[1], className: 'rename' },
      { name: acts[0], className: 'publish' },
    ],
    values: (told) => perAct(told).toReversed(),
    base: 200,
  },
  {
    title: 'Lines of application code',
    parts: [
      { name: 'the scene', className: 'scene' },
      { name: 'the tables it declares', className: 'tables' },
    ],
    values: ({ lines }) => [lines.scene, lines.tables],
    base: 364,
  },
]

/** The table of the README as a picture, as SVG. */
export function picture(told: readonly Told[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="story-title story-text">
<title id="story-title">One story, ten engines</title>
<desc id="story-text">${told.map(sentence).join(' ')}</desc>
<style>${style}</style>
<rect class="paper" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>
<text class="title" x="${left}" y="32">Publish a post, rename its author, list ten posts: one scene, ten engines</text>
${panels.map((panel) => drawPanel(panel, told)).join('\n')}
${told.map(drawName).join('\n')}
<text class="head" x="${left}" y="442">Lines of ORM code</text>
</svg>
`
}

const sentence = (told: Told): string =>
  `Stage ${told.number}, ${told.title}: ${inAll(told)} statements, ${told.lines.scene} lines of scene, ${told.lines.tables} of tables.`

function drawPanel(panel: Panel, told: readonly Told[]): string {
  const most = Math.max(...told.map((one) => sum(panel.values(one))))
  const bars = told.map((one, i) => drawBar(panel, panel.values(one), i, barHeight / most))
  const top = panel.base - barHeight - 22
  return [
    `<text class="head" x="${left}" y="${top}">${panel.title}</text>`,
    ...legend(panel, top),
    ...bars,
    `<line class="axis" x1="${left}" x2="${width - left}" y1="${panel.base + 0.5}" y2="${panel.base + 0.5}"/>`,
  ].join('\n')
}

function legend({ parts }: Panel, y: number): string[] {
  return parts.map(({ name, className }, i) => {
    const x = 250 + i * 84
    return `<rect class="${className}" x="${x}" y="${y - 9}" width="10" height="10" rx="2"/><text class="soft" x="${x + 15}" y="${y}">${name}</text>`
  })
}

/** The parts stand on each other with a gap between them, and their sum on top. */
function drawBar(
  { parts, base }: Panel,
  values: readonly number[],
  i: number,
  scale: number,
): string {
  const x = centre(i) - barWidth / 2
  let y = base
  const rects = values.map((value, part) => {
    const full = value * scale
    y -= full
    const shown = Math.max(full - 1.5, 0)
    return `<rect class="${parts[part]!.className}" x="${x}" y="${round(y)}" width="${barWidth}" height="${round(shown)}" rx="2"/>`
  })
  return `${rects.join('')}<text class="figure" x="${centre(i)}" y="${round(y - 6)}">${sum(values)}</text>`
}

/** Below both panels: the number, the name in two lines, and how large the engine has become. */
function drawName({ number, title, lines }: Told, i: number): string {
  const [first = '', ...rest] = title.split(/ (?=\S+$)/)
  const line = (className: string, y: number, text: string) =>
    `<text class="${className}" x="${centre(i)}" y="${y}">${text}</text>`
  return [
    line('figure', 384, number),
    line('name', 400, first),
    line('name', 414, rest.join(' ')),
    line('figure', 462, written(about(lines.orm))),
  ].join('')
}

const centre = (i: number): number => left + step * i + step / 2 - 2
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
const round = (value: number): string => String(Math.round(value * 10) / 10)

const style = `
text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #3d4450; }
.title { font-size: 17px; font-weight: 600; fill: #171b22; }
.head { font-size: 13px; font-weight: 600; fill: #171b22; }
.figure { font-weight: 600; fill: #171b22; text-anchor: middle; }
.name { font-size: 11.5px; text-anchor: middle; }
.paper { fill: #ffffff; stroke: #d5d9e0; }
.axis { stroke: #b3bac5; }
.publish, .tables { fill: #c3cad6; }
.rename { fill: #8a94a6; }
.list { fill: #2563eb; }
.scene { fill: #0f8a6d; }
@media (prefers-color-scheme: dark) {
  text { fill: #b5bdca; }
  .title, .head, .figure { fill: #eef1f6; }
  .paper { fill: #14181f; stroke: #343b47; }
  .axis { stroke: #566072; }
  .publish, .tables { fill: #4a5364; }
  .rename { fill: #7d889b; }
  .list { fill: #6ea0ff; }
  .scene { fill: #2fbf98; }
}
`
