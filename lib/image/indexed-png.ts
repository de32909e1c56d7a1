// PNG with a palette, https://www.w3.org/TR/png-3/, row by row: sharp would choose a palette of its own, ten times as
// slowly.

import { once } from 'node:events'
import { promisify } from 'node:util'
import { constants, crc32, createDeflate, deflate } from 'node:zlib'
import type { ByteSink } from '../store/file-content.ts'

export interface IndexedPngOptions {
  readonly width: number
  readonly height: number
  /** Red green blue of 256 entries; entry 0 is wholly transparent but on a page, the others opaque. */
  readonly colours: Uint8Array
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const EIGHT_BITS = 8
const INDEXED = 3
const FILTER_SUB = 1
const FILTER_UP = 2
/** Bytes of an IDAT chunk. The file's bytes depend on it, and not on how many rows come at a time. */
const FRAME = 64 * 1024
const OUTPUT_STEP = 256 * 1024

/** Filter Sub and zlib's run-length strategy: the fastest and the smallest of all settings measured on a whole scene. */
const PACKING = { level: 6, strategy: constants.Z_RLE, chunkSize: OUTPUT_STEP } as const

/** zlib's own thread packs some rows while the next are made. */
export class IndexedPngEncoder {
  readonly #width: number
  readonly #sink: ByteSink
  readonly #deflate = createDeflate(PACKING)
  readonly #packed: Promise<void>
  #rowsLeft: number
  #writing: Promise<void> = Promise.resolve()

  constructor({ width, height, colours }: IndexedPngOptions, sink: ByteSink) {
    this.#width = width
    this.#rowsLeft = height
    this.#sink = sink
    this.#packed = this.#frame(header(width, height, colours, TRANSPARENT))
    // The rejection is handled where the promise is awaited.
    this.#packed.catch(() => undefined)
  }

  /**
   * Takes the next rows, one palette index per pixel; they may be reused when it returns.
   *
   * @throws {RangeError} for pixels that are not whole rows, or too many
   */
  async addRows(indices: Uint8Array): Promise<void> {
    const rows = indices.length / this.#width
    if (!Number.isInteger(rows) || rows > this.#rowsLeft) {
      throw new RangeError(`${indices.length} pixels are not whole rows of the rest of the image`)
    }
    this.#rowsLeft -= rows
    const filtered = filterRows(indices, this.#width)
    await this.#writing
    this.#writing = this.#write(filtered)
    this.#writing.catch(() => undefined)
  }

  /** @throws {RangeError} when rows are missing */
  async finish(): Promise<void> {
    if (this.#rowsLeft > 0) throw new RangeError(`${this.#rowsLeft} rows are missing`)
    await this.#writing
    this.#deflate.end()
    await this.#packed
    await this.#sink.append(chunk('IEND', new Uint8Array(0)))
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#deflate.write(bytes)) return
    // A sink that failed never drains: the promise rejects with its error.
    await Promise.race([once(this.#deflate, 'drain'), this.#packed])
  }

  /** Cuts what zlib gives into chunks of one size. */
  async #frame(head: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#sink.append(head)
    const frame = new Uint8Array(FRAME)
    let filled = 0
    for await (const packed of this.#deflate) {
      for (let from = 0; from < packed.length; ) {
        const part = packed.subarray(from, from + FRAME - filled)
        frame.set(part, filled)
        from += part.length
        filled += part.length
        if (filled < FRAME) continue
        await this.#sink.append(chunk('IDAT', frame))
        filled = 0
      }
    }
    if (filled > 0) await this.#sink.append(chunk('IDAT', frame.subarray(0, filled)))
  }
}

/** The same PNG of an image that is whole in memory, in one turn of zlib's thread. */
export function encodeIndexedPng(
  indices: Uint8Array,
  options: IndexedPngOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return encodeRows(indices, options, filterRows(indices, options.width), TRANSPARENT)
}

/**
 * A page, of which entry 0 is as opaque as the others: each row as its difference to the one above, for blank rows and
 * enlarged pixels repeat.
 */
export function encodePagePng(
  indices: Uint8Array,
  options: IndexedPngOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return encodeRows(indices, options, filterUp(indices, options.width), [])
}

async function encodeRows(
  indices: Uint8Array,
  { width, height, colours }: IndexedPngOptions,
  filtered: Uint8Array,
  transparency: readonly Uint8Array[],
): Promise<Uint8Array<ArrayBuffer>> {
  if (indices.length !== width * height)
    throw new RangeError(`${indices.length} pixels are not ${width} x ${height}`)
  const packed = await promisify(deflate)(filtered, { ...PACKING, chunkSize: FRAME })
  const frames: Uint8Array[] = []
  for (let from = 0; from < packed.length; from += FRAME)
    frames.push(chunk('IDAT', packed.subarray(from, from + FRAME)))
  const head = header(width, height, colours, transparency)
  return Uint8Array.from(Buffer.concat([head, ...frames, chunk('IEND', new Uint8Array(0))]))
}

function header(
  width: number,
  height: number,
  colours: Uint8Array,
  transparency: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const size = new Uint8Array(13)
  const view = new DataView(size.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  size.set([EIGHT_BITS, INDEXED], 8)
  const parts = [SIGNATURE, chunk('IHDR', size), chunk('PLTE', colours), ...transparency]
  return Uint8Array.from(Buffer.concat(parts))
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(Buffer.from(type, 'latin1'), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}

/** Entry 0 alone. */
const TRANSPARENT = [chunk('tRNS', Uint8Array.of(0))]

/** Each row as its filter type, then the difference of every pixel to the one on its left. */
function filterRows(indices: Uint8Array, width: number): Uint8Array {
  const filtered = new Uint8Array(indices.length + indices.length / width)
  let to = 0
  for (let start = 0; start < indices.length; start += width) {
    filtered[to++] = FILTER_SUB
    let left = 0
    for (let at = start; at < start + width; at++) {
      const index = indices[at]!
      filtered[to++] = index - left
      left = index
    }
  }
  return filtered
}

/** The same with differences to the row above. */
function filterUp(indices: Uint8Array, width: number): Uint8Array {
  const filtered = new Uint8Array(indices.length + indices.length / width)
  let to = 0
  for (let start = 0; start < indices.length; start += width) {
    filtered[to++] = FILTER_UP
    const above = start - width
    for (let i = 0; i < width; i++) {
      filtered[to++] = start === 0 ? indices[i]! : indices[start + i]! - indices[above + i]!
    }
  }
  return filtered
}
