import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The course's own folder, absolute: a copied course works on the copy. */
export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
