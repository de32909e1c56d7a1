// Gateways that delegated routers name for a root: looked up once, when the configured ones are late, and remembered.

import type { Clock } from '../async/clock.ts'
import { blockKey, type Cid } from '../ipld/cid.ts'
import type { Router } from './router.ts'
import type { BlockSource } from './source.ts'

/** Hosts that are asked for one root. */
const MOST_PROVIDERS = 4
const MOST_REMEMBERED = 1_000
/** Providers come and go. */
const REMEMBERED_MS = 10 * 60_000

interface LookUp {
  readonly at: number
  readonly coming: Promise<readonly BlockSource[]>
  /** Empty until it has come. */
  found: readonly BlockSource[]
}

export class Providers {
  readonly #routers: readonly Router[]
  readonly #open: (url: string) => BlockSource
  readonly #clock: Clock
  readonly #lookUps = new Map<string, LookUp>()

  /** @param open makes the source of a stranger's gateway: the host policy holds for it */
  constructor(routers: readonly Router[], open: (url: string) => BlockSource, clock: Clock) {
    this.#routers = routers
    this.#open = open
    this.#clock = clock
  }

  /** What was found for a root before. */
  known(root: Cid): readonly BlockSource[] {
    return this.#lookUps.get(blockKey(root))?.found ?? []
  }

  /** Asks the routers, unless that was done lately. */
  find(root: Cid): Promise<readonly BlockSource[]> {
    const key = blockKey(root)
    const before = this.#lookUps.get(key)
    const now = this.#clock.elapsed()
    if (before !== undefined && now - before.at < REMEMBERED_MS) return before.coming
    const lookUp: LookUp = { at: now, coming: this.#ask(root), found: before?.found ?? [] }
    void lookUp.coming.then((found) => {
      lookUp.found = found
    })
    this.#lookUps.delete(key)
    this.#lookUps.set(key, lookUp)
    if (this.#lookUps.size > MOST_REMEMBERED) {
      const [oldest] = this.#lookUps.keys()
      if (oldest !== undefined) this.#lookUps.delete(oldest)
    }
    return lookUp.coming
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
