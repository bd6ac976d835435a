import type { Results } from '../results.ts'
import {
  growthTable,
  ratiosTable,
  roundTripsTable,
  runLine,
  targetsTable,
  versionsLine,
} from './table.ts'

/** What of the page is written by the command, by the names of its places. */
export function placesOf(results: Results): Record<string, string> {
  const { postgres, growth, versions, ratios } = results
  const newest = Object.keys(ratios).findLast((name) => name.startsWith('stage-'))
  return {
    run: runLine(results),
    versions: versionsLine(versions),
    sqlite: ratiosTable(results, 'better-sqlite3'),
    ...(newest && { targets: targetsTable(results, newest) }),
    ...(postgres && {
      postgres: ratiosTable(postgres, 'pg'),
      'round trips': roundTripsTable(postgres.roundTrips),
    }),
    ...(growth && { growth: growthTable(growth) }),
  }
}

/** Puts what was measured between `<!-- measured: sqlite -->` and `<!-- end -->`. */
export function fillPlaces(page: string, places: Readonly<Record<string, string>>): string {
  return page.replace(
    /(<!-- measured: ([\w ]+) -->\n)(?:[\s\S]*?\n)??(<!-- end -->)/g,
    (all, start: string, name: string, end: string) =>
      places[name] === undefined ? all : `${start}\n${places[name]}\n\n${end}`,
  )
}
