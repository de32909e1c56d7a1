// What a quality band says about each pixel, by a table of all values that it can hold.

import type { Samples } from '../cog/samples.ts'
import type { MaskRules } from '../model/mask.ts'

/** Marks of a pixel, set before its values are read. */
export const CLEAR = 0
export const MASKED = 1
export const SATURATED = 2
export const OUTSIDE = 3
/** No observation, by a mask in the file of a band. */
export const FILL = 4

/** One mark for each value of a uint8 or uint16 band. */
export function qaTable({ bits, fields, values, saturated }: MaskRules): Uint8Array {
  const table = new Uint8Array(65_536)
  // Numbers of int16 are known by their bits.
  const masking = new Set(values.map((value) => value & 0xffff))
  for (let number = 0; number < table.length; number++) {
    const inField = fields.some((field) =>
      field.values.includes((number >>> field.offset) & (2 ** field.length - 1)),
    )
    if ((number & bits) !== 0 || inField || masking.has(number)) table[number] = MASKED
    else if (saturated.includes(number)) table[number] = SATURATED
  }
  return table
}

/**
 * Writes the marks of rows into `marks` where nothing is marked yet.
 *
 * @param qa samples of the quality band at each pixel, as many as `marks`
 */
export function markQa(qa: Samples, table: Uint8Array, marks: Uint8Array): void {
  for (let i = 0; i < marks.length; i++) {
    if (marks[i] === CLEAR) marks[i] = table[qa[i]! & 0xffff]!
  }
}
