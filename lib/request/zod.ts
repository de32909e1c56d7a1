// The only door to zod: schemas of what callers write and of what they are answered, and their JSON Schema.

import * as z from 'zod'

// Name by name and not as one object, which a bundle would keep whole: zod speaks fifty languages in 270 kB.
export * from 'zod'

z.config({
  // Else the first request waits 1.5 ms for functions that zod writes and compiles, which take no less time afterwards.
  jitless: true,
  customError: (issue) =>
    issue.code === 'invalid_type' ? typeFault(issue.expected, issue.input) : undefined,
})

/** In the words of JSON; undefined for kinds that no request has, which zod words itself. */
function typeFault(expected: string, value: unknown): string | undefined {
  const kind = kinds.get(expected)
  if (kind === undefined) return undefined
  if (value === undefined) return `is missing: it must be ${kind}`
  const got = value === null ? 'null' : kinds.get(Array.isArray(value) ? 'array' : typeof value)
  const isNear = got === kind || (expected === 'int' && typeof value === 'number')
  return `must be ${kind}${got === undefined || isNear ? '' : `, not ${got}`}`
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['array', 'a list'],
  ['boolean', 'true or false'],
  ['int', 'a whole number'],
  ['number', 'a number'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['string', 'text'],
])

/** An object any name of which may be absent, as in JSON: none of them is undefined. */
export function exactPartial<Shape extends z.ZodRawShape>(shape: Shape) {
  const entries = Object.entries(shape).map(([name, schema]) => [name, z.exactOptional(schema)])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names
  return z.strictObject(Object.fromEntries(entries) as ExactlyOptional<Shape>)
}

type ExactlyOptional<Shape extends z.ZodRawShape> = {
  [Name in keyof Shape]: z.ZodExactOptional<Shape[Name]>
}

/** A plain JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

export interface NamedSchemas {
  /** The schema itself; it refers to others as `#/$defs/<name>`. */
  readonly schema: JsonSchema
  /** Its `id`, where it has one. */
  readonly name: string | null
  /** Those that it refers to, by their `id`. */
  readonly defs: Readonly<Record<string, JsonSchema>>
}

/**
 * JSON Schema 2020-12 of a schema.
 *
 * @param io `input` for what callers write, whose unknown names are refused; `output` for what they are answered,
 *   which may have more fields in a later version
 */
export function toJsonSchema(of: z.ZodType, io: 'input' | 'output'): NamedSchemas {
  const { $schema: _, $defs = {}, id, ...schema } = z.toJSONSchema(of, { io, override: simplify })
  const defs = Object.entries($defs).map(([name, { id: _id, ...def }]) => [name, def])
  return { schema, name: id ?? null, defs: Object.fromEntries(defs) }

  function simplify({ zodSchema, jsonSchema }: Overridden): void {
    if (io === 'output' && jsonSchema.additionalProperties === false)
      delete jsonSchema.additionalProperties
    // zod leaves it out of values that are read as text first.
    if (zodSchema instanceof z.ZodDefault) jsonSchema.default ??= zodSchema.def.defaultValue
    // The largest whole number that a double holds is nobody's limit.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    if (!(zodSchema instanceof z.ZodRecord)) return
    // That names are text, and the values of any JSON object JSON, goes without saying.
    if (isAnyText(jsonSchema.propertyNames)) delete jsonSchema.propertyNames
    if (zodSchema.valueType instanceof z.ZodLazy) delete jsonSchema.additionalProperties
  }
}

type Overridden = Parameters<
  NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>
>[0]

function isAnyText(names: unknown): boolean {
  return JSON.stringify(names) === '{"type":"string"}'
}
