// What the servers saw of one read: requests, bytes, and how many of them had to wait for each other.

export interface Asked {
  /** Milliseconds on the servers' clock. */
  readonly at: number
  /** When the first byte went out; null when none did. */
  answeredAt: number | null
  /** Of the body. */
  bytes: number
}

export interface Cost {
  readonly bytes: number
  readonly requests: number
  readonly roundTrips: number
}

export function costOf(log: readonly Asked[]): Cost {
  return {
    bytes: log.reduce((sum, { bytes }) => sum + bytes, 0),
    requests: log.length,
    roundTrips: longestChain(log),
  }
}

/**
 * The most requests of which each was made after the one before was answered: what the latency is multiplied
 * with. Exact where an answer takes longer than what happens between answers, so read it at 50 ms.
 */
export function longestChain(log: readonly Asked[]): number {
  const answered = log.flatMap(({ at, answeredAt }) =>
    answeredAt === null ? [] : [{ at, answeredAt }],
  )
  let chain = 0
  let free = Number.NEGATIVE_INFINITY
  // Of intervals, taking always the one that ends first gives the most that do not overlap.
  for (const { at, answeredAt } of answered.toSorted((a, b) => a.answeredAt - b.answeredAt)) {
    if (at < free) continue
    chain++
    free = answeredAt
  }
  return chain
}
