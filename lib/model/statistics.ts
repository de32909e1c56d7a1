// The numbers of a result, as the reply carries them.

/** Pixels that do not count, each under the first reason that applies. */
export interface InvalidCounts {
  readonly fill: number
  readonly saturation: number
  readonly mask: number
  readonly denominator: number
}

/** Statistics of NDVI over the valid pixels; every number is null where there is none. */
export interface Statistics {
  readonly valid_count: number
  readonly total_count: number
  readonly valid_percent: number
  readonly invalid: InvalidCounts
  /** Pixels whose NDVI lay outside [-1, 1] and was set to the nearer end. They are valid. */
  readonly clipped_count: number
  readonly mean: number | null
  /** Population standard deviation. */
  readonly stddev: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly percentiles: Readonly<Record<'2' | '25' | '50' | '75' | '98', number | null>>
  /** 40 bins on [-1, 1]; 41 edges. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] }
}
