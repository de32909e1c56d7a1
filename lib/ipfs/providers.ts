// Gateways that delegated routers name for a root: looked up once, when the configured ones are late, and remembered.

import type { Clock } from '../async/clock.ts'
import { blockKey, type Cid } from '../ipld/cid.ts'
import { remember } from '../model/remember.ts'
import type { Router } from './router.ts'
import type { BlockSource } from './source.ts'

/** Hosts that are asked for one root. */
const MOST_PROVIDERS = 4
/** Providers come and go. */
const REMEMBERED_MS = 10 * 60_000

/** A router that failed may be back. */
const REMEMBERED_FAILURE_MS = 30_000

/** What the routers came to for one root. */
export interface Found {
  readonly sources: readonly BlockSource[]
  /** One for each router that named nobody: why. */
  readonly lines: readonly string[]
}

interface LookUp {
  until: number
  readonly coming: Promise<Found>
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
  find(root: Cid): Promise<Found> {
    const key = blockKey(root)
    const before = this.#lookUps.get(key)
    const now = this.#clock.elapsed()
    if (before !== undefined && now < before.until) return before.coming
    const lookUp: LookUp = {
      until: now + REMEMBERED_MS,
      coming: this.#ask(root).then(({ sources, lines, hasFailed }) => {
        if (sources.length > 0) remember(this.#found, key, sources)
        else this.#found.delete(key)
        if (sources.length === 0 && hasFailed) lookUp.until = now + REMEMBERED_FAILURE_MS
        return { sources, lines }
      }),
    }
    remember(this.#lookUps, key, lookUp)
    return lookUp.coming
  }

  async #ask(root: Cid): Promise<Found & { readonly hasFailed: boolean }> {
    const answers = await Promise.all(
      this.#routers.map(async (router) => ({
        name: router.name,
        ...(await router.providers(root, MOST_PROVIDERS)),
      })),
    )
    const urls = new Set(answers.flatMap(({ gateways }) => gateways))
    return {
      sources: [...urls].slice(0, MOST_PROVIDERS).map((url) => this.#open(url)),
      lines: answers
        .filter(({ gateways }) => gateways.length === 0)
        .map(({ name, failure }) => `${name}: router, ${failure ?? 'names nobody who has it'}`),
      hasFailed: answers.some(({ failure }) => failure !== null),
    }
  }
}
