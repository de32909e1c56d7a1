// Where the bytes of a result's bands could be had when it was made: what a stranger needs to check it.

/** By what the band is in the result. */
export interface BandSource {
  /** Key of the asset in the source item. */
  readonly asset: string
  readonly cid: string
  /** Under the CID; '' for the CID itself. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Addresses of plain copies, without what signs them. */
  readonly copies: readonly string[]
}

export interface ResultSources {
  readonly root: string
  readonly bands: Readonly<Record<string, BandSource>>
}
