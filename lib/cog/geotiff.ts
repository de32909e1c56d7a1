// The door to geotiff: loaded on first use, with codecs that end at the end of a tile.

import { promisify } from 'node:util'
import { inflate, zstdDecompress } from 'node:zlib'
import type * as geotiff from 'geotiff'
import { unpackLzw, unpackPackBits } from './unpack.ts'

export type Geotiff = typeof geotiff
export type { GeoTIFFImage, ImageFileDirectory } from 'geotiff'

/** A tile that unpacks to more than this is damage or an attack. */
export const MAX_TILE_BYTES = 64 * 1024 * 1024

/** Room that is made before a tile has shown that it needs it. */
const MAX_CHUNK_BYTES = 4 * 1024 * 1024

let loading: Promise<Geotiff> | undefined

export function loadGeotiff(): Promise<Geotiff> {
  loading ??= import('geotiff').then((library) => {
    for (const [numbers, unpack] of codecs) {
      library.addDecoder([...numbers], async () => decoderOf(library.BaseDecoder, unpack))
    }
    return library
  })
  return loading
}

/** @param most bytes of a whole tile */
type Unpack = (packed: Uint8Array, most: number) => Uint8Array | Promise<Uint8Array>

const inflateOnPool = promisify(inflate)
const zstdOnPool = promisify(zstdDecompress)

/** By TIFF tag 259. zlib's thread pool unpacks both bands of a scene in half the time of the package's own inflate. */
const codecs: readonly (readonly [numbers: readonly number[], unpack: Unpack])[] = [
  [[5], unpackLzw],
  // 8 is Adobe's Deflate, 32946 the older PKZIP number for the same.
  [[8, 32946], (packed, most) => inflateOnPool(packed, inOneGo(most))],
  [[32773], unpackPackBits],
  [[50000], (packed, most) => zstdOnPool(packed, inOneGo(most))],
]

/** zlib comes back to this thread for every chunk, by default for every 16 KiB. */
function inOneGo(most: number): { chunkSize: number; maxOutputLength: number } {
  // One byte more, for a chunk that is full asks for the next one; zlib takes none below 64.
  return {
    chunkSize: Math.min(Math.max(most + 1, 64), MAX_CHUNK_BYTES),
    maxOutputLength: MAX_TILE_BYTES,
  }
}

function decoderOf(Base: typeof geotiff.BaseDecoder, unpack: Unpack): typeof geotiff.BaseDecoder {
  return class BoundedDecoder extends Base {
    override async decodeBlock(packed: ArrayBufferLike): Promise<ArrayBufferLike> {
      const { tileWidth, tileHeight, bitsPerSample } = this.parameters
      const bits = Array.isArray(bitsPerSample) ? Number(bitsPerSample[0]) : Number(bitsPerSample)
      const plain = await unpack(new Uint8Array(packed), (tileWidth * tileHeight * bits) / 8)
      // geotiff makes typed arrays over the whole buffer, so it must hold the tile and nothing else.
      return plain.buffer.slice(plain.byteOffset, plain.byteOffset + plain.byteLength)
    }
  }
}
