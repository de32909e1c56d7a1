// What drawing a tile of a map takes, used again for the next: as garbage it has V8 mark its whole heap over and over.

export interface MapMemory {
  readonly cols: Float64Array
  readonly rows: Float64Array
  readonly values: Float64Array
}

/** Bytes that wait for the next part. */
const MOST_KEPT = 48 * 1024 * 1024
const BYTES_OF_PIXEL = 3 * Float64Array.BYTES_PER_ELEMENT

const free = new Map<number, MapMemory[]>()
let kept = 0

/** For so many pixels, whatever stands in it; it is given back when nothing looks at it any more. */
export function takeMapMemory(pixels: number): MapMemory {
  const known = free.get(pixels)?.pop()
  if (known !== undefined) {
    kept -= pixels * BYTES_OF_PIXEL
    return known
  }
  return {
    cols: new Float64Array(pixels),
    rows: new Float64Array(pixels),
    values: new Float64Array(pixels),
  }
}

export function giveMapMemory(memory: MapMemory): void {
  const { length } = memory.values
  if (kept + length * BYTES_OF_PIXEL > MOST_KEPT) return
  kept += length * BYTES_OF_PIXEL
  const same = free.get(length)
  if (same === undefined) free.set(length, [memory])
  else same.push(memory)
}

/** Enough for the samples of a band under most tiles. */
const PIECE = 1024 * 1024
const MOST_PIECES = 32

const pieces: ArrayBuffer[] = []

/** For samples of so many bytes, whatever stands in it; undefined where that is more than is kept. */
export function takeSampleMemory(bytes: number): ArrayBuffer | undefined {
  return bytes > PIECE ? undefined : (pieces.pop() ?? new ArrayBuffer(PIECE))
}

export function giveSampleMemory(memory: ArrayBuffer | undefined): void {
  if (memory !== undefined && pieces.length < MOST_PIECES) pieces.push(memory)
}
