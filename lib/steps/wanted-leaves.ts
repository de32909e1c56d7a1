// Leaves of a file that is read whole for its CID, of which the request that asked wants pixels: they stay here, so
// that it does not read them again. Which ones, the file's own header says, which comes first.

import { openCog } from '../cog/cog.ts'
import { tilesFor } from '../cog/rows.ts'
import { GreenprintError } from '../errors.ts'
import { keptCopy, type LeafListener } from '../fingerprints/build.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import { takenFrom } from '../ipld/verify.ts'
import type { ByteRange, RandomAccess, VerifiedBytes } from '../model/bytes.ts'
import type { NdviRequest } from '../model/request.ts'
import type { BandAsset, Scene } from '../model/scene.ts'
import { selectWindow } from './select-window.ts'

/** Of all bands of a request: what stays of it in the cache of a machine at most. */
const MOST_BYTES = 64 * 1024 * 1024
/** Of a quality band, whose pixels follow from the window of the others: mostly it is smaller. */
const MOST_OF_QA = 8 * 1024 * 1024
/** Whatever a header claims: a larger window is none whose leaves would fit. */
const MOST_PIXELS = 2 ** 28
/** Larger than any file: its size is not known before its end. */
const ENDLESS = 2 ** 50

/** @returns who is told the leaves of a band */
export function wantedLeaves(
  request: NdviRequest,
  scene: Scene,
  blocks: Pick<Blocks, 'keep'>,
  signal: AbortSignal,
): (band: BandAsset) => LeafListener {
  let left = MOST_BYTES
  return (band) => {
    const isQa = band.key !== scene.red.key && band.key !== scene.nir.key
    let wanted: readonly ByteRange[] = isQa ? [{ offset: 0, length: MOST_OF_QA }] : []
    return async (cid, block, offset, data) => {
      if (offset === 0 && !isQa) wanted = await rangesOf(band, data, request, scene, signal)
      const end = offset + data.length
      const isWanted =
        offset === 0 ||
        wanted.some((range) => range.offset < end && offset < range.offset + range.length)
      if (!isWanted || block.length > left) return
      left -= block.length
      blocks.keep(cid, keptCopy(cid, block))
    }
  }
}

/** Bytes of the tiles that the request reads; none where the first leaf does not tell. */
async function rangesOf(
  band: BandAsset,
  head: VerifiedBytes,
  request: NdviRequest,
  scene: Scene,
  signal: AbortSignal,
): Promise<readonly ByteRange[]> {
  try {
    const options = { band: band.band, georeference: band.georeference }
    const cog = await openCog(leading(head), signal, options)
    const located = { asset: band, cog }
    const bands = { red: located, nir: located, qa: null }
    const { window } = await selectWindow(bands, scene, request, null, MOST_PIXELS, signal)
    const { red: level, row, col, rows, cols } = window
    const rowsAt = oneOfEachTile(row, rows, level.tileHeight)
    const tiles = tilesFor(level, rowsAt, oneOfEachTile(col, cols, level.tileWidth)) ?? []
    return await level.tileRanges(tiles, signal)
  } catch (error) {
    signal.throwIfAborted()
    // What is wrong with the file or the area is told when it is read for its pixels.
    if (error instanceof GreenprintError) return []
    throw error
  }
}

/** Rows (columns) of a window, one of each tile at least: all of them may be many million. */
function oneOfEachTile(first: number, count: number, tile: number): Int32Array {
  const length = Math.ceil(count / tile) + 1
  return Int32Array.from({ length }, (_, at) => first + Math.min(at * tile, count - 1))
}

/** The front of a file whose rest has not come yet. */
function leading(head: VerifiedBytes): RandomAccess {
  return {
    size: ENDLESS,
    isLent: true,
    async readAll(ranges) {
      return ranges.map(({ offset, length }) => {
        if (offset + length > head.length) {
          throw new GreenprintError('raster_unusable', 'The header goes on beyond the first leaf.')
        }
        return takenFrom(head, head.subarray(offset, offset + length))
      })
    },
  }
}
