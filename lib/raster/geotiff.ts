// The door to geotiff: loaded on first use, with Deflate on node's own zlib.

import { promisify } from 'node:util'
import { inflate } from 'node:zlib'
import type * as geotiff from 'geotiff'

export type Geotiff = typeof geotiff
export type { GeoTIFFImage, ImageFileDirectory } from 'geotiff'

/** A tile that unpacks to more than this is damage or an attack. */
export const MAX_TILE_BYTES = 64 * 1024 * 1024

let loading: Promise<Geotiff> | undefined

export function loadGeotiff(): Promise<Geotiff> {
  loading ??= import('geotiff').then((library) => {
    // 8 is Adobe's Deflate, 32946 the older PKZIP number for the same.
    library.addDecoder([8, 32946], async () => nativeDeflate(library.BaseDecoder))
    return library
  })
  return loading
}

const inflateOnPool = promisify(inflate)

/** zlib's thread pool unpacks both bands of a scene in half the time of the package's own inflate. */
function nativeDeflate(Base: typeof geotiff.BaseDecoder): typeof geotiff.BaseDecoder {
  return class NativeDeflate extends Base {
    override async decodeBlock(packed: ArrayBufferLike): Promise<ArrayBufferLike> {
      const plain = await inflateOnPool(new Uint8Array(packed), { maxOutputLength: MAX_TILE_BYTES })
      // geotiff makes typed arrays over the whole buffer, so it must hold the tile and nothing else.
      return plain.buffer.slice(plain.byteOffset, plain.byteOffset + plain.byteLength)
    }
  }
}
