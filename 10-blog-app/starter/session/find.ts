import type { AsyncSender } from '#shared/driver/async-driver'
import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { encode } from '../mapping/hydrate.ts'
import type { MappedType } from '../mapping/inheritance.ts'
import type { Mapped } from '../mapping/mapped.ts'
import { compile } from '../query/compile.ts'
import { ColumnExpression, type Condition, condition } from '../query/expression.ts'
import { and } from '../query/logic.ts'
import { node } from '../query/nodes.ts'
import { selectClass } from '../query/polymorphic.ts'
import { keyOfValues } from './identity-key.ts'
import type { Home } from './materialize.ts'

/**
 * The values of a key, in the order of its columns.
 *
 * @example
 * keyValues(User, 1, dialect)                            // [1]
 * keyValues(PostTag, { postId: 1, tagId: 2 }, dialect)   // [1, 2]
 *
 * @throws {UndefinedValueError} when a part is missing: a forgotten value must never find anything
 * @throws {InvalidValueError} when a part is not what its column takes
 */
export function keyValues({ mapping }: MappedType, key: unknown, dialect: Dialect): Value[] {
  const { primaryKey } = mapping.table
  if (primaryKey.length === 1) return [encode(primaryKey[0]!, key, dialect)]
  return primaryKey.map((column) =>
    encode(column, Reflect.get(Object(key), column.property), dialect),
  )
}

/**
 * The object with this key: from the identity map, and only when it is not there from the database.
 * A row that was not found is not remembered: the next moment somebody may insert it.
 *
 * @example
 * await findObject(User, [1], workspace) // SELECT id, name, … FROM users WHERE id = ?
 * await findObject(User, [1], workspace) // the same object; nothing is sent
 */
export async function findObject(
  type: MappedType,
  key: readonly Value[],
  home: Home,
): Promise<Mapped | undefined> {
  // NULL is no key: no row has it.
  if (key.includes(null)) return undefined
  const known = home.objects.of(type.mapping.root.table).get(keyOfValues(key))
  if (known) return known instanceof type ? known : undefined
  return home.materialize(type, await selectByKey(type, key, home.connection))[0]
}

/**
 * The row with this key, with the columns of its class.
 *
 * @example
 * await selectByKey(User, [1], connection)
 * // SELECT id, name, … FROM users WHERE id = ?
 */
export function selectByKey(
  type: MappedType,
  key: readonly Value[],
  connection: AsyncSender,
): Promise<Value[][]> {
  const { sql, before } = statementFor(type, connection.dialect)
  return connection.values(sql, [...before, ...key])
}

/** A SELECT by key, put together once, and the parameters that stand before the key. */
interface ByKey {
  readonly sql: string
  readonly before: readonly Value[]
}

const statements = new WeakMap<MappedType, Map<Dialect, ByKey>>()

function statementFor(type: MappedType, dialect: Dialect): ByKey {
  const known = statements.get(type) ?? new Map<Dialect, ByKey>()
  statements.set(type, known)
  const statement = known.get(dialect) ?? makeStatement(type, dialect)
  known.set(dialect, statement)
  return statement
}

function makeStatement(type: MappedType, dialect: Dialect): ByKey {
  const { primaryKey } = type.mapping.table
  const isKey = primaryKey.map(equalsAny)
  const { sql, params } = compile(selectClass(type).where(and(...isKey)).node, dialect)
  return { sql, before: params.slice(0, -primaryKey.length) }
}

/** `id = ?`, whatever the value will be. */
const equalsAny = (column: Column): Condition =>
  condition(
    node({
      kind: 'binary',
      operator: '=',
      left: new ColumnExpression(column).node,
      right: node({ kind: 'parameter', value: null, type: column.type, standsAlone: false }),
    }),
  )
