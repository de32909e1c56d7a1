// One route as its callers see it: what it takes, what it answers, and which faults it can tell.

import type { ErrorCode } from '../../errors.ts'
import type * as z from '../../request/zod.ts'

export interface Parameter {
  readonly in: 'path' | 'query' | 'header'
  readonly name: string
  readonly description: string
  readonly schema: z.ZodType
  /** `json`: the value is JSON text; `list`: its parts are separated by commas. By default plain text. */
  readonly written?: 'json' | 'list'
  readonly example?: unknown
}

export interface Reply {
  readonly description: string
  /** By media type: the schema of JSON, or null for bytes. Absent where there is no body. */
  readonly content?: Readonly<Record<string, z.ZodType | null>>
  /** Headers that this reply always has, by name. */
  readonly headers?: Readonly<Record<string, string>>
  readonly example?: unknown
}

export interface Operation {
  readonly method: 'get' | 'head' | 'post' | 'put' | 'delete' | 'options'
  /** As OpenAPI writes it: `/jobs/{id}`. The last parameter of a path may stand for several segments. */
  readonly path: string
  readonly id: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly body?: {
    readonly schema: z.ZodType
    readonly examples: Readonly<Record<string, unknown>>
  }
  readonly replies: Readonly<Record<number, Reply>>
  /** Every code that it can answer with, besides `internal`. */
  readonly problems: readonly ErrorCode[]
  /** Codes that it answers with 409 instead of their own status. */
  readonly conflicts?: readonly ErrorCode[]
}
