// The samples of a tile: from the bits of TIFF's SampleFormat and BitsPerSample to typed arrays, one band of them.

import { GreenprintError } from '../errors.ts'
import { float16, float24 } from './small-floats.ts'

/** Over memory of one thread, or of several. */
export type Samples<Memory extends ArrayBufferLike = ArrayBufferLike> =
  | Uint8Array<Memory>
  | Int8Array<Memory>
  | Uint16Array<Memory>
  | Int16Array<Memory>
  | Uint32Array<Memory>
  | Int32Array<Memory>
  | Float32Array<Memory>
  | Float64Array<Memory>

export interface SampleFormat {
  readonly kind: 'uint' | 'int' | 'float'
  /** Bits of a sample in the file. */
  readonly bits: number
}

/** Bits that are read of each kind, by the type that GDAL and this reader give them. */
const dtypes: Readonly<Record<SampleFormat['kind'], (bits: number) => string | null>> = {
  uint: (bits) => {
    if (bits >= 1 && bits <= 32) return `uint${bits <= 8 ? 8 : bits <= 16 ? 16 : 32}`
    return bits === 64 ? 'uint64' : null
  },
  int: (bits) => ([8, 16, 32, 64].includes(bits) ? `int${bits}` : null),
  float: (bits) => ([16, 24, 32, 64].includes(bits) ? `float${bits === 64 ? 64 : 32}` : null),
}

/** TIFF tag 339 by its number; 4 is "undefined", which GDAL takes for whole numbers. */
const kinds: ReadonlyMap<number, SampleFormat['kind']> = new Map([
  [1, 'uint'],
  [2, 'int'],
  [3, 'float'],
  [4, 'uint'],
])

/** Formats of TIFF tag 339 that are not single real numbers. */
const others: ReadonlyMap<number, string> = new Map([
  [5, 'complex integers'],
  [6, 'complex numbers'],
])

/** @throws {GreenprintError} `raster_unusable` for samples that are not read */
export function sampleFormat(format: number, bits: number): SampleFormat {
  const kind = kinds.get(format)
  if (kind !== undefined && dtypes[kind](bits) !== null) return { kind, bits }
  const name =
    others.get(format) ?? (kind === undefined ? `samples of format ${format}` : `${kind} samples`)
  throw unusable(
    `It holds ${name} of ${bits} bits, which are not read: unsigned integers of 1 to 32 and 64 bits, signed ones of 8, 16, 32 and 64 and floats of 16, 24, 32 and 64 bits are.`,
  )
}

/** numpy's name of the type in which the samples are read. */
export function dtypeOf({ kind, bits }: SampleFormat): string {
  const dtype = dtypes[kind](bits)
  if (dtype === null) throw new RangeError(`${kind} samples of ${bits} bits are not read`)
  return dtype
}

/** Bytes of a sample in memory: 64-bit integers stand in doubles, see `decodeSamples`. */
export function bytesPerSample(format: SampleFormat): number {
  return samplesOver(new ArrayBuffer(0), format, 0, 0).BYTES_PER_ELEMENT
}

/** Samples of a format in memory that is there already. */
export function samplesOver<Memory extends ArrayBufferLike>(
  memory: Memory,
  format: SampleFormat,
  offset: number,
  length: number,
): Samples<Memory> {
  switch (dtypeOf(format)) {
    case 'uint8':
      return new Uint8Array(memory, offset, length)
    case 'int8':
      return new Int8Array(memory, offset, length)
    case 'uint16':
      return new Uint16Array(memory, offset, length)
    case 'int16':
      return new Int16Array(memory, offset, length)
    case 'uint32':
      return new Uint32Array(memory, offset, length)
    case 'int32':
      return new Int32Array(memory, offset, length)
    case 'float32':
      return new Float32Array(memory, offset, length)
    default:
      return new Float64Array(memory, offset, length)
  }
}

/** How the samples of a tile lie in its unpacked bytes. */
export interface SampleLayout {
  readonly format: SampleFormat
  /** Samples in a row of the tile, of one band. */
  readonly width: number
  /** Samples of a pixel that lie side by side: 1 where each band has its own plane. */
  readonly interleaved: number
  /** Of which the one that is read, from 0. */
  readonly band: number
}

/** Bytes of a row of a tile; rows begin at whole bytes. */
export function rowBytes({ format, width, interleaved }: Omit<SampleLayout, 'band'>): number {
  return Math.ceil((width * interleaved * format.bits) / 8)
}

/** Steps between which a computation may give way, in samples. */
const STEP = 64 * 1024

/**
 * One band of a tile.
 *
 * @param plain whole rows, multi-byte samples little-endian; may become the samples
 * @throws {GreenprintError} `raster_unusable` for 64-bit integers that a double does not hold
 */
export function* decodeSamples(
  plain: Uint8Array<ArrayBuffer>,
  layout: SampleLayout,
): Generator<undefined, Samples<ArrayBuffer>, undefined> {
  const { format, width, interleaved, band } = layout
  const rows = Math.floor(plain.length / rowBytes(layout))
  const whole = wholeBytes(format)
  if (interleaved === 1 && whole !== null) {
    const { buffer, byteOffset } = byteAligned(plain, bytesPerSample(format))
    return samplesOver(buffer, format, byteOffset, rows * width)
  }
  const room = new ArrayBuffer(rows * width * bytesPerSample(format))
  const out = samplesOver(room, format, 0, rows * width)
  const at = readerOf(plain, format)
  const rowBits = rowBytes(layout) * 8
  let next = STEP
  for (let row = 0, to = 0; row < rows; row++) {
    let bit = row * rowBits + band * format.bits
    for (let col = 0; col < width; col++, bit += interleaved * format.bits) out[to++] = at(bit)
    if (to < next) continue
    next = to + STEP
    yield
  }
  return out
}

/** The bytes of a sample where typed arrays have it as it is, else null. */
function wholeBytes({ kind, bits }: SampleFormat): number | null {
  const is64 = kind !== 'float' && bits === 64
  const plain = bits === 8 || bits === 16 || bits === 32 || bits === 64
  return is64 || !plain || (kind === 'float' && bits === 16) ? null : bits / 8
}

/** The same bytes where typed arrays of so many bytes an element can lie over them. */
export function byteAligned(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice()
}

/** Reads the sample that begins at a bit. */
function readerOf(plain: Uint8Array<ArrayBuffer>, format: SampleFormat): (bit: number) => number {
  const { kind, bits } = format
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  switch (`${kind}${bits}`) {
    case 'uint8':
      return (bit) => plain[bit >>> 3]!
    case 'int8':
      return (bit) => view.getInt8(bit / 8)
    case 'uint16':
      return (bit) => view.getUint16(bit / 8, true)
    case 'int16':
      return (bit) => view.getInt16(bit / 8, true)
    case 'uint32':
      return (bit) => view.getUint32(bit / 8, true)
    case 'int32':
      return (bit) => view.getInt32(bit / 8, true)
    case 'uint64':
      return (bit) => exactly(view.getBigUint64(bit / 8, true))
    case 'int64':
      return (bit) => exactly(view.getBigInt64(bit / 8, true))
    case 'float16':
      return (bit) => float16(view.getUint16(bit / 8, true))
    case 'float24':
      return (bit) => float24(view.getUint16(bit / 8, true) | (view.getUint8(bit / 8 + 2) << 16))
    case 'float32':
      return (bit) => view.getFloat32(bit / 8, true)
    case 'float64':
      return (bit) => view.getFloat64(bit / 8, true)
    default:
      return (bit) => packedBits(plain, bit, bits)
  }
}

/** An unsigned number of any bits, the highest first, whatever the byte order of the file. */
function packedBits(plain: Uint8Array, from: number, bits: number): number {
  let value = 0
  let at = Math.floor(from / 8)
  let skip = from % 8
  for (let left = bits; left > 0; ) {
    const taken = Math.min(left, 8 - skip)
    const part = ((plain[at++] ?? 0) >> (8 - skip - taken)) & ((1 << taken) - 1)
    value = value * 2 ** taken + part
    left -= taken
    skip = 0
  }
  return value
}

function exactly(value: bigint): number {
  const number = Number(value)
  if (BigInt(number) === value) return number
  throw unusable(
    `It holds the 64-bit integer ${value}, which a double does not hold exactly: up to 2^53 all are read.`,
  )
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
