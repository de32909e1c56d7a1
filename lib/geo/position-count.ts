// How many positions a JSON value has, wherever in it they are: a geometry, or conditions that have geometries in them.

/** Whether it has more than so many positions: counted no further than that. */
export function hasMorePositions(value: unknown, most: number): boolean {
  const waiting = [value]
  let seen = 0
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null) continue
    if (Array.isArray(next)) {
      // A position, or a list that holds nothing: each counts, whatever it is.
      seen += typeof next[0] === 'object' && next[0] !== null ? 0 : 1
      if (seen > most || next.length > most) return true
      if (typeof next[0] === 'number') continue
    }
    for (const inner of Object.values(next)) waiting.push(inner)
  }
  return false
}
