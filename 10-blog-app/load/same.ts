import { deepStrictEqual } from 'node:assert/strict'
import { type Shot, shots } from './mix.ts'

/** Whoever answers requests: an application, or a server. */
export type Answerer = (request: Request) => Response | Promise<Response>

/**
 * Asks two servers of one database each kind of request of the load, and compares their answers.
 *
 * @throws {AssertionError} where they differ
 */
export async function compareAnswers(
  one: Answerer,
  other: Answerer,
  token: string,
): Promise<string[]> {
  for (const [kind, next] of Object.entries(shots)) {
    const shot = next()
    const [expected, found] = [await ask(one, shot, token), await ask(other, shot, token)]
    deepStrictEqual(found, expected, `The answers to "${kind}" differ.`)
  }
  return Object.keys(shots)
}

async function ask(answerer: Answerer, { method, path, body }: Shot, token: string) {
  const headers = { 'content-type': 'application/json', authorization: `Token ${token}` }
  const init = { method, headers, ...(body !== undefined && { body }) }
  const response = await answerer(new Request(new URL(path, 'http://blog'), init))
  return {
    status: response.status,
    json: method === 'GET' ? await response.json() : masked(await response.json()),
  }
}

/** What differs because the two have written one after the other. */
const ofTheMoment = new Set(['id', 'slug', 'createdAt', 'updatedAt'])

const masked = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, part) => (ofTheMoment.has(key) ? `some ${typeof part}` : part)),
  )
