// The door to geotiff's LERC decoder, loaded on first use. Directories and tile tables are read in this room instead:
// its parser makes room for whatever counts a file names, and its other decoders grow without end on damaged bytes, or
// are slower than node's own zlib.

import { once } from '../async/once.ts'

const loadGeotiff = once(() => import('geotiff'))

const LERC = 34887

/**
 * The samples of one LERC blob, those of a pixel side by side; what its mask leaves out is any number.
 *
 * @param blob checked to be whole, and of the size that is expected
 */
export async function decodeLercBlob(
  blob: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { getDecoder } = await loadGeotiff()
  // A version, and no additional compression: it was taken off before. The samples' size is in the blob.
  const parameters = { predictor: 1, planarConfiguration: 1, LercParameters: [4, 0] }
  const decoder = await getDecoder(LERC, {
    ...parameters,
    tileWidth: 0,
    tileHeight: 0,
    bitsPerSample: 0,
  })
  const samples = await decoder.decode(blob.slice().buffer)
  return new Uint8Array(
    samples instanceof ArrayBuffer ? samples : Uint8Array.from(new Uint8Array(samples)).buffer,
  )
}
