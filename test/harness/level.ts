// Levels of numbers in memory, for tests of what reads levels.

import type { Cog, Level } from '../../lib/cog/cog.ts'
import type { Transform } from '../../lib/model/grid.ts'

export interface MemoryLevel {
  readonly width: number
  readonly height: number
  readonly transform?: Transform
  /** Pixels on a side of a tile. */
  readonly tile?: number
  readonly value?: (row: number, col: number) => number
  /** Bytes of a packed tile. */
  readonly packed?: number
  readonly southUp?: boolean
  readonly masks?: readonly Level[]
  /** Called for each tile before it is handed out. */
  readonly before?: (index: number) => Promise<void>
}

/** A uint16 level whose samples are a formula. */
export function memoryLevel({
  width,
  height,
  transform = [1, 0, 0, 0, -1, 0],
  tile = 16,
  value = (row, col) => row * width + col,
  packed = 100,
  southUp = false,
  masks = [],
  before = async () => undefined,
}: MemoryLevel): Level {
  const tilesAcross = Math.ceil(width / tile)
  const read = (index: number): Uint16Array<ArrayBuffer> => {
    const [top, left] = [Math.floor(index / tilesAcross) * tile, (index % tilesAcross) * tile]
    return Uint16Array.from({ length: tile * tile }, (_, at) =>
      value(top + Math.floor(at / tile), left + (at % tile)),
    )
  }
  return {
    width,
    height,
    tileWidth: tile,
    tileHeight: tile,
    tilesAcross,
    transform,
    southUp,
    masks,
    bytesPerSample: 2,
    unwritten: 0,
    allocate: (length, memory = new ArrayBuffer(2 * length)) => new Uint16Array(memory, 0, length),
    tileRanges: async (indices) =>
      indices.map((index) => ({ offset: index * packed, length: packed })),
    async readTiles(indices, use, signal) {
      await Promise.all(
        indices.map(async (index) => {
          await before(index)
          signal.throwIfAborted()
          await use(read(index), index)
        }),
      )
    },
  }
}

export function memoryCog(levels: readonly [Level, ...Level[]], changes: Partial<Cog> = {}): Cog {
  const rawGeoKeys = { directory: [1, 1, 0, 0], doubles: [], ascii: '' }
  return {
    band: 0,
    dtype: 'uint16',
    nodata: null,
    scale: null,
    crs: 'EPSG:32620',
    geoKeys: {},
    rawGeoKeys,
    levels,
    warnings: [],
    ...changes,
  }
}
