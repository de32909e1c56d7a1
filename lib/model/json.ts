// JSON as the language sees it.

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** '' for what is no text. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
