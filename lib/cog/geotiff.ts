// The only door to geotiff: its names of GeoKeys and its LERC decoder. Directories and tile tables are read in this
// room instead: its parser makes room for whatever counts a file names, and its other decoders grow without end on
// damaged bytes, or are slower than node's own zlib. It takes these two by name, and is itself loaded on first use:
// whoever asks for all of the package has all 300 kB of it in every bundle.

import { getDecoder, globals } from 'geotiff'

/** Names of the GeoKeys that OGC 19-008 and its predecessor define, by number. */
export const geoKeyNames: ReadonlyMap<number, string> = new Map(
  Object.entries(globals.geoKeyNames).map(([id, name]) => [Number(id), name]),
)

const LERC = 34887

/**
 * The samples of one LERC blob, those of a pixel side by side; what its mask leaves out is any number.
 *
 * @param blob checked to be whole, and of the size that is expected
 */
export async function decodeLercBlob(
  blob: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
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
