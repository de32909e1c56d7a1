// Bodies packed and unpacked by their content codings. Loaded with the first body that is: zlib takes its time to load.

import { promisify } from 'node:util'
import {
  brotliCompress,
  brotliDecompressSync,
  constants,
  gunzipSync,
  gzip,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib'

/** Smaller than gzip at its best, in the time of gzip's default; quality 5 takes four times as long. */
const BROTLI_QUALITY = 4

export const packers = {
  br: (body: Uint8Array) =>
    promisify(brotliCompress)(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY },
    }),
  gzip: (body: Uint8Array) => promisify(gzip)(body),
} as const

type Unpack = (bytes: Buffer, options: ZlibOptions) => Buffer

export const unpackers: Readonly<Record<string, Unpack>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}
