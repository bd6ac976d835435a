import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'
import { type Finding, good, wrong } from './finding.ts'

/** Compares this Node with `engines` in package.json. */
export function examineNode(version = process.versions.node): Finding {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (isInRange(version, engines.node)) return good('Node', version)
  return wrong(
    'Node',
    `${version}, but the course needs ${engines.node}`,
    'Install the current LTS version from https://nodejs.org, then run npm install again.',
  )
}

/** Understands the few forms that `engines` uses: `^20.19 || ^22.13 || >=24`. */
export function isInRange(version: string, range: string): boolean {
  return range.split('||').some((part) => {
    const [, operator = '', wanted = ''] = /^\s*(\^|>=)?\s*([\d.]+)\s*$/.exec(part) ?? []
    const isNewer = compare(version, wanted) >= 0
    return isNewer && (operator !== '^' || major(version) === major(wanted))
  })
}

const numbers = (version: string) => version.split('.').map((part) => Number.parseInt(part, 10))

const major = (version: string) => numbers(version)[0]

function compare(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)]
  const differing = [0, 1, 2].find((i) => (left[i] ?? 0) !== (right[i] ?? 0))
  return differing === undefined ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0)
}
