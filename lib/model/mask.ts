// Which numbers of a quality band set a pixel aside.

export interface MaskRules {
  /** Set bits of which any one masks. */
  readonly bits: number
  /** Whole numbers that mask. */
  readonly values: readonly number[]
  /** Whole numbers that mean a saturated detector. */
  readonly saturated: readonly number[]
}
