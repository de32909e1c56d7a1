// Which sources have a file, by what they served of it: those are asked for the rest, and others tried one block each.

import type { SourceHealth } from './source-health.ts'

/** Of one file. */
export class RootServers {
  readonly #served = new Set<SourceHealth>()
  /** Asked for one block beside a server, whatever came of it. */
  readonly #tried = new Set<SourceHealth>()

  /** Has a block of the file. */
  note(health: SourceHealth): void {
    this.#served.add(health)
  }

  /** Those that are well, too; a source that failed since is one among others. */
  has(health: SourceHealth): boolean {
    return health.score.inGoodStanding && this.#served.has(health)
  }

  /** Takes the one try that a source gets which may have the file; false where there is none to take. */
  takeTry(health: SourceHealth): boolean {
    if (health.isFull || !health.score.inGoodStanding) return false
    if (this.#served.has(health) || this.#tried.has(health)) return false
    this.#tried.add(health)
    return true
  }
}
