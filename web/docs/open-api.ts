// What /docs reads of an OpenAPI 3.1 document.

export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly format?: string
}

interface Media {
  readonly schema?: Schema
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly description?: string
  readonly required?: boolean
  readonly schema?: Schema
  readonly content?: Readonly<Record<string, Media>>
  readonly example?: unknown
}

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, Media>> }
    >
  >
}

export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** The schema itself, a reference followed. */
export function resolved(schema: Schema, { components }: OpenApi): Schema {
  const name = nameOf(schema)
  return name === null ? schema : (components.schemas[name] ?? {})
}

export function nameOf({ $ref }: Schema): string | null {
  return $ref?.split('/').at(-1) ?? null
}

/** `string`, `array of number`, `Statistics or null`, `"cid" | "fingerprint"`. */
export function typeWords(schema: Schema): string {
  const named = nameOf(schema)
  if (named !== null) return named
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map(typeWords))].join(' or ')
  if (schema.items !== undefined) return `array of ${typeWords(schema.items)}`
  const { type, format } = schema
  const words = typeof type === 'string' ? type : (type?.join(' or ') ?? 'anything')
  return format === undefined ? words : `${words} (${format})`
}
