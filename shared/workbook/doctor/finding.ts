/** What one examination of the machine has found. */
export interface Finding {
  /** `note`: worth knowing, but nothing the course cannot do without. */
  readonly state: 'good' | 'note' | 'wrong'
  readonly what: string
  readonly detail: string
  /** One line: what to do. */
  readonly fix?: string
}

export const good = (what: string, detail: string): Finding => ({ state: 'good', what, detail })

export const note = (what: string, detail: string, fix: string): Finding => ({
  state: 'note',
  what,
  detail,
  fix,
})

export const wrong = (what: string, detail: string, fix: string): Finding => ({
  state: 'wrong',
  what,
  detail,
  fix,
})

/** The message of an error on one line. Node's own about native code does not say it before the third. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('NODE_MODULE_VERSION')) return 'was built for another version of Node'
  return text.split('\n')[0] ?? text
}
