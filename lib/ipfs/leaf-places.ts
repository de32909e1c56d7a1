// Where the leaves of a file lie, by the sizes that its verified parents name: what a plain copy of it has to be
// asked for.

import { type Cid, nodeKey } from '../ipld/cid.ts'

export interface LeafPlace {
  readonly offset: number
  readonly length: number
}

/** Where the leaf of a CID lies; null when it is not a leaf, or not known to be one. */
export type PlaceOf = (cid: Cid) => LeafPlace | 'whole file' | null

/** Fills up while the DAG is walked. */
export class LeafPlaces {
  readonly #places = new Map<string, LeafPlace>()
  readonly #root: Cid
  #isOpen = false

  constructor(root: Cid) {
    this.#root = root
  }

  /** The root was read: if it has leaves, they are noted one by one. */
  open(): void {
    this.#isOpen = true
  }

  note(key: string, place: LeafPlace): void {
    this.#places.set(key, place)
  }

  of(cid: Cid): ReturnType<PlaceOf> {
    if (!this.#isOpen) return cid.equals(this.#root) ? 'whole file' : null
    return this.#places.get(nodeKey(cid)) ?? null
  }
}
