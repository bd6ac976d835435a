/**
 * The name in the database for a name in the code.
 *
 * @example
 * snakeCase('joinedAt') // joined_at
 * snakeCase('userID')   // user_id
 */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}
