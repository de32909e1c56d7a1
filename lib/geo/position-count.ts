// How many positions a JSON value has, wherever in it they are: a geometry, or conditions that have geometries in them.

/** Of an area that is asked for, of what a search looks for, and of an item's outline: all of these are compared. */
export const MOST_POSITIONS = 10_000
export const tooManyPositions = `must have at most ${MOST_POSITIONS} positions; simplify it`

/** Counted no further than the most. */
export function hasFewPositions(value: unknown): boolean {
  const waiting = [value]
  let seen = 0
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null) continue
    if (Array.isArray(next)) {
      // A position, or a list that holds nothing: each counts, whatever it is.
      seen += typeof next[0] === 'object' && next[0] !== null ? 0 : 1
      if (seen > MOST_POSITIONS || next.length > MOST_POSITIONS) return false
      if (typeof next[0] === 'number') continue
    }
    for (const inner of Object.values(next)) waiting.push(inner)
  }
  return true
}

/** Whether it has any: tools write a geometry of none where they mean that there is no geometry. */
export function hasPosition(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value) && typeof value[0] === 'number') return true
  return Object.values(value).some(hasPosition)
}
