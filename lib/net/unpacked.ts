// Bodies whose server compresses them though it was asked not to.

import { pipeline, type Readable, type Transform } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** @param encoding of the content; one that is not known leaves the bytes as they are */
export function unpacked(body: Readable, encoding: string | null): AsyncIterable<Uint8Array> {
  const unpacker = unpackers[encoding?.trim().toLowerCase() ?? '']
  // Errors on the way are thrown to the reader.
  return unpacker === undefined ? body : pipeline(body, unpacker(), () => undefined)
}
