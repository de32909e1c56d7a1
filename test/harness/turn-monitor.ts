// Measures how long this thread works without giving the event loop a turn, in its own CPU time: other processes do
// not count, and what the collection of garbage takes, which falls into whatever turn comes, is told apart.

import { PerformanceObserver, performance } from 'node:perf_hooks'

interface Stretch {
  /** Milliseconds of the process's clock. */
  readonly from: number
  readonly to: number
  /** Milliseconds of this thread's CPU time. */
  readonly cpu: number
}

/** Stretches that are kept: the longest without garbage is among the longest with it. */
const KEPT = 50

export interface Measured<T> {
  readonly value: T
  /** Of this thread's CPU time, without the collection of garbage. */
  readonly milliseconds: number
  /** With it. */
  readonly withGarbage: number
}

/** The longest stretches of this thread's CPU time between two turns of the event loop while the task runs. */
export async function longestTurn<T>(task: () => Promise<T>): Promise<Measured<T>> {
  const collections: Pick<Stretch, 'from' | 'to'>[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { startTime: from, duration } of list.getEntries()) {
      collections.push({ from, to: from + duration })
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  let stretches: Stretch[] = []
  let running = true
  let last = { wall: performance.now(), cpu: threadTime() }
  const look = () => {
    const now = { wall: performance.now(), cpu: threadTime() }
    stretches.push({ from: last.wall, to: now.wall, cpu: now.cpu - last.cpu })
    if (stretches.length > 2 * KEPT) stretches = longestOf(stretches)
    last = now
    if (running) setImmediate(look)
  }
  setImmediate(look)
  try {
    const value = await task()
    look()
    running = false
    // The observer is told of collections some turns later.
    for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve))
    collections.sort((one, other) => one.from - other.from)
    // While garbage is collected the thread has as much of a CPU as at other times.
    const own = stretches.map(
      (each) => each.cpu * (1 - collectedIn(each, collections) / (each.to - each.from || 1)),
    )
    return {
      value,
      milliseconds: Math.max(0, ...own),
      withGarbage: Math.max(0, ...stretches.map(({ cpu }) => cpu)),
    }
  } finally {
    running = false
    observer.disconnect()
  }
}

function threadTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function longestOf(stretches: readonly Stretch[]): Stretch[] {
  return stretches.toSorted((one, other) => other.cpu - one.cpu).slice(0, KEPT)
}

/**
 * Milliseconds of a stretch in which garbage was collected.
 *
 * @param collections in the order in which they began; one may have another within
 */
function collectedIn({ from, to }: Stretch, collections: readonly Pick<Stretch, 'from' | 'to'>[]) {
  let sum = 0
  let end = from
  for (const each of collections) {
    const begin = Math.max(end, each.from)
    end = Math.max(end, Math.min(to, each.to))
    sum += Math.max(0, end - begin)
  }
  return sum
}
