// What the page reads of the API's replies; the whole of them is in /openapi.json.

export type Trust = 'cid' | 'fingerprint' | 'transport'

export interface Problem {
  readonly status: number
  readonly code: string
  readonly title?: string
  readonly detail: string
  readonly details?: readonly string[]
  readonly job?: string
}

export interface Statistics {
  readonly valid_count: number
  readonly total_count: number
  readonly valid_percent: number
  readonly invalid: Readonly<Record<'fill' | 'saturation' | 'mask' | 'denominator', number>>
  readonly mean: number | null
  readonly stddev: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly percentiles: Readonly<Record<'2' | '25' | '50' | '75' | '98', number | null>>
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] }
}

export interface Checksum {
  readonly status: string
  readonly algorithm?: string
  readonly reason?: string
}

export interface BandProof {
  readonly trust: Trust
  readonly cid: string | null
  readonly size: number
  readonly bytes_read: number
  readonly blocks: number
  readonly requests: number
  readonly sources: Readonly<Record<string, number>>
  readonly producer_checksum: Checksum
}

export interface Asset {
  readonly cid: string
  readonly href: string
  readonly ipfs?: string
  readonly type: string
  readonly size: number
}

export interface Publication {
  readonly service: string
  readonly status: 'held' | 'queued' | 'unproven' | 'failed'
  readonly reason?: string
  readonly href?: string
}

export interface NdviReply {
  readonly id: string
  readonly cached: boolean
  readonly item: {
    readonly id: string
    readonly collection: string | null
    readonly datetime: string | null
    readonly href: string | null
  }
  readonly statistics: Statistics
  readonly grid: {
    readonly crs: string | null
    readonly shape: readonly [number, number]
    readonly level: number
  }
  readonly radiometry: { readonly applied: string; readonly reason: string }
  readonly mask: readonly string[]
  readonly root: { readonly cid: string; readonly href: string }
  readonly assets: Readonly<Record<string, Asset>>
  readonly publications: readonly Publication[]
  readonly proof: {
    readonly software: string
    readonly trust: Trust
    readonly bands: Readonly<Record<string, BandProof>>
  }
  readonly warnings: readonly string[]
}

export interface JobReply<Result> {
  readonly id: string
  readonly status: 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed'
  readonly progress: Progress | null
  readonly result?: Result
  readonly error?: Problem
}

export interface Progress {
  readonly step: string
  readonly share: number | null
  readonly bytes?: number
  readonly blocks?: number
  readonly sources?: Readonly<Record<string, number>>
}

export interface Health {
  readonly software: string
  readonly publishing: 'open' | 'by token' | 'off'
  readonly stac_api: string
}

/** https://github.com/mapbox/tilejson-spec/tree/master/3.0.0 */
export interface TileJson {
  readonly tiles: readonly string[]
  /** West, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number]
  /** Longitude, latitude, zoom. */
  readonly center: readonly [number, number, number]
  readonly minzoom: number
  readonly maxzoom: number
}
