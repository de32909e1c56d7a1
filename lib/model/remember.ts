// A memory of so many things: what was not used for the longest time is forgotten.

/** Enough for what a process hears of. */
const MOST_REMEMBERED = 1_000

/** Makes the entry the newest of the map. */
export function remember<T>(
  memory: Map<string, T>,
  key: string,
  value: T,
  most = MOST_REMEMBERED,
): void {
  memory.delete(key)
  memory.set(key, value)
  if (memory.size <= most) return
  const [oldest] = memory.keys()
  if (oldest !== undefined) memory.delete(oldest)
}
