// LZW and PackBits of TIFF tiles, never past the end of a tile: damaged or hostile bytes must not fill the memory.

const CLEAR = 256
const END = 257
const CODES = 4096

/** Bytes, packed and unpacked, between which a computation may give way. */
const STEP = 64 * 1024
const UNPACKED_STEP = 1024 * 1024

type Unpacking = Generator<undefined, Uint8Array<ArrayBuffer>, undefined>

/**
 * TIFF 6.0, section 13.
 *
 * @param most bytes of a whole tile; what would come after them is not unpacked
 * @throws {RangeError} for codes without a meaning, and for the codes of before TIFF 5.0 (lowest bit first)
 */
export function* unpackLzw(packed: Uint8Array, most: number): Unpacking {
  if (packed[0] === 0 && ((packed[1] ?? 0) & 1) === 1) {
    throw new RangeError('LZW of before TIFF 5.0, lowest bit first, is not read')
  }
  const out = new Uint8Array(most)
  // Every string is written before it gets a code, so it is a stretch of the output.
  const starts = new Uint32Array(CODES)
  const lengths = new Uint16Array(CODES)
  let codes = END + 1
  let lastStart = 0
  let lastLength = 0
  let end = 0
  let held = 0
  let bits = 0
  let next = STEP
  let nextEnd = UNPACKED_STEP
  for (let at = 0; at < packed.length; at++) {
    if (at >= next || end >= nextEnd) {
      next = at + STEP
      nextEnd = end + UNPACKED_STEP
      yield
    }
    held = ((held << 8) | packed[at]!) & 0xfffff
    bits += 8
    // Codes have 9 to 12 bits and grow one code early: once a bug, now the rule.
    const width = Math.min(12, 32 - Math.clz32(codes + 1))
    if (bits < width) continue
    bits -= width
    const code = (held >> bits) & ((1 << width) - 1)
    if (code === CLEAR) {
      codes = END + 1
      lastLength = 0
      continue
    }
    if (code === END || end === most) break
    if (lastLength > 0 && codes < CODES) {
      starts[codes] = lastStart
      lengths[codes] = lastLength + 1
      codes++
    }
    if (code >= codes) throw new RangeError(`LZW code ${code} has no meaning yet`)
    const start = end
    if (code < CLEAR) out[end++] = code
    else end = repeat(out, starts[code]!, lengths[code]!, end)
    lastStart = start
    lastLength = end - start
  }
  return out.subarray(0, end)
}

/** Byte by byte: a string may go on in what is being written of it. @returns the new end of what is written */
function repeat(out: Uint8Array, start: number, length: number, end: number): number {
  const stop = Math.min(end + length, out.length)
  for (let from = start, to = end; to < stop; from++, to++) out[to] = out[from]!
  return stop
}

/** TIFF 6.0, section 9. @param most as for LZW */
export function* unpackPackBits(packed: Uint8Array, most: number): Unpacking {
  const out = new Uint8Array(most)
  let end = 0
  let next = STEP
  for (let at = 0; at < packed.length && end < most; ) {
    if (at >= next) {
      next = at + STEP
      yield
    }
    const header = packed[at++]!
    if (header < 128) {
      const literal = packed.subarray(at, at + Math.min(header + 1, most - end))
      out.set(literal, end)
      end += literal.length
      at += header + 1
    } else if (header > 128) {
      const stop = Math.min(end + 257 - header, most)
      out.fill(packed[at++] ?? 0, end, stop)
      end = stop
    }
  }
  return out.subarray(0, end)
}
