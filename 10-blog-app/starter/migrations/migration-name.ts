import type { Operation } from './operations.ts'

/**
 * The name of the next migration: its number, and what it does.
 *
 * @param names of the migrations that are there
 *
 * @example
 * migrationName(['0001_create_users'], 'add email to users') // 0002_add_email_to_users
 */
export function migrationName(names: readonly string[], what: string): string {
  const next = Math.max(0, ...names.map((name) => Number.parseInt(name, 10))) + 1
  const words = what
    .toLowerCase()
    .replaceAll(/\W+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return `${String(next).padStart(4, '0')}_${words.slice(0, 60) || 'change'}`
}

/**
 * What a list of operations does, in a few words. Where tables are created, they are what it is about.
 *
 * @example
 * summaryOf([addEmail])                // add email to users
 * summaryOf([createUsers, createPosts]) // create users and posts
 * summaryOf([addEmail, dropAge, addSlug]) // add email to users and 2 more
 */
export function summaryOf(operations: readonly Operation[]): string {
  const created = operations.flatMap((one) => (one.kind === 'create table' ? one.table.name : []))
  if (created.length === 2) return `create ${created.join(' and ')}`
  if (created.length > 0) return `create ${andMore(created)}`
  return andMore(operations.map(inWords))
}

const andMore = ([first = 'change', ...more]: readonly string[]) =>
  more.length > 0 ? `${first} and ${more.length} more` : first

function inWords(operation: Operation): string {
  switch (operation.kind) {
    case 'create table':
      return `create ${operation.table.name}`
    case 'drop table':
      return `drop ${operation.table.name}`
    case 'rename table':
      return `rename ${operation.from} to ${operation.to}`
    case 'add column':
      return `add ${operation.column.name} to ${operation.table}`
    case 'drop column':
      return `drop ${operation.column.name} from ${operation.table}`
    case 'rename column':
      return `rename ${operation.from} to ${operation.to} in ${operation.table}`
    case 'alter column':
      return `alter ${operation.to.name} of ${operation.table}`
    case 'add constraint':
      return `add ${operation.constraint.name}`
    case 'drop constraint':
      return `drop ${operation.constraint.name}`
    case 'create index':
      return `create ${operation.index.name}`
    case 'drop index':
      return `drop ${operation.index.name}`
  }
}
