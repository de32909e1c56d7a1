// A memory of bounded length: what was not used for the longest time is forgotten.

const MOST_REMEMBERED = 1_000

/** Makes the entry the newest of the map. */
export function remember<T>(memory: Map<string, T>, key: string, value: T): void {
  memory.delete(key)
  memory.set(key, value)
  if (memory.size <= MOST_REMEMBERED) return
  const [oldest] = memory.keys()
  if (oldest !== undefined) memory.delete(oldest)
}
