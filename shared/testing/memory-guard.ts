import { Worker } from 'node:worker_threads'

/** Runs beside the tests, because a loop that fills the memory lets nothing else run on its own thread. */
const watcher = `
const { workerData: megabytes } = require('node:worker_threads')
const { writeSync } = require('node:fs')
setInterval(() => {
  if (process.memoryUsage.rss() < megabytes * 2 ** 20) return
  writeSync(2, '\\nThe tests took more than ' + megabytes + ' MB of memory.\\n')
  process.kill(process.pid, 'SIGKILL')
}, 100)
`

const place: unique symbol = Symbol.for('orm-workbook.memory-guard') as never

/** Ends this process when it takes more memory, also what no garbage collector counts: who grades thirty needs it for the others. */
export function guardMemory(megabytes: number): void {
  const here = globalThis as { [place]?: Worker }
  if (here[place]) return // one for a process, however many test files it runs
  here[place] = new Worker(watcher, { eval: true, workerData: megabytes, execArgv: [] })
  here[place].unref()
}
