// What JSON may hold to mean the same everywhere: RFC 7493 (I-JSON), which the hashes of RFC 8785 ask for.

/** STAC items have about ten levels. Schemas and hashes descend by recursion, which a deeper value would exhaust. */
export const MAX_DEPTH = 100

/**
 * What makes a parsed value unfit to be hashed, in a few words, or null. `JSON.parse` itself takes half a
 * surrogate pair for text, and 1e999 for infinity.
 */
export function jsonFault(value: unknown): string | null {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`
    for (const inner of level) {
      const fault = scalarFault(inner)
      if (fault !== null) return fault
    }
    level = level.flatMap(membersOf)
  }
  return null
}

function scalarFault(value: unknown): string | null {
  if (typeof value === 'string' && !value.isWellFormed()) return 'has text that is not Unicode'
  if (typeof value === 'number' && !Number.isFinite(value)) return 'has a number that is too large'
  return null
}

function membersOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? Object.entries(value).flat() : []
}
