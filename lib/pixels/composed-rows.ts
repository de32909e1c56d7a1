// Rows of a composite, and what each of their pixels is made of.

/** What a pixel is made of: nothing was observed, all of it was set aside, or the observation with its number. */
export const UNSEEN = 0
export const SET_ASIDE = 1
/** Of the first observation; of a median, which has no single one, the only mark of a value. */
export const FIRST = 2

/** Whole rows of the grid. */
export interface ComposedRows {
  readonly row: number
  readonly rows: number
  /** Row by row, NaN where no observation has a value. */
  readonly values: Float32Array<ArrayBuffer>
  readonly marks: Uint16Array<ArrayBuffer>
}
