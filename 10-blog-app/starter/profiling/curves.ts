import { type Html, html } from './html.ts'
import { colour, px, short, svg } from './svg.ts'

/** What one way of loading costs, for several sizes of the list. */
export interface Curve {
  readonly name: string
  readonly points: readonly Point[]
}

export interface Point {
  /** How many rows the list has. */
  readonly n: number
  readonly statements: number
  readonly milliseconds: number
}

const panel = { width: 300, height: 220, left: 44, top: 30, gap: 56 }

/**
 * Draws statements and time over the length of the list, both axes in powers of ten: a straight line that climbs grows with N,
 * a flat one does not care.
 *
 * @example
 * curves([{ name: 'lazy', points: [{ n: 10, statements: 11, milliseconds: 0.4 }, { n: 100, statements: 101, milliseconds: 4 }] }])
 */
export function curves(all: readonly Curve[]): Html {
  const width = panel.left + 2 * panel.width + panel.gap + 16
  const height = panel.top + panel.height + 40 + 20 * Math.ceil(all.length / 4)
  const second = panel.left + panel.width + panel.gap
  return svg(
    { width, height, title: 'Statements and milliseconds over the length of the list' },
    drawPanel(all, 'statements', panel.left, ({ statements }) => statements),
    drawPanel(all, 'milliseconds', second, ({ milliseconds }) => milliseconds),
    ...all.map(({ name }, i) => legend(name, i)),
  )
}

function drawPanel(
  all: readonly Curve[],
  title: string,
  left: number,
  measure: (point: Point) => number,
): Html {
  const points = all.flatMap((curve) => curve.points)
  const x = scale(
    points.map(({ n }) => n),
    left,
    left + panel.width,
  )
  const y = scale(points.map(measure), panel.top + panel.height, panel.top)
  return html`<text x="${left}" y="${panel.top - 14}" font-weight="600">${title}</text>
${x.ticks.map(
  (
    n,
  ) => html`<line class="grid" x1="${x.at(n)}" x2="${x.at(n)}" y1="${panel.top}" y2="${panel.top + panel.height}"/>
<text class="soft" x="${x.at(n)}" y="${panel.top + panel.height + 16}" text-anchor="middle">${n}</text>`,
)}
${y.ticks.map(
  (
    value,
  ) => html`<line class="grid" x1="${left}" x2="${left + panel.width}" y1="${y.at(value)}" y2="${y.at(value)}"/>
<text class="soft" x="${left - 6}" y="${y.at(value) + 4}" text-anchor="end">${short(value)}</text>`,
)}
${all.map((curve, i) => drawCurve(curve, i, (point) => [x.at(point.n), y.at(measure(point))]))}`
}

/** Curves that lie on each other are told apart by their dashes. */
function drawCurve({ points }: Curve, i: number, place: (point: Point) => [number, number]): Html {
  const places = points.map(place)
  const line = places.map((one) => one.join(',')).join(' ')
  return html`<polyline points="${line}" fill="none" stroke="${colour(i)}" stroke-width="2" stroke-dasharray="${dashes[i % 4]}"/>
${places.map(([x, y]) => html`<circle cx="${x}" cy="${y}" r="3" fill="${colour(i)}"/>`)}`
}

const dashes = ['none', '8 4', '2 4', '10 3 2 3']

interface Scale {
  readonly at: (value: number) => number
  /** The powers of ten within. */
  readonly ticks: readonly number[]
}

/** From values to places, by their logarithms, whole powers of ten at both ends. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const logarithms = values.map((value) => Math.log10(Math.max(value, 0.001)))
  const low = Math.floor(Math.min(...logarithms))
  const high = Math.max(low + 1, Math.ceil(Math.max(...logarithms)))
  const at = (value: number) =>
    px(from + ((Math.log10(Math.max(value, 0.001)) - low) / (high - low)) * (to - from))
  return { at, ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) }
}

function legend(name: string, i: number): Html {
  const x = panel.left + (i % 4) * 160
  const y = panel.top + panel.height + 46 + 20 * Math.floor(i / 4)
  return html`<line x1="${x}" x2="${x + 24}" y1="${y - 4}" y2="${y - 4}" stroke="${colour(i)}" stroke-width="2" stroke-dasharray="${dashes[i % 4]}"/>
<text x="${x + 30}" y="${y}">${name}</text>`
}
