// How raw numbers become reflectance.

export const scaleModes = ['auto', 'stac', 'l2sr', 'l1toa', 'none'] as const
export type ScaleMode = (typeof scaleModes)[number]

/** reflectance = number * scale + offset */
export interface LinearScale {
  readonly scale: number
  readonly offset: number
}

/** Rules of docs/numbers.md#n5. */
export const appliedRules = ['stac', 'l2sr', 'l1toa', 'hls', 's2', 'ga', 'none'] as const

export interface Radiometry {
  /** The rule that fired. */
  readonly applied: (typeof appliedRules)[number]
  readonly red: LinearScale
  readonly nir: LinearScale
  /** One sentence: what in the item made this rule fire. */
  readonly reason: string
}

/** What is known of the scale before a file is opened. */
export interface RadiometryRule extends Radiometry {
  /** The numbers that the scale is for: floats of a product that scales integers hold reflectance already. */
  readonly when: 'always' | 'integers'
}
