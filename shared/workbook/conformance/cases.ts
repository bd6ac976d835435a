import type { Case } from './case.ts'
import { filters } from './cases/filters.ts'
import { keys } from './cases/keys.ts'
import { relations } from './cases/relations.ts'
import { units } from './cases/units.ts'
import { values } from './cases/values.ts'

/** The traps that can be laid for any ORM, by what they are about. */
export const groups: Readonly<Record<string, readonly Case[]>> = {
  Values: values,
  Questions: filters,
  'Keys and rows': keys,
  'Related objects': relations,
  'Many things at once': units,
}

export const cases: readonly Case[] = Object.values(groups).flat()
