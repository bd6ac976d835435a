import type { Column } from './column.ts'

/** A property that the table's declaration does not have. */
export class UnknownColumnError extends Error {
  override readonly name = 'UnknownColumnError'

  constructor(table: string, property: string, known: readonly string[]) {
    const guess = nearest(property, known)
    super(
      `${table} has no column "${property}".${guess ? ` Did you mean "${guess}"?` : ''} ` +
        `This usually happens after a slip of the pen, or when the declaration has changed. Its columns: ${known.join(', ')}.`,
    )
  }
}

/** A value that the type of its column does not take. */
export class InvalidValueError extends Error {
  override readonly name = 'InvalidValueError'

  constructor({ table, property, type }: Column, value: unknown) {
    super(
      `${table}.${property} cannot hold ${show(value)}: it takes ${type.expects}. ` +
        (value === null ? nullInKey : notConverted),
    )
  }
}

const notConverted =
  'This usually happens when a value from a form or from JSON is not converted. Convert it, or change the type in the declaration.'

const nullInKey =
  'This usually happens when JSON says null for the key of something new. Leave the key out where the database makes it.'

/** A property that is undefined where a value, or null, must be said. */
export class UndefinedValueError extends Error {
  override readonly name = 'UndefinedValueError'

  constructor({ table, property }: Column, doing: string) {
    super(
      `${table}.${property} is undefined, and ${doing} needs a value. ` +
        'This usually happens when a variable was never set. Give it a value; for "no value" say null.',
    )
  }
}

/** What stands in the database cannot be read as the type of its column. */
export class UnreadableValueError extends Error {
  override readonly name = 'UnreadableValueError'

  constructor({ table, property, type }: Column, value: unknown, cause: unknown) {
    super(
      `${table}.${property} holds ${show(value)}, which its type ${type.name} cannot read: it takes ${type.expects}. ` +
        'This usually happens when another program wrote the row, or when the declaration does not fit the table. Mend the row, or change the type in the declaration.',
      { cause },
    )
  }
}

/** A declaration that cannot be mapped to a table. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError'
}

function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString()
  if (value instanceof Uint8Array)
    return `${value.byteLength} ${value.byteLength === 1 ? 'byte' : 'bytes'}`
  if (typeof value === 'string') return cut(JSON.stringify(value))
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'no class'})`
  return String(value)
}

const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text)

/** The known name with the fewest letters to change, when it is near enough to be what was meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((name) => ({
    name,
    distance: editDistance(word.toLowerCase(), name.toLowerCase()),
  }))
  const best = ranked.sort((one, other) => one.distance - other.distance)[0]
  return best && best.distance <= Math.ceil(word.length / 2) ? best.name : undefined
}

/** @see https://en.wikipedia.org/wiki/Levenshtein_distance */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1)!
}
