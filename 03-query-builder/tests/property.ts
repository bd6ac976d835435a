import fc from 'fast-check'

/**
 * Checks a claim on many made-up inputs. The smallest input that breaks it is shown;
 * a gap that is not written yet comes through as it is.
 */
export function holds<T>(property: fc.IProperty<T>): void {
  const outcome = fc.check(property, { numRuns: 100, seed: 3 })
  if (!outcome.failed) return
  const { errorInstance } = outcome
  if (errorInstance instanceof Error && errorInstance.name === 'TodoError') throw errorInstance
  throw new Error(fc.defaultReportMessage(outcome), { cause: errorInstance })
}

/** Any character but NUL, which no database takes, and half characters, which no text holds. */
const character = fc
  .integer({ min: 1, max: 0x10_ff_ff })
  .filter((code) => code < 0xd8_00 || code > 0xdf_ff)
  .map((code) => String.fromCodePoint(code))

/** Text that has ended many a query: quotes, comments, semicolons, keywords, signs of every alphabet. */
export const nastyText = fc.oneof(
  fc.constantFrom(
    "O'Malley",
    "'; DROP TABLE users; --",
    '"; DELETE FROM users; --',
    '1 OR 1 = 1',
    '/* */',
    '?',
    '$1',
    ':name',
    '%_\\',
    'select',
    '”quoted“',
    '名前',
    '🦆',
  ),
  fc.string({
    unit: fc.oneof(
      character,
      fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }).filter((one) => one !== '\0'),
    ),
  }),
)

/** A name that a table or a column may have, however odd. */
export const nastyName = nastyText.filter((name) => name !== '')
