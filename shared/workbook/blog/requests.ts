// The requests that the blog takes, read off its own document: no field is forgotten.

/** A request, without its values. */
export interface Operation {
  readonly method: string
  readonly path: string
  readonly query: readonly string[]
  /** A body that fits, to begin with. */
  readonly example: unknown
}

/** The pages are not in the document. */
export const pages: Operation[] = [
  '/',
  '/tags/{tag}',
  '/authors/{username}',
  '/articles/{slug}',
].map((path) => ({ method: 'GET', path, query: ['after', 'before'], example: undefined }))

/** Every operation of the document. */
export const operationsOf = (document: any): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]: [string, any]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]: [string, any]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter((one: any) => one.in === 'query').map((one: any) => one.name),
      example: requestBody && exampleOf(document, requestBody.content['application/json'].schema),
    })),
  )

function exampleOf(document: any, schema: any, name = ''): unknown {
  if (schema.$ref)
    return exampleOf(document, document.components.schemas[schema.$ref.split('/').at(-1)])
  if (schema.type === 'array') return [exampleOf(document, schema.items)]
  if (schema.type === 'integer') return 1
  if (!schema.properties) return fitting[name] ?? 'text of some length'
  const entries = Object.entries(schema.properties)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, exampleOf(document, value, name)]),
  )
}

/** What is more than text. */
const fitting: Record<string, string> = {
  email: 'somebody@example.com',
  image: 'https://example.com/somebody.png',
}

/** Where a value stands in a body: `['user', 'email']`. */
export type Place = readonly (string | number)[]

/** The way to each value: `[]`, `['user']`, `['user', 'email']`. */
export const placesIn = (value: unknown, place: Place = []): Place[] => {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [place, ...inside.flatMap(([name, part]) => placesIn(part, [...place, name]))]
}

/** A copy with another value in one place. */
export function changed(value: unknown, [[first, ...rest], part]: [Place, unknown]): unknown {
  if (first === undefined) return part
  if (typeof value !== 'object' || value === null) return value
  const copy: any = Array.isArray(value) ? [...value] : { ...value }
  copy[first] = changed(copy[first], [rest, part])
  return copy
}
