// The compressions of TIFF tiles: those that are unpacked here, never past the end of a tile, and those refused by
// name.

import { promisify } from 'node:util'
import { inflate, zstdDecompress } from 'node:zlib'
import { inTurns } from '../async/turns.ts'
import { GreenprintError } from '../errors.ts'
import { unpackLzw, unpackPackBits } from './unpack.ts'

/** A tile that unpacks to more than this is damage or an attack. */
export const MAX_TILE_BYTES = 64 * 1024 * 1024

/** What a byte unpacks to at most: Deflate's longest match takes two bits, a block of one byte in ZSTD four bytes. */
const MOST_PER_BYTE = { deflate: 1032, zstd: 32_768 }

export const NO_COMPRESSION = 1
export const LERC = 34887

/** @param most bytes of a whole tile */
type Unpack = (
  packed: Uint8Array<ArrayBuffer>,
  most: number,
  signal: AbortSignal,
) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>

interface Codec {
  readonly name: string
  readonly unpack: Unpack
}

const inflateOnPool = promisify(inflate)
const zstdOnPool = promisify(zstdDecompress)

const deflate: Codec = {
  name: 'Deflate',
  // zlib's pool of threads unpacks several tiles while this thread goes on.
  unpack: async (packed, most) =>
    whole(await inflateOnPool(packed, inOneGo(most, packed.length * MOST_PER_BYTE.deflate))),
}

/** TIFF tag 259. LERC is not among them: its blobs hold samples, not bytes, see lerc.ts. */
const codecs: ReadonlyMap<number, Codec> = new Map([
  [NO_COMPRESSION, { name: 'none', unpack: (packed) => packed }],
  [5, { name: 'LZW', unpack: (packed, most, signal) => inTurns(unpackLzw(packed, most), signal) }],
  // 8 is Adobe's number, 32946 the older one of PKZIP, for the same.
  [8, deflate],
  [32946, deflate],
  [
    32773,
    {
      name: 'PackBits',
      unpack: (packed, most, signal) => inTurns(unpackPackBits(packed, most), signal),
    },
  ],
  [
    50000,
    {
      name: 'ZSTD',
      unpack: async (packed, most) =>
        whole(await zstdOnPool(packed, inOneGo(most, packed.length * MOST_PER_BYTE.zstd))),
    },
  ],
] satisfies [number, Codec][])

/** TIFF tag 259, those that users meet and that are refused. */
const refused: ReadonlyMap<number, string> = new Map([
  [2, 'CCITT RLE'],
  [3, 'CCITT Group 3'],
  [4, 'CCITT Group 4'],
  [6, 'old JPEG'],
  [7, 'JPEG'],
  [34712, 'JPEG 2000'],
  [34925, 'LZMA'],
  [50001, 'WebP'],
  [50002, 'JPEG XL'],
  [52546, 'JPEG XL'],
])

/** Names of the compressions that are read, and of those that are known and refused. */
export const compressionNames = {
  read: [...new Set([...codecs.values()].map(({ name }) => name)), 'LERC'],
  refused: [...new Set(refused.values())],
}

/** @throws {GreenprintError} `raster_unusable` for a compression that is not read, by its name */
export function requireCodec(compression: number): void {
  if (codecs.has(compression) || compression === LERC) return
  const name = refused.get(compression) ?? `scheme ${compression}`
  throw new GreenprintError(
    'raster_unusable',
    `Its tiles are compressed with ${name}; ${compressionNames.read.join(', ')} can be read.`,
  )
}

/**
 * The bytes of a tile.
 *
 * @param most bytes of a whole tile
 */
export async function unpackTile(
  packed: Uint8Array<ArrayBuffer>,
  compression: number,
  most: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const codec = codecs.get(compression)
  if (codec === undefined) throw new RangeError(`no codec has the number ${compression}`)
  const plain = await codec.unpack(packed, most, signal)
  return plain.length > most ? plain.subarray(0, most) : plain
}

/**
 * zlib comes back to this thread for every chunk, by default for every 16 KiB, and joins them on it.
 *
 * @param possible bytes that the packed ones can unpack to: more room is not made
 */
function inOneGo(most: number, possible: number): { chunkSize: number; maxOutputLength: number } {
  // One byte more, for a chunk that is full asks for the next one; zlib takes none below 64.
  return {
    chunkSize: Math.max(Math.min(most, possible, MAX_TILE_BYTES) + 1, 64),
    maxOutputLength: MAX_TILE_BYTES,
  }
}

function whole(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : Uint8Array.from(bytes)
}
