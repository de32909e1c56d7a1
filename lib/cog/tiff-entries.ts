// The image file directories of a TIFF or BigTIFF: which tags they have and where the values lie, each value read
// when asked for.

import { GreenprintError } from '../errors.ts'
import type { ByteRange, RandomAccess, RasterBytes } from '../model/bytes.ts'
import { readValues, sizeOfType } from './tiff-values.ts'

/** One entry of a directory. */
export interface TiffEntry {
  readonly tag: number
  /** TIFF 6.0, section 2, and BigTIFF. */
  readonly type: number
  readonly count: number
  /** Where in the file the values lie, in the entry itself where they are small enough. */
  readonly offset: number
  /** Bytes of all values. */
  readonly bytes: number
}

export type TiffDirectory = ReadonlyMap<number, TiffEntry>

/** Header and directories of a COG lie at its front; this much is read first. */
export const HEAD_BYTES = 64 * 1024
/** What is read of a directory at once, in the hope that it is all. */
const LOOK_AHEAD = 4096
/** A chain of directories longer than this is damage, not overviews. */
const MAX_DIRECTORIES = 64
/** Entries have different tags, of which some hundred are in use. */
const MAX_ENTRIES = 4096

const ASCII = 2
/** BYTE, ASCII, SBYTE, UNDEFINED: what libtiff takes for text. */
const textTypes: ReadonlySet<number> = new Set([1, ASCII, 6, 7])

/** The parts of a file that are read for its directories. */
export class TiffEntries {
  readonly littleEndian: boolean
  readonly bigTiff: boolean
  readonly size: number
  readonly #file: RandomAccess
  readonly #head: RasterBytes

  private constructor(file: RandomAccess, head: RasterBytes) {
    this.#file = file
    this.#head = head
    this.size = file.size
    this.littleEndian = head[0] === 0x49
    this.bigTiff = head[this.littleEndian ? 2 : 3] === 43
  }

  /** @throws {GreenprintError} `raster_unusable` when the file is not a TIFF */
  static async open(file: RandomAccess, signal: AbortSignal): Promise<TiffEntries> {
    const length = Math.min(HEAD_BYTES, file.size)
    const [head] = await file.readAll([{ offset: 0, length }], signal)
    if (head === undefined) throw new RangeError('one range was read')
    if (startsLikeTiff(head)) return new TiffEntries(file, head)
    throw unusable(`The file is not a TIFF: it starts with ${preview(head)}.`)
  }

  /** All directories of the chain, in its order. @throws {GreenprintError} `raster_unusable` when they are damaged */
  async directories(signal: AbortSignal): Promise<TiffDirectory[]> {
    const directories: TiffDirectory[] = []
    const seen = new Set<number>()
    let at = await this.#firstDirectory(signal)
    while (at !== 0) {
      if (seen.has(at)) throw unusable('The directories of the TIFF lead in a circle.')
      seen.add(at)
      if (seen.size > MAX_DIRECTORIES) {
        throw unusable(`The TIFF has more than ${MAX_DIRECTORIES} directories.`)
      }
      const { directory, next } = await this.#directoryAt(at, signal)
      directories.push(directory)
      at = next
    }
    if (directories.length === 0) throw unusable('The TIFF has no directories: it is damaged.')
    return directories
  }

  /**
   * Numbers under some tags, those that lie outside the head in one request to the file.
   *
   * @param first how many values of each tag are wanted at most
   * @throws {GreenprintError} `raster_unusable` for values that are not numbers
   */
  async numbers(
    entries: readonly (TiffEntry | undefined)[],
    first: number,
    signal: AbortSignal,
  ): Promise<(number[] | null)[]> {
    const there = entries.filter((entry): entry is TiffEntry => (entry?.count ?? 0) > 0)
    const places = there.map(({ tag, type, count, offset }) => {
      const size = sizeOfType(type)
      if (size === 0 || type === ASCII)
        throw unusable(`Tag ${tag} of the TIFF has values of type ${type}.`)
      return { offset, length: Math.min(count, first) * size }
    })
    const read = await this.read(places, signal)
    const values = new Map(
      there.map((entry, i) => [entry, readValues(read[i]!, entry.type, this.littleEndian)]),
    )
    return entries.map((entry) => (entry === undefined ? null : (values.get(entry) ?? null)))
  }

  /** The entry as if it had the `count` values from the `from`th on alone; nothing where it has none there. */
  part(entry: TiffEntry | undefined, from: number, count: number): TiffEntry | undefined {
    if (entry === undefined || from >= entry.count) return undefined
    const size = sizeOfType(entry.type)
    const rest = Math.min(count, entry.count - from)
    return { ...entry, count: rest, offset: entry.offset + from * size, bytes: rest * size }
  }

  /**
   * Text under a tag as Latin-1, with any NULs in it; null where there is none.
   *
   * @param most bytes
   * @throws {GreenprintError} `raster_unusable` for longer text, and for values that are not text
   */
  async latin1(
    entry: TiffEntry | undefined,
    most: number,
    signal: AbortSignal,
  ): Promise<string | null> {
    if (entry === undefined) return null
    const { tag, type, bytes: length, offset } = entry
    if (!textTypes.has(type)) {
      throw unusable(`Tag ${tag} of the TIFF has values of type ${type} where text belongs.`)
    }
    if (length > most) {
      throw unusable(
        `The TIFF has ${length} bytes of text under tag ${tag}; at most ${most} are read.`,
      )
    }
    const [bytes] = await this.read([{ offset, length }], signal)
    return Buffer.from(bytes ?? []).toString('latin1')
  }

  /** Bytes of the file, from its head where they lie there. */
  async read(ranges: readonly ByteRange[], signal: AbortSignal): Promise<Uint8Array[]> {
    const isHeld = ({ offset, length }: ByteRange) => offset + length <= this.#head.length
    const outside = ranges.filter((range) => !isHeld(range))
    const read = outside.length === 0 ? [] : await this.#file.readAll(outside, signal)
    const fetched = new Map(outside.map((range, i) => [range, read[i]!]))
    return ranges.map(
      (range) =>
        fetched.get(range) ?? this.#head.subarray(range.offset, range.offset + range.length),
    )
  }

  async #firstDirectory(signal: AbortSignal): Promise<number> {
    const [bytes] = await this.read([{ offset: this.bigTiff ? 8 : 4, length: this.#word }], signal)
    return this.#wordAt(viewOf(bytes), 0)
  }

  async #directoryAt(
    at: number,
    signal: AbortSignal,
  ): Promise<{ directory: TiffDirectory; next: number }> {
    const { bigTiff, littleEndian } = this
    const [counted, entrySize] = bigTiff ? [8, 20] : [2, 12]
    const ahead = Math.max(counted, Math.min(LOOK_AHEAD, this.size - at))
    let [bytes] = await this.read([{ offset: at, length: ahead }], signal)
    const count = bigTiff
      ? this.#wordAt(viewOf(bytes), 0)
      : viewOf(bytes).getUint16(0, littleEndian)
    if (count > MAX_ENTRIES) {
      throw unusable(
        `A directory of the TIFF has ${count} entries; at most ${MAX_ENTRIES} are read.`,
      )
    }
    const length = counted + count * entrySize + this.#word
    if (length > ahead) [bytes] = await this.read([{ offset: at, length }], signal)
    const view = viewOf(bytes)
    const directory = new Map<number, TiffEntry>()
    for (let index = 0; index < count; index++) {
      const entry = this.#entryAt(view, counted + index * entrySize, at)
      // libtiff keeps the first of several entries of one tag.
      if (!directory.has(entry.tag)) directory.set(entry.tag, entry)
    }
    return { directory, next: this.#wordAt(view, counted + count * entrySize) }
  }

  #entryAt(view: DataView, at: number, start: number): TiffEntry {
    const tag = view.getUint16(at, this.littleEndian)
    const type = view.getUint16(at + 2, this.littleEndian)
    const count = this.#wordAt(view, at + 4)
    const bytes = count * sizeOfType(type)
    const place = at + 4 + this.#word
    const offset = bytes <= this.#word ? start + place : this.#wordAt(view, place)
    return { tag, type, count, offset, bytes }
  }

  /** Bytes of an offset, and of a value that stands in its entry. */
  get #word(): number {
    return this.bigTiff ? 8 : 4
  }

  #wordAt(view: DataView, at: number): number {
    return this.bigTiff
      ? Number(view.getBigUint64(at, this.littleEndian))
      : view.getUint32(at, this.littleEndian)
  }
}

function viewOf(bytes: Uint8Array | undefined): DataView {
  if (bytes === undefined) throw new RangeError('a range was not read')
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function startsLikeTiff(head: Uint8Array): boolean {
  const order = String.fromCharCode(...head.subarray(0, 2))
  const magic = order === 'MM' ? head[3] : head[2]
  return (order === 'II' || order === 'MM') && (magic === 42 || magic === 43)
}

function preview(head: Uint8Array): string {
  if (head.length === 0) return 'nothing, it is empty'
  const printable = [...head.subarray(0, 16)].map((byte) =>
    byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·',
  )
  return `"${printable.join('')}"`
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
