// Which sources have a file, by what they served of it: those are asked for the rest, and others tried one block each.

import { blockKey, type Cid } from '../ipld/cid.ts'
import { remember } from './recent.ts'
import type { SourceHealth } from './source-health.ts'

interface Known {
  readonly servers: Set<SourceHealth>
  /** Asked for one block beside a server, whatever came of it. */
  readonly tried: Set<SourceHealth>
}

/** Of the files that were read last. */
export class RootServers {
  readonly #roots = new Map<string, Known>()

  /** Has a block of the file. */
  note(root: Cid, health: SourceHealth): void {
    const known = this.#of(root)
    known.servers.add(health)
    remember(this.#roots, blockKey(root), known)
  }

  /** Those that are well, too; a source that failed since is one among others. */
  has(root: Cid, health: SourceHealth): boolean {
    return health.score.inGoodStanding && this.#of(root).servers.has(health)
  }

  /** Takes the one try that a source gets which may have the file; false where there is none to take. */
  takeTry(root: Cid, health: SourceHealth): boolean {
    const { servers, tried } = this.#of(root)
    if (health.isFull || !health.score.inGoodStanding) return false
    if (servers.has(health) || tried.has(health)) return false
    tried.add(health)
    return true
  }

  #of(root: Cid): Known {
    const key = blockKey(root)
    const known = this.#roots.get(key) ?? { servers: new Set(), tried: new Set() }
    if (!this.#roots.has(key)) remember(this.#roots, key, known)
    return known
  }
}
