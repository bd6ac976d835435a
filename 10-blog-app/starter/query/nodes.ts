import type { Column } from '../mapping/column.ts'
import type { ColumnType } from '../mapping/column-types.ts'

// A query is a tree of plain frozen values, as a compiler of any language has it. Each node says what stands in the SQL,
// not how it is written: that is left to the compiler, which knows the dialect.

// Statements

export type StatementNode = QueryNode | WriteNode | RawNode

/** What gives rows and may stand inside another query. */
export type QueryNode = SelectNode | CompoundNode

export type WriteNode = InsertNode | UpdateNode | DeleteNode

/** `SELECT … FROM … JOIN … WHERE … GROUP BY … HAVING … ORDER BY … LIMIT … OFFSET …` */
export interface SelectNode extends Slice {
  readonly kind: 'select'
  readonly isDistinct: boolean
  /** The select list; empty means `*`. */
  readonly outputs: readonly OutputNode[]
  readonly from: SourceNode
  readonly joins: readonly JoinNode[]
  readonly where: ExpressionNode | undefined
  readonly groupBy: readonly ExpressionNode[]
  readonly having: ExpressionNode | undefined
}

/** `SELECT … UNION SELECT … ORDER BY … LIMIT …`: the order and the limit are of the whole. */
export interface CompoundNode extends Slice {
  readonly kind: 'compound'
  readonly operator: SetOperator
  readonly parts: readonly QueryNode[]
  /** The select list of the first part, which names the columns of the whole. */
  readonly outputs: readonly OutputNode[]
}

export type SetOperator = 'UNION' | 'UNION ALL' | 'INTERSECT' | 'EXCEPT'

/** Which of the rows, and in which order. */
export interface Slice {
  readonly orderBy: readonly OrderNode[]
  readonly limit: ParameterNode | undefined
  readonly offset: ParameterNode | undefined
}

/** `INSERT INTO users (name, email) VALUES (?, ?), (?, ?) ON CONFLICT … RETURNING …` */
export interface InsertNode {
  readonly kind: 'insert'
  readonly table: string
  readonly columns: readonly string[]
  /** A value for each column in each row, or a query that gives them. */
  readonly values: readonly (readonly ExpressionNode[])[] | QueryNode
  readonly conflict: ConflictNode | undefined
  readonly returning: readonly OutputNode[]
}

/** `ON CONFLICT (email) DO UPDATE SET name = excluded.name`; without assignments `DO NOTHING`. */
export interface ConflictNode {
  readonly kind: 'conflict'
  readonly target: readonly string[]
  readonly assignments: readonly AssignmentNode[]
}

/** `UPDATE users SET age = age + ? WHERE … RETURNING …` */
export interface UpdateNode {
  readonly kind: 'update'
  readonly table: string
  readonly assignments: readonly AssignmentNode[]
  readonly where: ExpressionNode | undefined
  /** Set when a statement without WHERE is meant. */
  readonly isEveryRow: boolean
  readonly returning: readonly OutputNode[]
}

/** `DELETE FROM users WHERE … RETURNING …` */
export interface DeleteNode {
  readonly kind: 'delete'
  readonly table: string
  readonly where: ExpressionNode | undefined
  readonly isEveryRow: boolean
  readonly returning: readonly OutputNode[]
}

// The parts of statements

/** What stands in FROM or after JOIN. */
export type SourceNode = TableNode | DerivedNode | CteNode

/** `users`, or `users AS manager` */
export interface TableNode {
  readonly kind: 'table'
  readonly table: string
  /** What its columns are called by: the alias, or the table itself. */
  readonly name: string
}

/** `(SELECT …) AS newest` */
export interface DerivedNode {
  readonly kind: 'derived'
  readonly name: string
  readonly query: QueryNode
}

/** `newest`, with `WITH newest AS (SELECT …)` at the head of the statement. */
export interface CteNode {
  readonly kind: 'cte'
  readonly name: string
  readonly query: QueryNode
  readonly isRecursive: boolean
}

export interface JoinNode {
  readonly kind: 'join'
  readonly type: JoinType
  readonly source: SourceNode
  /** Absent in a CROSS JOIN. */
  readonly on: ExpressionNode | undefined
}

export type JoinType = 'JOIN' | 'LEFT JOIN' | 'RIGHT JOIN' | 'FULL JOIN' | 'CROSS JOIN'

/** One column of a result: `COUNT(*) AS posts` */
export interface OutputNode {
  readonly kind: 'output'
  /** Its name in the rows that the program gets. */
  readonly property: string
  /** Its name in the SQL. */
  readonly name: string
  readonly expression: ExpressionNode
  /** How its values are read; undefined leaves them as the driver gives them. */
  readonly type: ColumnType<any> | undefined
  /** The mapped column that it shows, when it shows one as it is. */
  readonly column: Column | undefined
}

/** `age DESC NULLS LAST` */
export interface OrderNode {
  readonly kind: 'order'
  readonly expression: ExpressionNode
  /** Undefined where none was said; the database takes ASC then. */
  readonly direction: 'ASC' | 'DESC' | undefined
  readonly nulls: 'FIRST' | 'LAST' | undefined
}

/** `age = age + ?` */
export interface AssignmentNode {
  readonly kind: 'assignment'
  readonly column: string
  readonly value: ExpressionNode
}

// Expressions

export type ExpressionNode =
  | ColumnNode
  | ParameterNode
  | ConstantNode
  | StarNode
  | BinaryNode
  | LogicalNode
  | NotNode
  | NullTestNode
  | InNode
  | BetweenNode
  | LikeNode
  | FunctionNode
  | WindowNode
  | CaseNode
  | CastNode
  | SubqueryNode
  | ExistsNode
  | IdentifierNode
  | RawNode

/** `age`, or `users.age` where several sources are in sight. */
export interface ColumnNode {
  readonly kind: 'column'
  /** The name of its source; undefined for a column of the result itself. */
  readonly source: string | undefined
  readonly name: string
}

/** `?`: the value goes beside the SQL, never into it. */
export interface ParameterNode {
  readonly kind: 'parameter'
  /** As the program has it; the type makes the database's value of it. */
  readonly value: unknown
  readonly type: ColumnType<any>
  /** Whether it stands where no column beside it says what it is: PostgreSQL wants to be told then. */
  readonly standsAlone: boolean
}

/** True or false for every row: what is left of a condition without content. */
export interface ConstantNode {
  readonly kind: 'constant'
  readonly value: boolean
}

/** The `*` of `COUNT(*)`. */
export interface StarNode {
  readonly kind: 'star'
}

/** `age > ?`, `age + ?` */
export interface BinaryNode {
  readonly kind: 'binary'
  readonly operator: Comparison | Arithmetic
  readonly left: ExpressionNode
  readonly right: ExpressionNode
}

export type Comparison = '=' | 'IS DISTINCT FROM' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '||'

/** `a AND b AND c` */
export interface LogicalNode {
  readonly kind: 'logical'
  readonly operator: 'AND' | 'OR'
  readonly terms: readonly ExpressionNode[]
}

export interface NotNode {
  readonly kind: 'not'
  readonly operand: ExpressionNode
}

/** `age IS NULL`, `age IS NOT NULL` */
export interface NullTestNode {
  readonly kind: 'null test'
  readonly operand: ExpressionNode
  readonly isNegated: boolean
}

/** `id IN (?, ?)`, `id NOT IN (SELECT …)` */
export interface InNode {
  readonly kind: 'in'
  readonly operand: ExpressionNode
  /** Never empty: `IN ()` is no SQL. */
  readonly items: readonly ExpressionNode[] | QueryNode
  readonly isNegated: boolean
}

export interface BetweenNode {
  readonly kind: 'between'
  readonly operand: ExpressionNode
  readonly low: ExpressionNode
  readonly high: ExpressionNode
}

/** `name LIKE ? ESCAPE '\'` */
export interface LikeNode {
  readonly kind: 'like'
  readonly operand: ExpressionNode
  readonly pattern: ExpressionNode
  /** Whether a backslash in the pattern makes the sign after it an ordinary one. */
  readonly hasEscapes: boolean
  readonly ignoresCase: boolean
}

/** `COUNT(DISTINCT user_id)` */
export interface FunctionNode {
  readonly kind: 'function'
  readonly name: string
  readonly arguments: readonly ExpressionNode[]
  readonly isDistinct: boolean
}

/** `RANK() OVER (PARTITION BY … ORDER BY …)` */
export interface WindowNode {
  readonly kind: 'window'
  readonly function: FunctionNode
  readonly partitionBy: readonly ExpressionNode[]
  readonly orderBy: readonly OrderNode[]
}

/** `CASE WHEN … THEN … ELSE … END` */
export interface CaseNode {
  readonly kind: 'case'
  readonly branches: readonly BranchNode[]
  readonly otherwise: ExpressionNode | undefined
}

/** `WHEN … THEN …` */
export interface BranchNode {
  readonly kind: 'branch'
  readonly when: ExpressionNode
  readonly result: ExpressionNode
}

/** `CAST(age AS TEXT)` */
export interface CastNode {
  readonly kind: 'cast'
  readonly operand: ExpressionNode
  readonly type: ColumnType<any>
}

/** `(SELECT MAX(age) FROM users)` as a value. */
export interface SubqueryNode {
  readonly kind: 'subquery'
  readonly query: QueryNode
}

export interface ExistsNode {
  readonly kind: 'exists'
  readonly query: QueryNode
  readonly isNegated: boolean
}

/** A name that the program gives in the sql template, quoted like every other. */
export interface IdentifierNode {
  readonly kind: 'identifier'
  readonly name: string
}

/** The sql template: text of the program's author, and nodes between. */
export interface RawNode {
  readonly kind: 'raw'
  readonly parts: readonly (string | ExpressionNode)[]
}

/** Makes a node. Frozen, because queries share their nodes. */
export const node = <const Node extends { readonly kind: string }>(fields: Node): Node =>
  Object.freeze(fields)
