// Schemas with a name, each once, and how others refer to them.

import type * as z from '../../request/zod.ts'
import { type JsonSchema, toJsonSchema } from '../../request/zod.ts'

export class Components {
  readonly #schemas = new Map<string, JsonSchema>()

  /** The schema, or a reference to it where it has a name; what it refers to is in `schemas` from then on. */
  refer(of: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { schema, name, defs } = toJsonSchema(of, io)
    this.#add(schema, defs)
    if (name === null) return moved(schema)
    this.#schemas.set(name, moved(schema))
    return { $ref: `#/components/schemas/${name}` }
  }

  get schemas(): Readonly<Record<string, JsonSchema>> {
    const sorted = [...this.#schemas].toSorted(([one], [other]) => (one < other ? -1 : 1))
    return Object.fromEntries(sorted)
  }

  /** Only what is referred to: leftovers of schemas that were simplified are of no use. */
  #add(from: JsonSchema, defs: Readonly<Record<string, JsonSchema>>): void {
    for (const name of referencesOf(from)) {
      const schema = defs[name] ?? {}
      if (this.#schemas.has(name)) continue
      this.#schemas.set(name, moved(schema))
      this.#add(schema, defs)
    }
  }
}

function referencesOf(schema: JsonSchema): string[] {
  const text = JSON.stringify(schema)
  return [...text.matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map(([, name = '']) => name)
}

function moved(schema: JsonSchema): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'),
  )
}
