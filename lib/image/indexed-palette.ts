// A ramp as the palette of a PNG: one entry for "no value", which leaves 255 for its 256 colours.

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
 * Two neighbours of the ramp share one entry, with the colour of the first: the two that are most alike (least squared
 * distance in RGB, the first such pair). Five of the eleven ramps have equal neighbours and lose nothing; in the
 * others the two differ by one step in one channel or two.
 *
 * @param ramp 768 bytes
 */
export function indexPalette(ramp: Uint8Array): IndexedPalette {
  const merged = mostAlike(ramp)
  const colours = new Uint8Array(ENTRIES * 3)
  const entries = new Uint8Array(ENTRIES)
  colours.set(NO_VALUE)
  for (let index = 0; index < ENTRIES; index++) {
    const entry = index <= merged ? index + 1 : index
    entries[index] = entry
    if (index !== merged + 1) colours.set(ramp.subarray(index * 3, index * 3 + 3), entry * 3)
  }
  return { colours, entries }
}

/** The first index of the pair. */
function mostAlike(ramp: Uint8Array): number {
  let best = 0
  for (let index = 1; index < ENTRIES - 1; index++) {
    if (distance(ramp, index) < distance(ramp, best)) best = index
  }
  return best
}

/** From the colour at `index` to the next. */
function distance(ramp: Uint8Array, index: number): number {
  let sum = 0
  for (let channel = index * 3; channel < index * 3 + 3; channel++) {
    sum += (ramp[channel + 3]! - ramp[channel]!) ** 2
  }
  return sum
}
