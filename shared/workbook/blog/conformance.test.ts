import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { strictLoading } from '#stage/10-blog-app'
import { openBlog } from '../../../10-blog-app/tests/client.ts'
import { databases } from './databases.ts'
import { type Operation, operations } from './operations.ts'
import { walkThrough } from './walk.ts'

// The whole RealWorld API, on both databases; and what its document says of it.

// Nothing may be loaded on the way to the answer that was not asked for.
beforeAll(() => strictLoading(true))
afterAll(() => strictLoading(false))

describe.each(databases)('the RealWorld API on %s', (_, open) => {
  test('is there, from the first user to the last comment', async () => {
    const { blog, end } = await open()
    await walkThrough(blog)
    await end()
  }, 120_000)
})

describe('the document of the API', () => {
  let document: any
  beforeAll(async () => {
    const blog = await openBlog()
    document = (await blog.ask('GET', '/openapi.json')).json
    await blog.database.close()
  })

  test.each(Object.entries(operations))('describes %s', (_, operation: Operation) => {
    const { method, path, status, query, fields, needsToken } = operation
    const described = document.paths[`/api${path}`][method.toLowerCase()]
    expect(Object.keys(described.responses)).toContain(String(status))
    expect(namesIn(described, 'query')).toEqual(query.toSorted())
    expect(namesIn(described, 'path')).toEqual(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted(),
    )
    expect(fieldsOf(document, described).toSorted()).toEqual(fields.toSorted())
    const security = described.security ?? [{}]
    expect(security.every((way: object) => 'Token' in way)).toBe(needsToken)
  })
})

const namesIn = ({ parameters = [] }: any, place: string): string[] =>
  parameters
    .filter((one: any) => one.in === place)
    .map((one: any) => one.name)
    .toSorted()

/** `article.title`, `article.tagList?` */
function fieldsOf(document: any, { requestBody }: any): string[] {
  if (!requestBody) return []
  const schema = resolve(document, requestBody.content['application/json'].schema)
  return Object.entries(schema.properties).flatMap(([name, value]: [string, any]) => {
    const { properties, required = [] } = resolve(document, value)
    const mark = (field: string) => (required.includes(field) ? '' : '?')
    return Object.keys(properties).map((field) => `${name}.${field}${mark(field)}`)
  })
}

const resolve = (document: any, schema: any): any =>
  schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema
