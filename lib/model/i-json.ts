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
    const next: unknown[] = []
    for (const inner of level) {
      const isDeepest = depth === MAX_DEPTH && Object.keys(Object(inner)).length > 0
      if (isDeepest) return `is nested more than ${MAX_DEPTH} levels deep`
      const fault = scalarFault(inner) ?? addMembers(inner, next)
      if (fault !== null) return fault
    }
    level = next
  }
  return null
}

function scalarFault(value: unknown): string | null {
  if (typeof value === 'string' && !value.isWellFormed()) return NOT_UNICODE
  if (typeof value === 'number' && !Number.isFinite(value)) return 'has a number that is too large'
  return null
}

const NOT_UNICODE = 'has text that is not Unicode'

/** Members of a value that are to be looked into; a scalar is judged here, for most of a large value is scalars. */
function addMembers(value: unknown, next: unknown[]): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return addAll(value, next)
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed()) return NOT_UNICODE
    // Of no vocabulary, and lost by whoever copies an object in JavaScript: what was said with it would go unheard.
    if (key === '__proto__') return 'has an object with the name "__proto__"'
  }
  return addAll(Object.values(value), next)
}

function addAll(members: readonly unknown[], next: unknown[]): string | null {
  for (const member of members) {
    if (typeof member === 'object') {
      if (member !== null) next.push(member)
      continue
    }
    const fault = scalarFault(member)
    if (fault !== null) return fault
  }
  return null
}
