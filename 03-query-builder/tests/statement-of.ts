import type { CompiledQuery } from '#stage/03-query-builder'

/** The statement as a line of text, for the message of an expectation: rows alone do not say what is wrong in the SQL. */
export const statementOf = ({ sql, params }: CompiledQuery): string =>
  `${sql} with ${JSON.stringify(params)}`
