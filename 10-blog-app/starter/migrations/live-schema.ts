import { historyTable } from './history-table.ts'
import { inspect } from './inspect.ts'
import type { Tool } from './tool.ts'

/** The schema of the project's database, without the table of the tool itself. */
export const liveSchema = ({ connection }: Tool) => inspect(connection, { except: [historyTable] })
