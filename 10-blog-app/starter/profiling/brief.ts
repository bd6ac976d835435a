import { pathToFileURL } from 'node:url'

/**
 * A fingerprint that fits on a line: a long select list says little.
 *
 * @example
 * brief('SELECT id, title, content, created_at, user_id FROM posts WHERE user_id = ?') // SELECT … FROM posts WHERE user_id = ?
 */
export function brief(fingerprint: string): string {
  const from = outerFrom(fingerprint)
  return fingerprint.startsWith('SELECT ') && from > 'SELECT id, name '.length
    ? `SELECT … ${fingerprint.slice(from)}`
    : fingerprint
}

/** Where the FROM of the statement itself begins: a subquery in the select list has one of its own. */
function outerFrom(sql: string): number {
  let depth = 0
  for (const { 0: found, index } of sql.matchAll(/[()]|\bFROM\b/g)) {
    if (found === '(') depth++
    else if (found === ')') depth--
    else if (depth === 0) return index
  }
  return -1
}

/**
 * A call site as a person would name it: from the folder that the program was started in.
 *
 * @example
 * briefSite('slow (file:///home/me/orm/08-profiling/page/authors.ts:21:25)') // slow (08-profiling/page/authors.ts:21:25)
 */
export function briefSite(callSite: string | undefined, folder = process.cwd()): string {
  if (callSite === undefined) return 'an unknown line'
  const start = [`${pathToFileURL(folder).href}/`, `${folder}/`, `${folder}\\`]
  return start
    .reduce((site, prefix) => site.replace(prefix, ''), callSite.replace(/^Object\./, ''))
    .replaceAll('\\', '/')
}
