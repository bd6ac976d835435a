import { fullScansOf, type PlanStep } from './explain-plan.ts'

/**
 * A plan as a tree, with a word about what is dear.
 *
 * @example
 * showPlan(plan)
 * // ├─ SCAN posts                     ← reads the whole table
 * // └─ USE TEMP B-TREE FOR ORDER BY   ← sorts
 */
export function showPlan(plan: readonly PlanStep[]): string {
  const scans = new Set(fullScansOf(plan))
  const lines = linesOf(plan, (step) => remarkOn(step, scans))
  const width = Math.max(0, ...lines.filter(({ remark }) => remark).map(({ text }) => text.length))
  return lines
    .map(({ text, remark }) => (remark ? `${text.padEnd(width)}   ← ${remark}` : text))
    .join('\n')
}

interface Line {
  readonly text: string
  readonly remark: string | undefined
}

function linesOf(
  steps: readonly PlanStep[],
  remark: (step: PlanStep) => string | undefined,
  indent = '',
): Line[] {
  return steps.flatMap((step, i) => {
    const isLast = i === steps.length - 1
    const line = { text: `${indent}${isLast ? '└─' : '├─'} ${step.detail}`, remark: remark(step) }
    return [line, ...linesOf(step.steps, remark, `${indent}${isLast ? '  ' : '│ '} `)]
  })
}

/** What is dear about a step, in words. */
export function remarkOn(step: PlanStep, scans: ReadonlySet<PlanStep>): string | undefined {
  if (scans.has(step)) return 'reads the whole table'
  if (step.isAutomatic) return 'builds an index, and throws it away'
  return step.kind === 'sort' ? 'sorts all rows before it gives the first' : undefined
}
