// Which numbers of a quality band set a pixel aside.

export interface MaskField {
  /** Lowest bit. */
  readonly offset: number
  /** Number of bits. */
  readonly length: number
  /** Numbers of the field that mask. */
  readonly values: readonly number[]
}

export interface MaskRules {
  /** Set bits of which any one masks. */
  readonly bits: number
  /** Fields of several bits. */
  readonly fields: readonly MaskField[]
  /** Whole numbers that mask. */
  readonly values: readonly number[]
  /** Whole numbers that mean a saturated detector. */
  readonly saturated: readonly number[]
}
