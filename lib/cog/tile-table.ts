// Where the tiles of an image lie in its file: two arrays of numbers, of which only the parts that are asked for are
// read.

import { GreenprintError } from '../errors.ts'
import type { ByteRange } from '../model/bytes.ts'
import type { TiffEntries, TiffEntry } from './tiff-entries.ts'

/** Entries that are read at once. */
const PAGE = 4096

/** What is known of the tiles before their table is read. */
export interface TileTableOptions {
  readonly entries: TiffEntries
  /** TileOffsets or StripOffsets. */
  readonly offsets: TiffEntry
  /** TileByteCounts or StripByteCounts; some files have none. */
  readonly counts: TiffEntry | undefined
  /** Tiles that the image has, all planes together. */
  readonly tiles: number
  /** Bytes of a tile that is not compressed, a last strip's fewer; null where tiles are compressed. */
  readonly plainBytes: ((index: number) => number) | null
  /** Tiles that one uncompressed strip of the file is read as; 1 where tiles are the file's own. */
  readonly cut: number
  /** Bytes from the start of one such part to the next. */
  readonly cutBytes: number
}

/** One page of one of the two arrays. */
interface Page {
  readonly array: 'offsets' | 'counts'
  readonly page: number
}

/** Reads pages of the table when they are needed, and keeps them. */
export class TileTable {
  readonly #options: TileTableOptions
  readonly #known = { offsets: new Map<number, number[]>(), counts: new Map<number, number[]>() }

  constructor(options: TileTableOptions) {
    this.#options = options
  }

  /**
   * The bytes of tiles; of length 0 where a tile was never written.
   *
   * @throws {GreenprintError} `raster_unusable` when the table has too few tiles, or one leaves the file
   */
  async ranges(indices: readonly number[], signal: AbortSignal): Promise<ByteRange[]> {
    const { offsets, tiles, cut } = this.#options
    const strips = tiles / cut
    if (offsets.count < strips) {
      throw unusable(`The TIFF lists ${offsets.count} tiles where ${strips} are needed.`)
    }
    await this.#load(new Set(indices.map((index) => Math.floor(index / cut / PAGE))), signal)
    return indices.map((index) => {
      const strip = Math.floor(index / cut)
      const at = (array: Page['array']) =>
        this.#known[array].get(Math.floor(strip / PAGE))?.[strip % PAGE]
      const offset = at('offsets')
      if (offset === undefined) throw new RangeError(`the place of tile ${index} was not read`)
      return this.#rangeOf(index, offset, at('counts'))
    })
  }

  #rangeOf(index: number, start: number, listed: number | undefined): ByteRange {
    const { plainBytes, cut, cutBytes, entries } = this.#options
    const offset = start + (index % cut) * cutBytes
    const length =
      plainBytes === null
        ? this.#compressedLength(index, offset, listed)
        : this.#plainLength(plainBytes(index), offset, listed)
    if (!Number.isInteger(offset) || !Number.isInteger(length)) {
      throw unusable(
        `Its tile ${index} lies at byte ${offset}, ${length} long: the TIFF is damaged.`,
      )
    }
    if (offset < 0 || length < 0 || (length > 0 && offset + length > entries.size)) {
      throw unusable(
        `Its tile ${index} lies at bytes ${offset} to ${offset + length} of a file of ${entries.size} bytes: the file is cut short or damaged.`,
      )
    }
    return { offset, length }
  }

  /** The only tile of a file that lists no size may reach to the file's end: compressed data end by themselves. */
  #compressedLength(index: number, offset: number, listed: number | undefined): number {
    const { entries } = this.#options
    if (this.#isOnly && offset > 0 && (listed ?? 0) === 0) return Math.max(0, entries.size - offset)
    if (listed !== undefined) return listed
    throw unusable(`The TIFF does not list how many bytes its compressed tile ${index} has.`)
  }

  /** The size of uncompressed data is known; a listed 0 says that the tile was never written. */
  #plainLength(plain: number, offset: number, listed: number | undefined): number {
    if (listed === undefined) return plain
    // As libtiff does: what is listed for the only strip of a file is not needed, so it may be wrong.
    if (this.#isOnly && offset > 0) return plain
    return Math.min(listed, plain)
  }

  /** Whether the file has a single tile or strip. */
  get #isOnly(): boolean {
    return this.#options.tiles === this.#options.cut
  }

  /** All pages that are missing, in one request to the file. */
  async #load(pages: ReadonlySet<number>, signal: AbortSignal): Promise<void> {
    const { entries, offsets, counts } = this.#options
    const arrays = { offsets, counts }
    const missing = [...pages].flatMap((page): Page[] =>
      (['offsets', 'counts'] as const)
        .filter((array) => !this.#known[array].has(page))
        .map((array) => ({ array, page })),
    )
    const parts = missing.map(({ array, page }) => entries.part(arrays[array], page * PAGE, PAGE))
    const values = await entries.numbers(parts, PAGE, signal)
    for (const [i, { array, page }] of missing.entries()) {
      this.#known[array].set(page, values[i] ?? [])
    }
  }
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
