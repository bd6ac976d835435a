/** One line on a terminal that says how far the work has come. On anything else it says nothing. */
export interface ProgressLine {
  step(what: string): void
  end(): void
}

interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export function progressLine(total: number, terminal: Terminal = process.stderr): ProgressLine {
  let done = 0
  const show = (text: string) => {
    if (terminal.isTTY) terminal.write(`\r\u001b[K${text.slice(0, (terminal.columns ?? 80) - 1)}`)
  }
  return {
    step: (what) => {
      done += 1
      show(`${done} of ${total}  ${what}`)
    },
    end: () => show(''),
  }
}
