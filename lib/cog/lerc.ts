// LERC tiles, looked at before they are decoded: the decoder follows damaged headers without end.

import { promisify } from 'node:util'
import { inflate, zstdDecompress } from 'node:zlib'
import { MAX_TILE_BYTES } from './geotiff.ts'

/** What packs a LERC blob once more, by the second number of TIFF tag 50674. */
const unpackers = [null, promisify(inflate), promisify(zstdDecompress)] as const

/** Bytes of a sample by LERC's image type: char, byte, short, ushort, int, uint, float, double. */
const SAMPLE_BYTES = [1, 1, 2, 2, 4, 4, 4, 8]
const MAGIC = 'Lerc2 '

export interface LercTile {
  readonly width: number
  readonly height: number
  readonly bits: number
}

/**
 * The one LERC2 blob of a tile, taken out of its additional compression.
 *
 * @param packing second number of the LercParameters tag: 0 nothing, 1 Deflate, 2 ZSTD
 * @throws {RangeError} when it does not hold what the directory promises
 */
export async function openLerc(
  packed: Uint8Array,
  packing: number,
  tile: LercTile,
): Promise<Uint8Array<ArrayBuffer>> {
  const unpack = unpackers[packing]
  if (unpack === undefined)
    throw new RangeError(`LERC has no additional compression numbered ${packing}`)
  const blob =
    unpack === null ? packed : await unpack(packed, { maxOutputLength: 2 * MAX_TILE_BYTES })
  return Uint8Array.from(blob.subarray(0, checkedLength(blob, tile)))
}

/** https://github.com/Esri/lerc: HeaderInfo of Lerc2, versions 2 to 6. */
function checkedLength(blob: Uint8Array, { width, height, bits }: LercTile): number {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const magic = String.fromCharCode(...blob.subarray(0, MAGIC.length))
  if (magic !== MAGIC) throw new RangeError('LERC tiles begin with "Lerc2"')
  const version = view.getInt32(6, true)
  // A checksum since version 3, a number of depths since 4.
  const at = version >= 3 ? 14 : 10
  const [rows, cols] = [view.getInt32(at, true), view.getInt32(at + 4, true)]
  const depths = version >= 4 ? view.getInt32(at + 8, true) : 1
  const rest = at + (version >= 4 ? 12 : 8)
  const length = view.getInt32(rest + 8, true)
  const type = view.getInt32(rest + 12, true)
  // A last strip has fewer rows.
  if (
    rows < 1 ||
    rows > height ||
    cols !== width ||
    depths !== 1 ||
    SAMPLE_BYTES[type] !== bits / 8
  ) {
    throw new RangeError(
      `LERC has ${cols} x ${rows} samples of type ${type} where ${width} x ${height} of ${bits} bits belong`,
    )
  }
  if (length < rest || length > blob.length) {
    throw new RangeError(`LERC has ${blob.length} bytes where it names ${length}`)
  }
  return length
}
