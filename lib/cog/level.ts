// One resolution of a band: its tiles, read and unpacked some at a time.

import { anySignal } from '../async/deadline.ts'
import { eachOf } from '../async/each-of.ts'
import { freeMemory } from '../async/free-memory.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import { GreenprintError } from '../errors.ts'
import type { ByteRange, RandomAccess } from '../model/bytes.ts'
import type { Transform } from '../model/grid.ts'
import { MAX_TILE_BYTES } from './codecs.ts'
import { bytesPerSample, type Samples, samplesOver } from './samples.ts'
import type { TiffImage } from './tiff-image.ts'
import type { TileDecoder } from './tile-decoder.ts'
import { tileMemory } from './tile-memory.ts'
import { planReads, type TileRead } from './tile-reads.ts'

export interface Level {
  /** Columns and rows. */
  readonly width: number
  readonly height: number
  readonly tileWidth: number
  readonly tileHeight: number
  /** Tiles per row of tiles. */
  readonly tilesAcross: number
  /** North-up, whatever the file is. */
  readonly transform: Transform
  /** Whether the file has its rows from south to north: its first row is the last one of this level. */
  readonly southUp: boolean
  /** Bands over the same ground, each of any size, whose 0 means that the pixel has no observation. */
  readonly masks: readonly Level[]
  readonly bytesPerSample: number
  /** What the samples of a tile are that was never written: nodata, else 0. */
  readonly unwritten: number
  /** Room for samples of this band, in `memory` where there is some; what they are is not said. */
  allocate(length: number, memory?: ArrayBufferLike): Samples
  /** Where tiles lie in the file, packed; of length 0 those that were never written. */
  tileRanges(indices: readonly number[], signal: AbortSignal): Promise<readonly ByteRange[]>
  /**
   * Reads tiles of the file by index (row by row) and hands each out when it is unpacked: only a few are held unpacked
   * at once. Those that share their bytes are unpacked once.
   *
   * @param use takes samples `tileWidth` wide, or null for a tile that was never written; a last strip has fewer rows.
   *   Once it has ended they are gone: who wants them for longer makes a copy.
   * @throws {GreenprintError} `raster_unusable` for damaged tiles, `content_unavailable` when no source has them
   */
  readTiles(
    indices: readonly number[],
    use: (tile: Samples | null, index: number) => Promise<void> | undefined,
    signal: AbortSignal,
  ): Promise<void>
}

/** Of an image, what it does not say itself. */
export interface LevelOptions {
  readonly file: RandomAccess
  /** From 0. */
  readonly band: number
  readonly transform: Transform
  readonly southUp: boolean
  /** What an unwritten tile holds. */
  readonly unwritten: number
  readonly masks: readonly Level[]
}

/** Tiles unpacked at once: what keeps the four threads of node's pool at work. */
const UNPACKING = 8
/** Unpacked bytes at once; a single tile may have more. */
const UNPACKED_BYTES = 48 * 1024 * 1024

/** @throws {GreenprintError} `raster_unusable` for tiles that are not read, by the reason */
export function createLevel(image: TiffImage, options: LevelOptions): Level {
  const { width, height, tileWidth, tileHeight, table } = image
  const { file, band, unwritten } = options
  const decoder = image.decoderOf(band)
  const sampleBytes = bytesPerSample(image.format)
  const tilesAcross = Math.ceil(width / tileWidth)
  const plane = image.interleaved ? 0 : band * image.tilesPerPlane
  const rangesOf = async (indices: readonly number[], signal: AbortSignal): Promise<ByteRange[]> =>
    table.ranges(
      indices.map((index) => plane + index),
      signal,
    )

  /** A last strip ends with the image, a tile never does: only what lies on the image must be there. */
  function checkWhole(tile: Samples, index: number): void {
    const rows = Math.min(tileHeight, height - Math.floor(index / tilesAcross) * tileHeight)
    if (tile.length >= rows * tileWidth) return
    throw unusable(
      `Its tile ${index} holds ${tile.length} samples where ${rows * tileWidth} belong.`,
    )
  }

  return {
    width,
    height,
    tileWidth,
    tileHeight,
    tilesAcross,
    transform: options.transform,
    southUp: options.southUp,
    masks: options.masks,
    bytesPerSample: sampleBytes,
    unwritten,
    allocate: (length, memory = new ArrayBuffer(length * sampleBytes)) =>
      samplesOver(memory, image.format, 0, length),
    tileRanges: rangesOf,
    async readTiles(indices, use, signal) {
      const ranges = await rangesOf(indices, signal)
      checkPacked(ranges, decoder)
      for (const [at, index] of indices.entries()) {
        if (ranges[at]?.length === 0) await use(null, index)
      }
      for (const part of planReads(indices, ranges)) {
        await readPart(part, { file, decoder }, signal, async (tile, index) => {
          checkWhole(tile, index)
          await use(tile, index)
        })
      }
    },
  }
}

/** Reads that are asked for at once, and their tiles unpacked, within the budget of all readers. */
async function readPart(
  reads: readonly TileRead[],
  { file, decoder }: { readonly file: RandomAccess; readonly decoder: TileDecoder },
  signal: AbortSignal,
  use: (tile: Samples, index: number) => Promise<void>,
): Promise<void> {
  const packed = reads.reduce((sum, { bytes }) => sum + bytes, 0)
  const most = Math.floor(UNPACKED_BYTES / decoder.workBytes)
  const unpacking = Math.max(1, Math.min(UNPACKING, most, reads.length))
  const claim = await tileMemory.claim(packed + unpacking * decoder.workBytes, signal)
  const over = new AbortController()
  const both = anySignal([signal, over.signal])
  // All are asked for at once, so that the file plans them together; each is unpacked when it is there.
  const pending = reads.map(({ ranges }) => file.readAll(ranges, both))
  // A failure is reported when the queue reaches it, or not at all when another failed first.
  for (const read of pending) read.catch(() => undefined)
  const unpack = async (
    [at, read]: readonly [number, (typeof pending)[number]],
    stop: AbortSignal,
  ): Promise<void> => {
    const pieces = await read
    for (const [i, piece] of pieces.entries()) {
      stop.throwIfAborted()
      const tile = await decoder.decode(piece, stop)
      for (const index of reads[at]?.tiles[i] ?? []) {
        if (turnIsOver()) await nextTurn(stop)
        await use(tile, index)
      }
      if (tile.buffer !== piece.buffer) freeMemory(tile.buffer)
      if (!file.isLent) freeMemory(piece.buffer)
    }
  }
  try {
    await eachOf(pending.entries(), unpacking, unpack, both)
  } finally {
    over.abort(new Error('no more tiles are wanted'))
    await Promise.allSettled(pending)
    claim.release()
  }
}

/** What no encoder needs beyond twice the unpacked bytes of a tile. */
const PACKED_SLACK = 64 * 1024

/** Before anything is fetched: a length is only a number in the file. */
function checkPacked(ranges: readonly ByteRange[], { plainBytes }: TileDecoder): void {
  const most = Math.min(MAX_TILE_BYTES, 2 * plainBytes + PACKED_SLACK)
  const large = ranges.find(({ length }) => length > most)
  if (large === undefined) return
  throw unusable(
    `Its tiles are packed in ${large.length} bytes and unpack to ${plainBytes}; at most ${most} are read.`,
  )
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
