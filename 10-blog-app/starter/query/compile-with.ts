import type { Compiler } from './compiler.ts'
import { list } from './compiler.ts'
import { DuplicateSourceError } from './errors.ts'
import type { CteNode, StatementNode } from './nodes.ts'

/** `WITH newest AS (SELECT …)`: every common table expression of the statement, wherever it is used, once and at the head. */
export function writeWith(statement: StatementNode, compiler: Compiler): string {
  const ctes = new Map<string, CteNode>()
  collect(statement, ctes)
  if (ctes.size === 0) return ''
  const all = [...ctes.values()]
  const word = all.some(({ isRecursive }) => isRecursive) ? 'WITH RECURSIVE' : 'WITH'
  const bodies = list(all, ({ name, query }) => {
    const body = compiler.apart(() => compiler.query(query))
    return `${compiler.name(name)} AS (${body})`
  })
  return `${word} ${bodies}`
}

/**
 * Walks the whole tree. A common table expression comes after those that it reads itself.
 *
 * @throws {DuplicateSourceError} when two different ones have one name
 */
function collect(tree: unknown, found: Map<string, CteNode>): void {
  for (const child of childrenOf(tree)) collect(child, found)
  if (!isCte(tree)) return
  const known = found.get(tree.name)
  if (known && known !== tree) throw new DuplicateSourceError(tree.name)
  found.set(tree.name, tree)
}

/** The nodes below a node. What a parameter holds belongs to the program, and is no part of the tree. */
function childrenOf(tree: unknown): readonly unknown[] {
  if (Array.isArray(tree)) return tree
  return isNode(tree) && tree.kind !== 'parameter' ? Object.values(tree) : []
}

const isNode = (tree: unknown): tree is { readonly kind: unknown } =>
  typeof tree === 'object' && tree !== null && 'kind' in tree

const isCte = (tree: unknown): tree is CteNode => isNode(tree) && tree.kind === 'cte'
