import type { Connection } from '#shared/driver/driver'
import { DatabaseError } from '#shared/driver/errors'

/** A connection that breaks at the first statement with this verb, and works again. */
export function breakingOnceAt(connection: Connection, verb: string): Connection {
  let isBroken = true
  return new Proxy(connection, {
    get(target, property) {
      if (property !== 'run') {
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      }
      return (sql: string, parameters: never[] = []) => {
        if (!isBroken || !sql.startsWith(verb)) return target.run(sql, parameters)
        isBroken = false
        throw new DatabaseError('The line went dead.', '', { sql, parameters, cause: undefined })
      }
    },
  })
}
