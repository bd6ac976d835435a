import type { Applied } from './history-table.ts'
import type { Migration } from './migration-file.ts'
import { unfinishedAdvice } from './tool-errors.ts'

// What can be wrong with a history, in words: what it is, why that usually happens, and what to do.

export const edited = ({ name, appliedAt }: Applied) =>
  `${name} was edited after it was applied (${day(appliedAt)}). This database has what it said then, the next one would get what it says now. ` +
  'This usually happens when a mistake is mended in the old file. Put the file back as it was (`git log` finds it), and write a new migration for the change. ' +
  `When the edit changes no schema (a comment), say \`migrate --fake ${name}\`.`

export const missing = ({ name, appliedAt }: Applied) =>
  `${name} was applied (${day(appliedAt)}), and its file is not in the folder. ` +
  'This usually happens on another branch, or when a file was renamed or deleted. Bring the file back. ' +
  `When it is gone for good and its changes are undone, say \`rollback --fake ${name}\`.`

export const unfinished = ({ name }: Applied) =>
  `${name} has begun, and never ended. It runs without a transaction, so a part of it may be there. ` +
  `This usually happens when it failed, or when its process was killed; or it is running now, elsewhere. ${unfinishedAdvice(name)}`

const day = (date: Date | undefined) => date?.toISOString().slice(0, 10)

export const parentless = (name: string, lost: string) =>
  `${name} comes after ${lost}, which is not in the folder. ` +
  'This usually happens when a file was renamed or deleted, or was never committed. Bring the file back, or mend the line `-- after:`.'

export const circular = (links: readonly Pick<Migration, 'name'>[]) =>
  `These migrations come after each other in a circle: ${links.map(({ name }) => name).join(', ')}. ` +
  'This usually happens when a line `-- after:` was edited by hand. One of them has to come first.'
