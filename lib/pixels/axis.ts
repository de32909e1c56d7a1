// Rows or columns of a level that a grid takes, told by arithmetic: a grid may have a hundred million of them.

/** The positions of a grid's rows (columns) on a level. */
export interface Axis {
  readonly length: number
  /** Those from the `from`th up to the `to`th, ascending. */
  slice(from: number, to: number): Int32Array
}

/** The middle one of every `step`: output i is source `min(i*k + floor(k/2), n-1)`. */
export function axisOf(first: number, size: number, step: number): Axis {
  const middle = Math.floor(step / 2)
  const length = Math.ceil(size / step)
  return {
    length,
    slice(from, to) {
      const positions = new Int32Array(Math.min(to, length) - from)
      for (let i = 0; i < positions.length; i++) {
        positions[i] = first + Math.min((from + i) * step + middle, size - 1)
      }
      return positions
    },
  }
}

/** All positions at once, of an axis that is known to be short. */
export function wholeAxis(axis: Axis): Int32Array {
  return axis.slice(0, axis.length)
}
