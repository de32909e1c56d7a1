// A small uint16 GeoTIFF whose CRS is a code, written for a test.

import { encodeDirectories, type TiffField } from '../../lib/cog/tiff-directory.ts'
import type { Transform } from '../../lib/model/grid.ts'

export interface CodedRaster {
  readonly code: number
  readonly isGeographic: boolean
  readonly transform: Transform
  readonly rows: number
  readonly cols: number
  readonly value: (row: number, col: number) => number
  readonly nodata?: number
  /** Items of GDAL_METADATA, as XML. */
  readonly metadata?: string
}

/** In one strip, unpacked. */
export function tiffOfCode(raster: CodedRaster): Uint8Array<ArrayBuffer> {
  const { rows, cols, value } = raster
  const samples = Uint16Array.from({ length: rows * cols }, (_, at) =>
    value(Math.floor(at / cols), at % cols),
  )
  const pixels = new Uint8Array(samples.buffer)
  const front = (offset: number) =>
    encodeDirectories([fieldsOf(raster, offset, pixels.length)], new Uint8Array(0), false)
  // The length of the front does not depend on the offset in it.
  const head = front(front(0).length)
  const bytes = new Uint8Array(head.length + pixels.length)
  bytes.set(head)
  bytes.set(pixels, head.length)
  return bytes
}

function fieldsOf(
  { code, isGeographic, transform, rows, cols, nodata, metadata }: CodedRaster,
  offset: number,
  length: number,
): TiffField[] {
  const [a, , c, , e, f] = transform
  const [model, key] = isGeographic ? [2, 2048] : [1, 3072]
  const geoKeys = [1, 1, 0, 3, 1024, 0, 1, model, 1025, 0, 1, 1, key, 0, 1, code]
  return [
    { tag: 256, type: 'short', values: [cols] },
    { tag: 257, type: 'short', values: [rows] },
    { tag: 258, type: 'short', values: [16] },
    { tag: 259, type: 'short', values: [1] },
    { tag: 262, type: 'short', values: [1] },
    { tag: 273, type: 'long', values: [offset] },
    { tag: 277, type: 'short', values: [1] },
    { tag: 278, type: 'short', values: [rows] },
    { tag: 279, type: 'long', values: [length] },
    // A pixel size cannot say that rows go from south to north.
    ...(e > 0
      ? ([
          {
            tag: 34264,
            type: 'double',
            values: [a, 0, 0, c, 0, e, 0, f, 0, 0, 0, 0, 0, 0, 0, 1],
          },
        ] as const)
      : ([
          { tag: 33550, type: 'double', values: [a, -e, 0] },
          { tag: 33922, type: 'double', values: [0, 0, 0, c, f, 0] },
        ] as const)),
    { tag: 34735, type: 'short', values: geoKeys },
    ...(metadata === undefined
      ? []
      : [
          {
            tag: 42112,
            type: 'ascii',
            values: `<GDALMetadata>${metadata}</GDALMetadata>`,
          } as const,
        ]),
    ...(nodata === undefined
      ? []
      : [{ tag: 42113, type: 'ascii', values: String(nodata) } as const]),
  ]
}
