import { inspect } from 'node:util'
import type { Statement } from '#shared/driver/recorder'
import { brief, briefSite } from './brief.ts'
import { spanOf } from './groups.ts'
import { type Html, html } from './html.ts'
import type { NPlusOne } from './n-plus-one.ts'
import type { Explained } from './plans.ts'
import { nameOfRelation } from './relation-behind.ts'
import type { Report } from './report.ts'
import { showPlan } from './show-plan.ts'
import { short } from './svg.ts'
import type { ToolbarRow } from './toolbar.ts'
import { toolbarStyle } from './toolbar-style.ts'
import { waterfall } from './waterfall.ts'

type Plans = ReadonlyMap<string, Explained>

/** Everything stands in a shadow tree: the page's styles do not reach in, and the toolbar's do not reach out. */
export function drawToolbar(report: Report, rows: readonly ToolbarRow[], plans: Plans): Html {
  return html`<orm-toolbar><template shadowrootmode="open">${toolbarStyle}
<details class="toolbar${isGood(report) ? '' : ' bad'}">
<summary>${headline(report)}</summary>
<div class="panel">
${findings(report)}
${report.statements.length > 0 && timeline(report.statements)}
${rows.length === 0 && html`<p>This page has sent nothing.</p>`}
<ol>${rows.map((row) => line(row, plans.get(row.group.fingerprint)))}</ol>
</div>
</details></template></orm-toolbar>`
}

const isGood = ({ nPlusOnes, slow, unusedLoads }: Report) =>
  nPlusOnes.length + slow.length + unusedLoads.length === 0

function headline({ statements, milliseconds, rows, nPlusOnes, unusedLoads, slow }: Report): Html {
  const relations = nPlusOnes.map(({ relations }) => relations.map(nameOfRelation).join(' or '))
  return html`<strong>${count(statements.length, 'statement')}</strong>
<span>${short(milliseconds)} ms</span><span>${count(rows, 'row')}</span>
${relations.map((name) => html`<mark>N+1${name && ` ${name}`}</mark>`)}
${slow.length > 0 && html`<mark>${slow.length} slow</mark>`}
${unusedLoads.length > 0 && html`<mark>loaded in vain</mark>`}`
}

/** The program's own time lies between the bars. */
function timeline(statements: readonly Statement[]): Html {
  const { start, end } = spanOf(statements)
  return html`<figure>${waterfall(statements)}
<figcaption><span>the first statement</span><span>${short(end - start)} ms later</span></figcaption></figure>`
}

function findings({ nPlusOnes, unusedLoads }: Report): Html {
  return html`${nPlusOnes.map(nPlusOneCard)}${unusedLoads.map(
    (unused) => html`<section><h2>${nameOfRelation(unused)} was loaded in vain</h2>
<p class="fix">${unused.fix}</p></section>`,
  )}`
}

function nPlusOneCard({ statements, relations, callSite, fix }: NPlusOne): Html {
  const what = relations.map(nameOfRelation).join(' or ') || 'one row'
  return html`<section><h2>N+1: ${what} asked for ${statements.length} times</h2>
<p>by <code>${briefSite(callSite)}</code></p>
<p class="fix">Write <code>${fix}</code></p></section>`
}

function line(
  { group, times, milliseconds, share, rows, marks }: ToolbarRow,
  explained?: Explained,
): Html {
  const [first] = group.statements as [Statement]
  return html`<li><details>
<summary><span class="times">${times}×</span><code>${brief(group.fingerprint)}</code>
<span class="figures">${marks.map((mark) => html`<mark>${mark}</mark>`)}<span>${count(rows, 'row')}</span><span>${short(milliseconds)} ms</span>
<meter value="${share.toFixed(3)}" max="1" title="${Math.round(share * 100)} % of the time of all statements"></meter></span></summary>
<dl><dt>asked by</dt><dd><code>${briefSite(group.callSite)}</code></dd>
<dt>statement</dt><dd><code>${first.sql}</code></dd>
${first.parameters.length > 0 && html`<dt>parameters</dt><dd><code>${shown(first.parameters)}</code>${times > 1 && ' (of the first)'}</dd>`}
${first.error !== undefined && html`<dt>error</dt><dd>${String(first.error)}</dd>`}
${explained && planOf(explained)}</dl>
</details></li>`
}

function planOf({ plan, proposals }: Explained): Html {
  return html`<dt>plan</dt><dd><pre>${showPlan(plan)}</pre></dd>
${proposals.map(({ sql, after }) => html`<dt>better</dt><dd class="fix"><code>${sql}</code><pre>${showPlan(after)}</pre></dd>`)}`
}

const shown = (parameters: readonly unknown[]) =>
  inspect(parameters, {
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 20,
    maxStringLength: 80,
  })

const count = (n: number, what: string) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
