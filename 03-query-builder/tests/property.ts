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
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
)

/** A name that a table or a column may have, however odd. */
export const nastyName = nastyText.filter((name) => name !== '')
