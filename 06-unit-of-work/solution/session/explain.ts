import type { Value } from '#shared/driver/driver'
import type { FlushContext } from './flush.ts'

export const explain = (_: FlushContext): string => ''
