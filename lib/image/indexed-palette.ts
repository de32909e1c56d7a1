// A ramp in the palette of a PNG: what else has an entry there leaves it fewer than its 256 colours.

const ENTRIES = 256
/** Visible only in viewers without transparency: the grey of a figure's missing pixels. */
const NO_VALUE = [0xbd, 0xbd, 0xbd] as const

export interface IndexedPalette {
  /** Red green blue of 256 entries; entry 0 is for pixels without a value. */
  readonly colours: Uint8Array<ArrayBuffer>
  /** The entry of each index of the ramp, 1 to 255. */
  readonly entries: Uint8Array<ArrayBuffer>
}

/**
 * Two neighbours of the ramp share one entry (shareEntries). Five of the eleven ramps have equal neighbours and lose
 * nothing; in the others the two differ by one step in one channel or two.
 *
 * @param ramp 768 bytes
 */
export function indexPalette(ramp: Uint8Array): IndexedPalette {
  const shared = shareEntries(ramp, ENTRIES - 1)
  const colours = new Uint8Array(ENTRIES * 3)
  colours.set(NO_VALUE)
  colours.set(shared.colours, NO_VALUE.length)
  return { colours, entries: shared.entries.map((entry) => entry + 1) }
}

/** A ramp in fewer entries than it has colours. */
export interface SharedRamp {
  /** Red green blue of each entry. */
  readonly colours: Uint8Array<ArrayBuffer>
  /** The entry of each index of the ramp, from 0. */
  readonly entries: Uint8Array<ArrayBuffer>
}

/**
 * Pairs of neighbours share an entry, with the colour of the first: those that are most alike (least squared distance
 * in RGB, the first such pairs), and none of three, so that no index is more than one step from its own colour.
 *
 * @param ramp 768 bytes
 * @param count entries, from 192 to 256
 */
export function shareEntries(ramp: Uint8Array, count: number): SharedRamp {
  const shared = mostAlike(ramp, ENTRIES - count)
  const colours = new Uint8Array(count * 3)
  const entries = new Uint8Array(ENTRIES)
  let entry = -1
  for (let index = 0; index < ENTRIES; index++) {
    if (!shared.has(index - 1)) colours.set(ramp.subarray(index * 3, index * 3 + 3), ++entry * 3)
    entries[index] = entry
  }
  return { colours, entries }
}

/** The first indices of so many pairs. */
function mostAlike(ramp: Uint8Array, pairs: number): ReadonlySet<number> {
  const firsts = Array.from({ length: ENTRIES - 1 }, (_, index) => index)
  const chosen = new Set<number>()
  for (const index of firsts.toSorted(
    (one, other) => distance(ramp, one) - distance(ramp, other),
  )) {
    if (chosen.size === pairs) break
    if (!chosen.has(index - 1) && !chosen.has(index + 1)) chosen.add(index)
  }
  return chosen
}

/** From the colour at `index` to the next. */
function distance(ramp: Uint8Array, index: number): number {
  let sum = 0
  for (let channel = index * 3; channel < index * 3 + 3; channel++) {
    sum += (ramp[channel + 3]! - ramp[channel]!) ** 2
  }
  return sum
}
