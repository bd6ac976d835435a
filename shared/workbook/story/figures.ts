import { acts, type Told } from './tell.ts'

/** How many statements each act sends: `[7, 3, 1]`. */
export const perAct = ({ statements }: Told): number[] => acts.map((act) => statements[act].length)

export const inAll = (told: Told): number => perAct(told).reduce((sum, count) => sum + count, 0)

/**
 * A number of lines in two digits, so that it does not become wrong with every edit.
 *
 * @example
 * about(848) // 850
 * about(13_609) // 14000
 */
export const about = (lines: number): number => Number(lines.toPrecision(2))

/** `14,000` in every language that the system may have. */
export const written = (count: number): string => count.toLocaleString('en-US')
