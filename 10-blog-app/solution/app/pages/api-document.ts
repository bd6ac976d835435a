/** The part of an OpenAPI document that the page shows. */
export interface ApiDocument {
  readonly info: { readonly title: string }
  readonly paths?: Readonly<Record<string, object>> | undefined
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> } | undefined
}

/** One thing that can be asked of the API. */
export interface Operation {
  readonly method: string
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** Who may ask: everybody, or only those with a token; `may`: everybody, and with a token the answer says more. */
  readonly token: 'none' | 'may' | 'must'
  readonly parameters: readonly Parameter[]
  /** The shape of what is sent, as JSON; undefined when nothing is. */
  readonly body: string | undefined
  readonly answers: readonly Answer[]
}

export interface Parameter {
  readonly name: string
  /** path, query or header. */
  readonly in: string
  readonly isRequired: boolean
  readonly type: string
}

export interface Answer {
  readonly status: string
  readonly description: string
  readonly body: string | undefined
}

/**
 * Reads the operations of a document, in its order.
 *
 * @see https://spec.openapis.org/oas/v3.1.0
 */
export function operationsOf(document: ApiDocument): Operation[] {
  const schemas = document.components?.schemas ?? {}
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationOf(method.toUpperCase(), path, operation as RawOperation, schemas),
    ),
  )
}

type Schemas = Readonly<Record<string, unknown>>

/** As it stands in the document. */
interface RawOperation {
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly security?: readonly object[]
  readonly parameters?: readonly RawParameter[]
  readonly requestBody?: RawBody
  readonly responses: Readonly<Record<string, RawBody & { readonly description: string }>>
}

interface RawParameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
}

interface RawBody {
  readonly content?: { readonly 'application/json'?: { readonly schema: Schema } }
}

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  /** Has the properties of all of these. */
  readonly allOf?: readonly Schema[]
  readonly default?: unknown
}

const operationOf = (
  method: string,
  path: string,
  { tags = [], summary = '', security = [], parameters = [], requestBody, responses }: RawOperation,
  schemas: Schemas,
): Operation => ({
  method,
  path,
  tag: tags[0] ?? 'Others',
  summary,
  token: tokenFor(security),
  parameters: parameters.map(parameterOf),
  body: shapeOf(requestBody, schemas),
  answers: Object.entries(responses).map(([status, response]) => ({
    status: status === 'default' ? 'otherwise' : status,
    description: response.description,
    body: shapeOf(response, schemas),
  })),
})

/** An empty requirement among others means that nothing is required. */
function tokenFor(security: readonly object[]): Operation['token'] {
  if (security.length === 0) return 'none'
  return security.some((one) => Object.keys(one).length === 0) ? 'may' : 'must'
}

const parameterOf = ({ name, in: place, required, schema }: RawParameter): Parameter => ({
  name,
  in: place,
  isRequired: required ?? false,
  type: schema.default === undefined ? typeOf(schema) : `${typeOf(schema)}, else ${schema.default}`,
})

const shapeOf = (body: RawBody | undefined, schemas: Schemas): string | undefined => {
  const schema = body?.content?.['application/json']?.schema
  return schema && JSON.stringify(exampleOf(schema, schemas), null, 2)
}

/** A value of a schema's shape, with the names of types in the place of values: `{ title: 'string', 'tags?': ['string'] }`. */
function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1)!] as Schema, schemas)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => exampleOf(one, schemas)))
  if (schema.items) return [exampleOf(schema.items, schemas)]
  if (!schema.properties) return typeOf(schema)
  const properties = Object.entries(schema.properties).map(([name, property]) => {
    const mark = schema.required?.includes(name) ? '' : '?'
    return [`${name}${mark}`, exampleOf(property, schemas)]
  })
  return Object.fromEntries(properties)
}

const typeOf = ({ type = 'anything' }: Schema): string =>
  typeof type === 'string' ? type : type.join(' or ')
