import type { Mistake } from '#shared/workbook/mistakes'

export const mistakes: readonly Mistake[] = []
