import type { Connection } from '#shared/driver/driver'
import { type Registry, registry } from '../mapping/registry.ts'
import { NotConnectedError } from './errors.ts'

/** One connection for each registry, for the whole program: simple, and the reason why two web requests share one transaction here. */
const connections = new WeakMap<Registry, Connection>()

/**
 * Names the database on which the models of a registry work.
 *
 * @example
 * connect(openSqlite('blog.db'))
 * connect(openSqlite('archive.db'), archive)
 */
export function connect(connection: Connection, models: Registry = registry): void {
  connections.set(models, connection)
}

/** @throws {NotConnectedError} when `connect` was never called for this registry */
export function connectionOf(models: Registry): Connection {
  const connection = connections.get(models)
  if (!connection) throw new NotConnectedError()
  return connection
}
