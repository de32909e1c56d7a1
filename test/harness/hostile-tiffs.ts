// TIFFs of a few bytes that name large sizes: what they cost must not depend on what they say.

import { deflateSync } from 'node:zlib'
import { encodeDirectories, type TiffField } from '../../lib/cog/tiff-directory.ts'

export interface HostileTiff {
  readonly width: number
  readonly height: number
  /** Columns and rows of a tile; strips of `rows` where there is no width. */
  readonly tile: { readonly width?: number; readonly rows: number }
  /** TIFF tag 259. */
  readonly compression: number
  /** Where tiles lie behind the directories, and how long they are; a length of 0 is a tile that was never written. */
  readonly ranges: (tiles: number) => readonly (readonly [offset: number, length: number])[]
  /** Behind the directories. */
  readonly data: Uint8Array
}

/** A single band of uint8 at 10 m in UTM. */
export function hostileTiff(asked: HostileTiff): Uint8Array<ArrayBuffer> {
  const { width, height, tile, compression, ranges, data } = asked
  const tiles = Math.ceil(width / (tile.width ?? width)) * Math.ceil(height / tile.rows)
  const listed = ranges(tiles)
  const encode = (start: number) => {
    const long = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'long', values })
    const isTiled = tile.width !== undefined
    const fields: TiffField[] = [
      long(256, width),
      long(257, height),
      long(258, 8),
      long(259, compression),
      long(262, 1),
      ...(isTiled ? [long(322, tile.width), long(323, tile.rows)] : [long(278, tile.rows)]),
      long(isTiled ? 324 : 273, ...listed.map(([offset]) => start + offset)),
      long(isTiled ? 325 : 279, ...listed.map(([, length]) => length)),
      { tag: 33550, type: 'double', values: [10, 10, 0] },
      { tag: 33922, type: 'double', values: [0, 0, 0, 500_000, 5_400_000, 0] },
      { tag: 34735, type: 'short', values: [1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32631] },
    ]
    return encodeDirectories([fields], new Uint8Array(0), false)
  }
  const front = encode(encode(0).length)
  return Uint8Array.from(Buffer.concat([front, data]))
}

const zeros = (bytes: number) => deflateSync(new Uint8Array(bytes), { level: 9 })

/** A deflated tile of so many bytes that every tile shares. */
function shared(bytes: number): Pick<HostileTiff, 'compression' | 'ranges' | 'data'> {
  const data = zeros(bytes)
  return {
    compression: 8,
    data,
    ranges: (tiles) => Array.from({ length: tiles }, () => [0, data.length]),
  }
}

/** A sound one of few pixels. */
export function deflatedTiff(width: number, height: number): Uint8Array<ArrayBuffer> {
  return hostileTiff({ width, height, tile: { width: 256, rows: 256 }, ...shared(256 * 256) })
}

/** Tiles that each begin a byte later than the one before. */
function overlapping(bytes: number): Pick<HostileTiff, 'compression' | 'ranges' | 'data'> {
  const data = Buffer.concat([zeros(bytes), new Uint8Array(100)])
  return {
    compression: 8,
    data,
    ranges: (tiles) => Array.from({ length: tiles }, (_, i) => [i, data.length - 100]),
  }
}

const nothing = (tiles: number): (readonly [number, number])[] =>
  Array.from({ length: tiles }, () => [0, 0])
/** As few as a file of some hundred bytes can list. */
const one = (): (readonly [number, number])[] => [[0, 1]]

/** By what they are, and how they end: in these words, or in pixels where there are none. */
export const hostileTiffs: readonly (readonly [
  name: string,
  tiff: () => Uint8Array<ArrayBuffer>,
  words: RegExp | null,
])[] = [
  [
    '1 x 16,777,215 px in strips of one row',
    () =>
      hostileTiff({
        width: 1,
        height: 16_777_215,
        tile: { rows: 1 },
        compression: 8,
        ranges: one,
        data: new Uint8Array(1),
      }),
    /has 16777215 tiles; at most/,
  ],
  [
    '1 x 3,999,999 px in strips of one row',
    () =>
      hostileTiff({
        width: 1,
        height: 3_999_999,
        tile: { rows: 1 },
        compression: 8,
        ranges: one,
        data: new Uint8Array(1),
      }),
    /lies on 3999999 tiles/,
  ],
  [
    '1 x 99,999,999 px in one plain strip',
    () =>
      hostileTiff({
        width: 1,
        height: 99_999_999,
        tile: { rows: 99_999_999 },
        compression: 1,
        ranges: one,
        data: new Uint8Array(1),
      }),
    /cut short/,
  ],
  [
    '1 x 99,999,999 px in one deflated strip',
    () =>
      hostileTiff({
        width: 1,
        height: 99_999_999,
        tile: { rows: 99_999_999 },
        compression: 8,
        ranges: one,
        data: new Uint8Array(1),
      }),
    /unpack to 99999999 bytes; at most/,
  ],
  [
    '48 tiles that overlap in part',
    () =>
      hostileTiff({
        width: 48 * 512,
        height: 512,
        tile: { width: 512, rows: 512 },
        ...overlapping(512 * 512),
      }),
    /tiles overlap in the file/,
  ],
  [
    '48 tiles that share their bytes',
    () =>
      hostileTiff({
        width: 24 * 512,
        height: 1024,
        tile: { width: 512, rows: 512 },
        ...shared(512 * 512),
      }),
    null,
  ],
  [
    'tiles much wider than the image',
    () =>
      hostileTiff({
        width: 2000,
        height: 3000,
        tile: { width: 262_144, rows: 256 },
        ...shared(262_144 * 256),
      }),
    null,
  ],
  [
    'tiles wider than may be read',
    () =>
      hostileTiff({
        width: 2000,
        height: 200,
        tile: { width: 16_777_200, rows: 16 },
        ...shared(1000),
      }),
    /unpack to 268435200 bytes; at most/,
  ],
  [
    'a tile that unpacks to more than it may',
    () =>
      hostileTiff({
        width: 512,
        height: 512,
        tile: { width: 512, rows: 512 },
        ...shared(100_000_000),
      }),
    /cannot be decoded/,
  ],
  [
    '20,000 x 20 px in strips of a row',
    () => hostileTiff({ width: 20, height: 20_000, tile: { rows: 1 }, ...shared(20) }),
    null,
  ],
]

/** Those that take their time, for all their pixels are computed. */
export const largeTiffs: typeof hostileTiffs = [
  [
    '100,000,000 x 1 px',
    () =>
      hostileTiff({
        width: 1e8,
        height: 1,
        tile: { width: 65_536, rows: 16 },
        compression: 8,
        ranges: nothing,
        data: new Uint8Array(0),
      }),
    null,
  ],
  [
    '1 x 20,000,000 px in one deflated strip',
    () => hostileTiff({ width: 1, height: 2e7, tile: { rows: 2e7 }, ...shared(2e7) }),
    null,
  ],
  [
    '10,000 x 10,000 px in tiles of 64 MiB that share their bytes',
    () =>
      hostileTiff({
        width: 1e4,
        height: 1e4,
        tile: { width: 8192, rows: 8192 },
        ...shared(2 ** 26),
      }),
    null,
  ],
]
