import { Html, html } from './html.ts'

/** Colours for pictures on light and on dark ground, as CSS. The eight hues can be told apart by people who see few colours. */
export const svgStyle = new Html(`<style>
  .chart { --ink: #1f2937; --soft: #6b7280; --line: #d1d5db; --ground: #ffffff;
    --c0: #2563eb; --c1: #d97706; --c2: #0f766e; --c3: #be185d; --c4: #6d28d9; --c5: #4d7c0f; --c6: #b91c1c; --c7: #64748b;
    font: 12px/1.4 ui-sans-serif, system-ui, sans-serif; color: var(--ink); max-width: 100%; height: auto; display: block }
  @media (prefers-color-scheme: dark) { .chart { --ink: #e5e7eb; --soft: #9ca3af; --line: #374151; --ground: #111827;
    --c0: #60a5fa; --c1: #fbbf24; --c2: #2dd4bf; --c3: #f472b6; --c4: #a78bfa; --c5: #a3e635; --c6: #f87171; --c7: #94a3b8 } }
  .chart text { fill: var(--ink) } .chart .soft { fill: var(--soft) } .chart .grid { stroke: var(--line) }
</style>`)

/** The colour for the thing with this number. */
export const colour = (i: number): string => `var(--c${i % 8})`

interface Frame {
  readonly width: number
  readonly height: number
  readonly title: string
  /** Whether it may be made wider without becoming higher: for bars, and never for text. */
  readonly isElastic?: boolean
}

const elastic = new Html(' preserveAspectRatio="none"')

/** A picture with a title for those who cannot see it. */
export function svg(
  { width, height, title, isElastic = false }: Frame,
  ...content: readonly Html[]
): Html {
  return html`<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"${isElastic && elastic}>
<title>${title}</title>${svgStyle}
${content}
</svg>`
}

/** A number with as many digits as say something: 0.042, 3.1, 250. */
export const short = (value: number): string =>
  value === 0
    ? '0'
    : value >= 100
      ? String(Math.round(value))
      : String(Number(value.toPrecision(2)))

/** No more digits than a screen has. */
export const px = (value: number): number => Math.round(value * 100) / 100
