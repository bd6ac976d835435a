import type { Scene } from './scenes.ts'

// Scenes of a terminal, one after the other, as one SVG that moves by itself. Whoever asks for less motion sees the first one.

const [left, top, lineHeight, width] = [24, 62, 18, 860] as const

/** Seconds that a scene stays. */
const stay = 9

export function drawScenes(scenes: readonly Scene[]): string {
  const rows = Math.max(...scenes.map(({ lines }) => lines.length)) + 2
  const height = top + rows * lineHeight + 6
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="recording-title recording-text">
<title id="recording-title">A terminal: ${scenes.map(({ command }) => command).join(', then ')}</title>
<desc id="recording-text">${scenes.flatMap(textOf).map(escaped).join('\n')}</desc>
<style>${styleOf(scenes.length)}</style>
<rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>
${[0, 1, 2].map((at) => `<circle class="button" cx="${left + at * 20}" cy="24" r="6"/>`).join('')}
${scenes.map(drawScene).join('\n')}
</svg>
`
}

const textOf = ({ command, lines }: Scene) => [`$ ${command}`, ...lines]

function drawScene({ command, lines }: Scene, at: number): string {
  const shown = lines.map((line, row) => drawLine(line, row + 2, colourOf(line)))
  return `<g class="scene scene-${at}">
${[drawLine(`$ ${command}`, 0, 'command'), ...shown].filter(Boolean).join('\n')}
</g>`
}

const drawLine = (line: string, row: number, className: string) =>
  line.trim() &&
  `<text class="${className}" x="${left}" y="${top + row * lineHeight}">${escaped(line)}</text>`

/** The colours that a terminal shows, told from what stands in the line. */
function colourOf(line: string): string {
  if (/^\s*(✗|≠|>\s)/.test(line)) return 'red'
  if (/^\s*✓|█/.test(line)) return 'green'
  if (/^\S/.test(line)) return 'strong'
  return /^\s+(\d+ \||expected {4}|read |edit |run |see |stuck)/.test(line) ? 'dim' : 'plain'
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Each scene is seen for its part of the round, and for the rest of it not. */
function styleOf(count: number): string {
  const part = 100 / count
  const delays = Array.from(
    { length: count },
    (_, at) => `.scene-${at}{animation-delay:${at * stay}s}`,
  )
  return `
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre;fill:#d7dce5}
.window{fill:#151922;stroke:#333b4b}.button{fill:#39414f}
.command{font-weight:700;fill:#fff}.strong{fill:#fff}.dim{fill:#9aa4b5}.red{fill:#ff8a80}.green{fill:#7ee2a0}
.scene{opacity:0;animation:show ${count * stay}s step-end infinite}
.scene-0{opacity:1}
@keyframes show{0%{opacity:1}${part.toFixed(3)}%{opacity:0}100%{opacity:0}}
${delays.join('')}
@media (prefers-reduced-motion:reduce){.scene{animation:none}}
`
}
