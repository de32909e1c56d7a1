// Floats of 16 and 24 bits, which TIFF knows and typed arrays do not.

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
export function float16(half: number): number {
  return smallFloat(half >>> 15, (half >>> 10) & 0x1f, half & 0x3ff, {
    exponents: 31,
    bias: 15,
    digits: 10,
  })
}

/** Adobe's 24-bit float (Photoshop TIFF Technical Note 3): sign, 7 bits of exponent, 16 of fraction. */
export function float24(bits: number): number {
  return smallFloat(bits >>> 23, (bits >>> 16) & 0x7f, bits & 0xffff, {
    exponents: 127,
    bias: 63,
    digits: 16,
  })
}

interface SmallFloat {
  /** The exponent of infinities and NaN. */
  readonly exponents: number
  readonly bias: number
  /** Bits of the fraction. */
  readonly digits: number
}

function smallFloat(
  sign: number,
  exponent: number,
  fraction: number,
  { exponents, bias, digits }: SmallFloat,
): number {
  const factor = sign === 0 ? 1 : -1
  if (exponent === exponents) return fraction === 0 ? factor * Infinity : Number.NaN
  if (exponent === 0) return factor * fraction * 2 ** (1 - bias - digits)
  return factor * (2 ** digits + fraction) * 2 ** (exponent - bias - digits)
}
