import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../driver/embedded-postgres.ts'
import { own } from './names.ts'
import { ask, type Sheet } from './run.ts'
import { sectionOf } from './table.ts'
import { writeSection } from './write.ts'

/** The program of `npm run edges`: shared/workbook/edges.ts has read and checked the arguments. */
const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

const sheets: Sheet[] = []
const server = await startPostgres()
try {
  for (const name of [own, ...values.peers.split(',').filter(Boolean)]) {
    const asked = await Promise.all([ask(name, 'sqlite', ''), ask(name, 'postgres', server.url)])
    sheets.push(...asked.filter((sheet) => sheet !== undefined))
    process.stderr.write(asked.some(Boolean) ? `asked ${name}\n` : `${name} is not installed\n`)
  }
} finally {
  await server.stop()
}
const section = sectionOf(sheets, new Date())
console.log(section)
if (values.json) {
  const told = sheets.map((sheet) => ({ ...sheet, cells: Object.fromEntries(sheet.cells) }))
  writeFileSync(values.json, `${JSON.stringify(told, null, 2)}\n`)
}
if (values.write) writeSection(section)
