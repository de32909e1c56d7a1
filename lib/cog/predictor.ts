// TIFF's predictors undone: samples that stand in the file as differences to the one on their left.

import { byteAligned, rowBytes, type SampleLayout } from './samples.ts'

/** TIFF tag 317. */
export const NO_PREDICTOR = 1
const HORIZONTAL = 2
export const FLOATING_POINT = 3

/** Bits of samples that each predictor is defined for, as in libtiff. */
const predicted: ReadonlyMap<number, readonly number[]> = new Map([
  [HORIZONTAL, [8, 16, 32, 64]],
  [FLOATING_POINT, [16, 24, 32, 64]],
])

/** Why a predictor cannot be undone on samples, or null. */
export function predictorFault(
  predictor: number,
  { kind, bits }: SampleLayout['format'],
): string | null {
  if (predictor === NO_PREDICTOR) return null
  const known = predicted.get(predictor)
  if (known === undefined) return `predictor ${predictor} is not known`
  if (!known.includes(bits))
    return `predictor ${predictor} is not defined for samples of ${bits} bits`
  return predictor === FLOATING_POINT && kind !== 'float'
    ? 'predictor 3 is defined for floats only'
    : null
}

/**
 * Undoes a predictor row by row, giving way between some of them.
 *
 * @param plain whole rows, multi-byte samples little-endian unless the predictor is floating point; written over
 * @returns the same bytes, little-endian, or a copy of them
 */
export function* undoPredictor(
  plain: Uint8Array<ArrayBuffer>,
  predictor: number,
  layout: Omit<SampleLayout, 'band'>,
): Generator<undefined, Uint8Array<ArrayBuffer>, undefined> {
  if (predictor === NO_PREDICTOR) return plain
  const bytes = byteAligned(plain, predictor === HORIZONTAL ? layout.format.bits / 8 : 1)
  const length = rowBytes(layout)
  const undo = predictor === HORIZONTAL ? accumulator(bytes, layout) : significance(bytes, layout)
  let next = STEP
  for (let end = length; end <= bytes.length; end += length) {
    undo(end - length, end)
    if (end < next) continue
    next = end + STEP
    yield
  }
  return bytes
}

/** Bytes between which a computation may give way. */
const STEP = 256 * 1024

type UndoRow = (start: number, end: number) => void

/** Predictor 2: each sample is the sum of the differences before it, with the wrap of its type. */
function accumulator(
  bytes: Uint8Array<ArrayBuffer>,
  { format: { bits }, interleaved: stride }: Omit<SampleLayout, 'band'>,
): UndoRow {
  const { buffer, byteOffset } = bytes
  const count = Math.floor(bytes.length / (bits / 8))
  if (bits === 64) {
    const samples = new BigUint64Array(buffer, byteOffset, count)
    return (start, end) => {
      for (let i = start / 8 + stride; i < end / 8; i++) {
        samples[i] = samples[i]! + samples[i - stride]!
      }
    }
  }
  const size = bits / 8
  const samples =
    bits === 8
      ? bytes
      : bits === 16
        ? new Uint16Array(buffer, byteOffset, count)
        : new Uint32Array(buffer, byteOffset, count)
  if (stride > 1) {
    return (start, end) => {
      for (let i = start / size + stride; i < end / size; i++) {
        samples[i] = samples[i]! + samples[i - stride]!
      }
    }
  }
  // The sum stays in a register; an array of any of the three types keeps its lowest bits.
  return (start, end) => {
    let sum = 0
    for (let i = start / size; i < end / size; i++) {
      sum = (sum + samples[i]!) | 0
      samples[i] = sum
    }
  }
}

/**
 * Predictor 3 (Adobe Photoshop TIFF Technical Note 3): the bytes of a row as differences, the highest bytes of all
 * samples first.
 */
function significance(
  bytes: Uint8Array<ArrayBuffer>,
  { format: { bits }, width, interleaved: stride }: Omit<SampleLayout, 'band'>,
): UndoRow {
  const size = bits / 8
  const samples = width * stride
  const row = new Uint8Array(samples * size)
  return (start, end) => {
    for (let i = start + stride; i < end; i++) bytes[i] = bytes[i]! + bytes[i - stride]!
    row.set(bytes.subarray(start, end))
    for (let byte = 0; byte < size; byte++) {
      const from = (size - 1 - byte) * samples
      for (let i = 0, to = start + byte; i < samples; i++, to += size) bytes[to] = row[from + i]!
    }
  }
}
