import type { Connection } from '#shared/driver/driver'
import type { Registry } from '../mapping/registry.ts'

/** Creates the tables that are not there yet, each after those that it points to. */
export function createAll(_connection: Connection, _registry: Registry): void {
  throw new Error('not written')
}

/** Drops the tables of the models **with all their rows**, each before those that it points to. */
export function dropAll(_connection: Connection, _registry: Registry): void {
  throw new Error('not written')
}
