// Gateways that delegated routers name for a root: looked up once, when the configured ones are late, and remembered.

import type { Clock } from '../async/clock.ts'
import { blockKey, type Cid } from '../ipld/cid.ts'
import { remember } from './recent.ts'
import type { Router } from './router.ts'
import type { BlockSource } from './source.ts'

/** Hosts that are asked for one root. */
const MOST_PROVIDERS = 4
/** Providers come and go. */
const REMEMBERED_MS = 10 * 60_000

interface LookUp {
  readonly at: number
  readonly coming: Promise<readonly BlockSource[]>
}

export class Providers {
  readonly #routers: readonly Router[]
  readonly #open: (url: string) => BlockSource
  readonly #clock: Clock
  readonly #lookUps = new Map<string, LookUp>()
  /** What look-ups have found, by the root's key. */
  readonly #found = new Map<string, readonly BlockSource[]>()

  /** @param open makes the source of a stranger's gateway: the host policy holds for it */
  constructor(routers: readonly Router[], open: (url: string) => BlockSource, clock: Clock) {
    this.#routers = routers
    this.#open = open
    this.#clock = clock
  }

  /** What was found for a root before. */
  known(root: Cid): readonly BlockSource[] {
    return this.#found.get(blockKey(root)) ?? []
  }

  /** Asks the routers, unless that was done lately. */
  find(root: Cid): Promise<readonly BlockSource[]> {
    const key = blockKey(root)
    const before = this.#lookUps.get(key)
    const now = this.#clock.elapsed()
    if (before !== undefined && now - before.at < REMEMBERED_MS) return before.coming
    const coming = this.#ask(root).then((found) => {
      if (found.length > 0) remember(this.#found, key, found)
      else this.#found.delete(key)
      return found
    })
    remember(this.#lookUps, key, { at: now, coming })
    return coming
  }

  /** Names of the routers, for who has to say that they were asked. */
  get names(): readonly string[] {
    return this.#routers.map(({ name }) => name)
  }

  async #ask(root: Cid): Promise<readonly BlockSource[]> {
    const answers = this.#routers.map((router) => router.providers(root, MOST_PROVIDERS))
    const urls = new Set((await Promise.all(answers)).flat())
    return [...urls].slice(0, MOST_PROVIDERS).map((url) => this.#open(url))
  }
}
