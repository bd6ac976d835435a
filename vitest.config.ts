import { defineConfig } from 'vitest/config'
import { conditionsOf, testOptions } from './shared/workbook/run/vitest-options.ts'

// For editors and for `npx vitest`; the commands of the workbook take the same options without this file.
export default defineConfig({
  test: {
    sequence: testOptions.sequence,
    // Said here too: beside what it keeps for the projects, vitest notes for which packages it holds.
    experimental: testOptions.experimental,
    projects: [
      {
        ssr: conditionsOf('starter'),
        test: { ...testOptions, name: 'starter', include: ['[0-9]*/tests/**/*.test.ts'] },
      },
      {
        ssr: conditionsOf('solution'),
        test: { ...testOptions, name: 'solution', include: ['[0-9]*/tests/**/*.test.ts'] },
      },
      {
        ssr: conditionsOf('solution'),
        test: { ...testOptions, name: 'workbook', include: ['shared/**/*.test.ts'] },
      },
    ],
  },
})
