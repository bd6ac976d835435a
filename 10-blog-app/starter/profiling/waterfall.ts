import type { Statement } from '#shared/driver/recorder'
import { groupStatements, type StatementGroup, spanOf } from './groups.ts'
import { type Html, html } from './html.ts'
import { colour, px, short, svg } from './svg.ts'

const width = 720
const lane = 18

/**
 * The statements over time, a lane for each group: what waits for what, and how much time lies between.
 * N+1 is a lane full of small bars; the gaps are the program itself.
 *
 * @example
 * writeFileSync('waterfall.svg', String(waterfall(db.statements)))
 */
export function waterfall(statements: readonly Statement[]): Html {
  const groups = groupStatements(statements)
  const { start, end } = spanOf(statements)
  const scale = (at: number) => px(((at - start) / Math.max(end - start, 0.001)) * width)
  const title = `${statements.length} statements in ${short(end - start)} ms`
  return svg(
    { width, height: Math.max(groups.length, 1) * lane, title, isElastic: true },
    ...groups.map((group, i) => laneOf(group, i, scale)),
  )
}

const endOf = ({ startedAt, milliseconds }: Statement) => startedAt + milliseconds

function laneOf(
  { statements, fingerprint }: StatementGroup,
  i: number,
  scale: (at: number) => number,
) {
  const bars = statements.map((statement) => {
    const x = scale(statement.startedAt)
    const bar = Math.max(1, px(scale(endOf(statement)) - x))
    return html`<rect x="${Math.min(x, width - bar)}" y="${i * lane + 3}" width="${bar}" height="${lane - 6}" rx="1" fill="${colour(i)}"/>`
  })
  return html`<g><title>${statements.length} × ${fingerprint}</title>
<line class="grid" x1="0" x2="${width}" y1="${(i + 1) * lane}" y2="${(i + 1) * lane}"/>${bars}</g>
`
}
