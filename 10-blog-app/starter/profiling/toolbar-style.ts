import { Html } from './html.ts'

/** Plain on purpose, in the colours that the reader's system asks for. At the end of the page it leaves room for itself. */
export const toolbarStyle = new Html(`<style>
:host { --ink: #1f2937; --soft: #5b6472; --ground: #ffffff; --raised: #f3f4f6; --line: #d1d5db; --accent: #2563eb;
  --bad: #b91c1c; --bad-ground: #fef2f2; --good: #15803d; --good-ground: #f0fdf4;
  all: initial; display: block; height: 3.5rem; color-scheme: light dark }
@media (prefers-color-scheme: dark) { :host { --ink: #e5e7eb; --soft: #a1a9b6; --ground: #111827; --raised: #1f2937; --line: #374151;
  --accent: #60a5fa; --bad: #fca5a5; --bad-ground: #3b1518; --good: #86efac; --good-ground: #12291c } }
@media print { :host { display: none } }
* { box-sizing: border-box; margin: 0; padding: 0 }
.toolbar { position: fixed; z-index: 2147483647; inset: auto 0 0 0; color: var(--ink); background: var(--ground);
  border-top: 2px solid var(--good); font: 14px/1.5 ui-sans-serif, system-ui, sans-serif; box-shadow: 0 -4px 16px rgb(0 0 0 / 0.12) }
.toolbar.bad { border-top-color: var(--bad) }
.toolbar > summary { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; align-items: baseline; padding: 0.6rem 1rem; cursor: pointer; list-style: none }
.toolbar > summary::-webkit-details-marker { display: none }
.toolbar > summary::before { content: '▲'; color: var(--soft); font-size: 0.7em }
.toolbar[open] > summary::before { content: '▼' }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px }
.panel { position: absolute; inset: auto 0 100% 0; max-height: min(70vh, 46rem); overflow: auto; padding: 1rem;
  background: var(--ground); border-top: 1px solid var(--line); display: grid; gap: 1rem }
.panel > * { width: 100%; max-width: 70rem; margin-inline: auto; min-width: 0 }
mark { background: var(--bad-ground); color: var(--bad); padding: 0 0.5em; border-radius: 1em; font-weight: 600; white-space: nowrap }
figure .chart { width: 100%; height: revert-layer }
figcaption { display: flex; justify-content: space-between; color: var(--soft); font-size: 0.85em }
section { background: var(--bad-ground); border-left: 4px solid var(--bad); border-radius: 0 4px 4px 0; padding: 0.6rem 0.9rem }
h2 { font-size: 1em; color: var(--bad) }
code, pre { font: 0.92em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere }
pre { overflow-x: auto; padding: 0.5rem 0.7rem; background: var(--raised); border-radius: 4px; overflow-wrap: normal }
ol { list-style: none; border: 1px solid var(--line); border-radius: 6px }
li + li { border-top: 1px solid var(--line) }
li summary { display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; align-items: baseline; padding: 0.5rem 0.8rem; cursor: pointer; list-style: none }
li summary:hover { background: var(--raised) }
li summary code { flex: 1 1 20rem }
.times { flex: 0 0 3.2rem; text-align: right; font-weight: 600; font-variant-numeric: tabular-nums }
.figures { display: inline-flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; align-items: center; color: var(--soft); font-variant-numeric: tabular-nums }
meter { width: 5rem; height: 0.7rem }
dl { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 0.4rem 0.8rem; padding: 0.3rem 0.8rem 0.9rem 1.6rem }
dt { color: var(--soft) }
.fix { color: var(--good) }
dd.fix { background: var(--good-ground); border-radius: 4px; padding: 0.4rem 0.6rem }
dd.fix pre { margin-top: 0.4rem; color: var(--ink) }
@media (max-width: 40rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; padding-left: 0.8rem } dd { margin-bottom: 0.4rem }
  .times { flex-basis: auto } li summary code { flex-basis: 100%; order: 1 } .figures { order: 2 } }
</style>`)
