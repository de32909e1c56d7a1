// How many positions a JSON value has, wherever in it they are: a geometry, or conditions that have geometries in them.

/** Whether it has more than `most` lists that begin with a number; looks no further once it has. */
export function hasMorePositions(value: unknown, most: number): boolean {
  let count = 0
  const open: unknown[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    if (Array.isArray(next) && typeof next[0] === 'number') {
      if (++count > most) return true
      continue
    }
    for (const inner of Object.values(next))
      if (typeof inner === 'object' && inner !== null) open.push(inner)
  }
  return false
}
