// How raw numbers become reflectance.

export const scaleModes = ['auto', 'stac', 'l2sr', 'l1toa', 'none'] as const
export type ScaleMode = (typeof scaleModes)[number]

/** reflectance = number * scale + offset */
export interface LinearScale {
  readonly scale: number
  readonly offset: number
}

export interface Radiometry {
  /** The rule that fired. */
  readonly applied: 'stac' | 'l2sr' | 'l1toa' | 'hls' | 's2' | 'none'
  readonly red: LinearScale
  readonly nir: LinearScale
  /** One sentence: what in the item made this rule fire. */
  readonly reason: string
}
