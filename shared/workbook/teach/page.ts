import { headingsOf } from '../check/markdown.ts'
import { anchorOf, escapeHtml, inline, toHtml } from './html.ts'

/** A sheet as one file that needs no other: it reads in light and in dark, on a telephone, and prints on A4. */
export function pageOf(title: string, sheet: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<nav aria-label="Contents">
<ul>
${contentsOf(sheet)}
</ul>
</nav>
<main>
${toHtml(sheet)}
</main>
</body>
</html>
`
}

function contentsOf(sheet: string): string {
  const titles = headingsOf(sheet).filter(({ level }) => level === 2)
  return titles
    .map(({ text }) => `<li><a href="#${anchorOf(text)}">${inline(text)}</a></li>`)
    .join('\n')
}

const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6470; --paper: #ffffff; --panel: #f3f5f7; --line: #d5dae0; --link: #0b5cad; --plus: #12612c; --plus-back: #e2f5e7; --minus: #8f1d22; --minus-back: #fdeaea; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --soft: #a2acb8; --paper: #14181d; --panel: #1e242b; --line: #39424d; --link: #7db8f5; --plus: #8fdca6; --plus-back: #16301f; --minus: #f3a5a5; --minus-back: #3a1d20; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.75rem 0 .25rem; }
p, ul, ol { margin: .5rem 0; }
li { margin: .2rem 0; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, "Cascadia Code", Menlo, Consolas, monospace; font-size: .875em; }
p code, li code, td code, h3 code { background: var(--panel); border-radius: 3px; padding: .05em .25em; }
pre { margin: .6rem 0; padding: .6rem .75rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; line-height: 1.45; overflow-wrap: normal; }
pre.diff code { display: block; width: max-content; min-width: 100%; }
ins, del { text-decoration: none; }
ins { color: var(--plus); background: var(--plus-back); }
del { color: var(--minus); background: var(--minus-back); }
pre i { color: var(--soft); font-style: normal; }
blockquote { margin: .4rem 0 1rem; padding: .1rem .9rem; border-left: 3px solid var(--line); color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
th, td:first-child:not(:has(code)), td:nth-child(2) { white-space: nowrap; font-variant-numeric: tabular-nums; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
@media (max-width: 30rem) { th, td { padding: .3rem .25rem; } }
@page { size: A4; margin: 16mm 15mm; }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --panel: #f6f6f6; --line: #bbb; --link: #000; --plus: #0b4d20; --plus-back: #e9f6ed; --minus: #7a1519; --minus-back: #fbeeee; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  h2[id$="-minutes"], #live-coding-and-the-answers, #the-usual-wrong-answers, #questions-that-come-up, #from-starter-to-solution { break-before: page; border: 0; }
  h2, h3, h4 { break-after: avoid; }
  tr, li, blockquote { break-inside: avoid; }
  pre { white-space: pre-wrap; overflow: visible; overflow-wrap: anywhere; font-size: 8.5pt; }
  pre.diff code { width: auto; }
  .wide { overflow: visible; }
}
`
