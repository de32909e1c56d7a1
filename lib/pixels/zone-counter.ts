// The numbers of one zone, from its values in row order: the same bits whatever other zones are counted beside it.

import { freeMemory } from '../async/free-memory.ts'
import type { ZoneNumbers } from '../model/zones.ts'
import { type CellMoments, measureCell, mergeCells } from './cell-moments.ts'
import { countEvenly, quantiles } from './quantiles.ts'
import { EXACT_LIMIT, PERCENTILES, plain } from './statistics.ts'
import { binnedQuantile, emptyFine, fineBin } from './value-bins.ts'

/** Values whose moments are taken together, in the order in which they come. */
const CHUNK = 256 * 1024
const nothing: CellMoments = { count: 0, mean: 0, m2: 0, minimum: 0, maximum: 0 }

export class ZoneCounter {
  /** From the first value, or from the last chunk on once there are more than EXACT_LIMIT. */
  #values: Float64Array
  #held = 0
  #summed = 0
  #count = 0
  #moments = nothing
  #fine: Uint32Array | null = null

  /** @param most values that it will be given */
  constructor(most: number) {
    this.#values = new Float64Array(Math.min(EXACT_LIMIT + CHUNK, most))
  }

  /** Takes values from one place up to another; NaN does not count. */
  add(values: Float64Array, from: number, to: number): void {
    for (let start = from; start < to; ) {
      const end = Math.min(to, start + this.#summed + CHUNK - this.#held)
      const held = append(values, start, end, this.#values, this.#held)
      this.#count += held - this.#held
      this.#held = held
      if (held - this.#summed === CHUNK) this.#sum()
      start = end
    }
  }

  #sum(): void {
    const chunk = this.#values.subarray(this.#summed, this.#held)
    const summary = measureCell(
      { values: chunk, width: chunk.length, rows: 1, from: 0, to: chunk.length },
      null,
    )
    this.#moments = mergeCells(this.#moments, summary)
    this.#summed = this.#held
    if (this.#fine === null && this.#count <= EXACT_LIMIT) return
    const fine = this.#fine ?? emptyFine()
    countInto(fine, this.#values.subarray(0, this.#held))
    this.#fine = fine
    freeMemory(this.#values.buffer)
    this.#values = new Float64Array(CHUNK)
    this.#held = 0
    this.#summed = 0
  }

  /**
   * To be called once: the values are gone then.
   *
   * @param total pixels of the zone, those outside of the scene too
   */
  finish(total: number): ZoneNumbers {
    if (this.#held > this.#summed) this.#sum()
    const { count, mean, m2, minimum, maximum } = this.#moments
    const isEmpty = count === 0
    const [p2 = null, p25 = null, p50 = null, p75 = null, p98 = null] = isEmpty
      ? []
      : this.#quantiles(PERCENTILES.map((percent) => percent / 100)).map(plain)
    freeMemory(this.#values.buffer)
    return {
      valid_count: count,
      total_count: total,
      mean: isEmpty ? null : plain(mean),
      stddev: isEmpty ? null : Math.sqrt(m2 / count),
      minimum: isEmpty ? null : plain(minimum),
      maximum: isEmpty ? null : plain(maximum),
      p2,
      p25,
      median: p50,
      p75,
      p98,
    }
  }

  #quantiles(shares: readonly number[]): number[] {
    if (this.#fine !== null) {
      const fine = this.#fine
      return shares.map((share) => binnedQuantile(fine, this.#count, share))
    }
    const values = this.#values.subarray(0, this.#held)
    const { minimum, maximum } = this.#moments
    return quantiles(values, countEvenly(values, minimum, maximum), shares)
  }
}

/** @returns how many values there are then, NaN left out */
function append(
  values: Float64Array,
  from: number,
  to: number,
  into: Float64Array,
  held: number,
): number {
  let at = held
  for (let i = from; i < to; i++) {
    const value = values[i]!
    if (value === value) into[at++] = value
  }
  return at
}

function countInto(fine: Uint32Array, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    const bin = fineBin(values[i]!)
    fine[bin] = fine[bin]! + 1
  }
}
