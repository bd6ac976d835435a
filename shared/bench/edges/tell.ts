import { inspect } from 'node:util'
import type { Outcome } from '../../workbook/conformance/case.ts'

/** An outcome that can be sent from process to process, and read. */
export interface Told {
  readonly kind: Outcome['kind'] | 'crash'
  /** What came back, or what the error said, cut to a line. */
  readonly said?: string
}

export function tell({ kind, value, error }: Outcome): Told {
  if (kind === 'not offered') return { kind }
  return { kind, said: error === undefined ? shown(value) : saidBy(error) }
}

const shown = (value: unknown) =>
  cut(
    inspect(value, {
      depth: 4,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 8,
      maxStringLength: 60,
    }),
  )

/** The first line; where that only shows the call (Prisma), the last one. */
function saidBy(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const line = lines[0]?.startsWith('Invalid `') ? lines.at(-1) : lines[0]
  return cut(`${name}: ${line ?? ''}`)
}

const cut = (text: string) => (text.length > 120 ? `${text.slice(0, 119)}…` : text)
