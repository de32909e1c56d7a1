// What a computation answers with: numbers, content ids and the proof. Addresses (hrefs) are added by lib/http.

import type { Bbox, Grid } from './grid.ts'
import type { JsonObject } from './json.ts'
import type { Radiometry } from './radiometry.ts'
import type { ResolvedName, TransportSource, Trust } from './scene.ts'
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

/** How a file compares with the checksum that its producer published in the item. */
export type ProducerChecksum =
  | {
      readonly status: 'verified' | 'mismatch'
      /** Of the checksum; absent in records of 0.1. */
      readonly algorithm?: 'sha2-256' | 'sha2-512'
    }
  | {
      /** Parts of the file were not read, or its checksum is of a kind that is not computed here. */
      readonly status: 'not_read' | 'unsupported'
      readonly reason: string
    }
  /** The item gives none. */
  | { readonly status: 'absent' }

/** Who made a checksum: the producer of the data, or the catalogue, of the copy that it made itself. */
export interface ChecksumAuthor {
  readonly whose: 'producer' | 'catalogue'
  /** One clause, for readers. */
  readonly by: string
}

/** What a checksum says, and whose it is where that is known. */
export type AuthoredChecksum = ProducerChecksum & Partial<ChecksumAuthor>

/** Why a checksum was not compared. */
export const checksumReasons = {
  not_read: 'only parts of the file were read',
  unsupported: 'its file:checksum is not a sha2-256 or sha2-512 multihash',
  known: 'the result was known, and no file was read for this answer',
} as const

/** What reading one band cost, and who served it. */
export interface BandProof {
  /** How the bytes are known to be the band's own: computed for each caller. */
  readonly trust: Trust
  /** null where the band was read over TLS alone. */
  readonly cid: string | null
  /** What was read instead, unverified. */
  readonly transport?: TransportSource
  /** Bytes in the whole file. */
  readonly size: number
  /** Verified block bytes that this band's reading needed; of `transport`, bytes that came over the line. */
  readonly bytes_read: number
  readonly blocks: number
  /** Requests that left this process. */
  readonly requests: number
  /** Blocks by the source that served them; of a known result `copies` are those of plain copies, wherever they lay. */
  readonly sources: Readonly<Record<string, number>>
  readonly producer_checksum: AuthoredChecksum
}

/** What a service did with an upload that it took. */
export type Receipt =
  /** The service was seen to have the bytes. */
  | { readonly status: 'held'; readonly href?: string }
  /** It fetches them itself, by the request with this id. */
  | { readonly status: 'queued'; readonly request: string; readonly reason: string }
  /** It took them, and does not show that it has them. */
  | { readonly status: 'unproven'; readonly href?: string; readonly reason: string }

/** What became of a result at one publishing service. */
export type Publication = { readonly service: string } & (
  | (Receipt & { readonly cid: string })
  | { readonly status: 'failed'; readonly reason: string }
)

/** A gateway of another operator that gave out the root and a leaf of every file. */
export interface Retrieval {
  /** Host name. */
  readonly operator: string
  /** When it last did: RFC 3339, UTC. */
  readonly at: string
}

/** One that did not, when it was asked last. */
export interface Miss extends Retrieval {
  readonly reason: string
}

/** What is known of a root. */
export interface PublicationRecord {
  readonly publications: readonly Publication[]
  readonly retrievable: readonly Retrieval[]
  readonly missing: readonly Miss[]
}

/** What every result has: a directory of files, and the scene that they were made of. */
export interface PublishableResult {
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
  readonly root: string
  readonly assets: Readonly<Record<string, ResultAsset>>
  readonly publications: readonly Publication[]
  readonly warnings: readonly string[]
}

/**
 * What a record keeps so that the result is told to any caller as it is true for that caller's own item; replies do not
 * have it.
 */
export interface ResultFacts {
  /** Of the files and the grid, whichever item names them. */
  readonly warnings: readonly string[]
  /** The ground of the whole raster, degrees. */
  readonly ground: { readonly bbox: Bbox; readonly geometry: JsonObject }
  /** Checksums that files were compared with, by band. */
  readonly compared: Readonly<
    Record<string, { readonly checksum: string; readonly found: ProducerChecksum }>
  >
}

/** The numbers of a scene, of which nothing is kept. */
export type NdviStatistics = Omit<
  NdviResult,
  'root' | 'assets' | 'publications' | 'layer' | 'facts'
>

/** Where a layer lies that is not drawn on the grid pixel for pixel. */
export interface LayerPlace extends Pick<Grid, 'crs' | 'transform' | 'shape'> {
  /** Left, bottom, right, top in its CRS. */
  readonly bounds: Bbox
  /** The same edges in degrees, of a layer on EPSG:3857; east > 180 goes on past the antimeridian. */
  readonly bbox?: Bbox
}

export interface NdviResult extends PublishableResult {
  /** Of a result as it is kept; absent in records of 0.2 and in replies. */
  readonly facts?: ResultFacts
  readonly statistics: Statistics
  readonly grid: Grid
  /** Of a layer with a grid of its own. */
  readonly layer?: LayerPlace
  /** Absent in records of 0.1. */
  readonly area?: {
    /** Share of the asked area that lies on the scene; 100 where the whole scene was asked for. */
    readonly covered_percent: number
  }
  readonly radiometry: Radiometry
  readonly mask: readonly string[]
  readonly proof: {
    readonly software: string
    /** The least of all bands. */
    readonly trust: Trust
    readonly bands: Readonly<Record<string, BandProof>>
    /** IPNS names that were resolved for this request. */
    readonly names?: readonly ResolvedName[]
  }
}

/** The file of a result that lists what was read of its inputs without being checked; others have none. */
export const UNCHECKED_READS = 'transport.json'
