// Which scenes are one observation: those that one platform took on a day, or in one pass that goes over midnight.

import { ONE_PASS_MS } from './same-acquisition.ts'

/** When and by what a scene was taken. */
export interface Taken {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly platform: string | number
}

/**
 * Days are those of UTC, and over eastern Australia a satellite that passes at half past ten in the morning does so
 * around their midnight: scenes that follow each other by minutes are of one pass, whatever their dates.
 *
 * @param scenes in order of time
 * @returns those of each observation, in the same order
 */
export function byObservation<T>(scenes: readonly T[], takenOf: (scene: T) => Taken): T[][] {
  interface Observation {
    readonly day: number
    readonly scenes: T[]
    last: number
  }
  const observations: Observation[] = []
  const latest = new Map<Taken['platform'], Observation>()
  for (const scene of scenes) {
    const { time, platform } = takenOf(scene)
    const day = Math.floor(time / DAY_MS)
    const before = latest.get(platform)
    if (before !== undefined && (before.day === day || time - before.last <= ONE_PASS_MS)) {
      before.scenes.push(scene)
      before.last = time
      continue
    }
    const next = { day, scenes: [scene], last: time }
    latest.set(platform, next)
    observations.push(next)
  }
  return observations.map(({ scenes: same }) => same)
}

const DAY_MS = 24 * 3_600_000
