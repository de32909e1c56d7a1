// What a computation answers with: numbers, content ids and the proof. Addresses (hrefs) are added by lib/http.

import type { Grid } from './grid.ts'
import type { Radiometry } from './radiometry.ts'
import type { Statistics } from './statistics.ts'

/** One file of the published directory. */
export interface ResultAsset {
  /** Name in the directory: `figure.png`, `item.json`. */
  readonly file: string
  readonly cid: string
  readonly type: string
  /** Bytes. */
  readonly size: number
}

/** What reading one band cost, and who served it. */
export interface BandProof {
  readonly cid: string
  /** Bytes in the whole file. */
  readonly size: number
  /** Verified block bytes that this band's reading needed. */
  readonly bytes_read: number
  readonly blocks: number
  /** Requests that left this process. */
  readonly requests: number
  /** Blocks by the source that served them. */
  readonly sources: Readonly<Record<string, number>>
  readonly producer_checksum: string
}

/** The fate of one publisher. `held` only by evidence that the service has the bytes. */
export interface Publication {
  readonly service: string
  readonly ok: boolean
  readonly held: boolean
  readonly cid?: string
  readonly href?: string
  /** Why it failed, or why it is not known to be held. */
  readonly reason?: string
}

export interface NdviResult {
  readonly id: string
  readonly cached: boolean
  readonly item: {
    readonly id: string
    readonly collection: string | null
    readonly datetime: string | null
    readonly href: string | null
    /** Why this item: given by the caller, or how it won the search. */
    readonly chosen: string
  }
  readonly statistics: Statistics
  readonly grid: Grid
  readonly radiometry: Radiometry
  readonly mask: readonly string[]
  readonly root: string
  readonly assets: Readonly<Record<string, ResultAsset>>
  readonly publications: readonly Publication[]
  readonly proof: {
    readonly software: string
    readonly bands: Readonly<Record<string, BandProof>>
  }
  readonly warnings: readonly string[]
}
