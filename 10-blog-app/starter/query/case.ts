import type { ColumnType } from '../mapping/column-types.ts'
import { type Condition, Expression } from './expression.ts'
import { type BranchNode, type ExpressionNode, node } from './nodes.ts'
import { expressionOf, type Widen } from './value.ts'

/**
 * One value for each case.
 *
 * @example
 * caseWhen(u.age.gte(18), 'adult').when(u.age.lt(18), 'child').else('unknown')
 * // CASE WHEN age >= ? THEN ? WHEN age < ? THEN ? ELSE ? END
 */
export const caseWhen = <T>(when: Condition, then: Expression<T> | T): Case<Widen<T>> =>
  new Case<Widen<T>>([]).when(when, then as Widen<T>)

/** The cases so far. Every call gives a new one. */
export class Case<T> {
  readonly #branches: readonly BranchNode[]
  readonly #type: ColumnType<any> | undefined

  constructor(branches: readonly BranchNode[], type?: ColumnType<any>) {
    this.#branches = branches
    this.#type = type
  }

  when(when: Condition, then: Expression<T> | T): Case<T> {
    const result = expressionOf(then)
    const branch: BranchNode = node({ kind: 'branch', when: when.node, result: result.node })
    return new Case([...this.#branches, branch], this.#type ?? result.type)
  }

  else(otherwise: Expression<T> | T): Expression<T> {
    return this.#close(expressionOf(otherwise).node)
  }

  /** Without `else`, the rest is null. */
  end(): Expression<T | null> {
    return this.#close(undefined)
  }

  #close<Result>(otherwise: ExpressionNode | undefined): Expression<Result> {
    return new Expression(node({ kind: 'case', branches: this.#branches, otherwise }), this.#type)
  }
}
