// A plain copy as a file that is read in ranges, unchecked: one version of it, and a list of all that was read.

import { createHash } from 'node:crypto'
import type { Clock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'
import type { ByteRange, RandomAccess, ReadRange, TransportBytes } from '../model/bytes.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { GatheredRanges } from '../net/gathered-ranges.ts'
import { explainFailure } from './explain-failure.ts'
import { measured } from './measured.ts'
import { patiently } from './patience.ts'
import { CopyFailure, type CopyVersion, type PlainCopy } from './plain-copy.ts'
import { gather, rangesOf } from './range-reader.ts'

export interface TransportFile extends RandomAccess {
  /** Without what signs it. */
  readonly address: string
  readonly version: CopyVersion
  /** Every range that was asked for, once, in the order of the file. */
  readonly ranges: readonly ReadRange[]
  readonly requests: number
  /** Bytes that came over the line. */
  readonly bytesRead: number
}

/** The header of a Cloud Optimized GeoTIFF is less, mostly. */
const HEAD_BYTES = 64 * 1024
/** Tiles of one row lie 8 bytes apart in GDAL's layout. */
const MOST_GAP = 1024

/**
 * Reads the front of the copy; whatever is read from then on is of the same version.
 *
 * @throws {GreenprintError} `login_needed`, `source_refused`, `source_changed`, `content_unusable` for an empty file,
 *   `content_unavailable`
 */
export async function openTransport(
  copy: PlainCopy,
  clock: Clock,
  signal: AbortSignal,
): Promise<TransportFile> {
  try {
    return await patiently(clock, signal, () => open(copy, clock, signal))
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof SourceFailure ? explainFailure(copy, error, null) : error
  }
}

async function open(copy: PlainCopy, clock: Clock, signal: AbortSignal): Promise<TransportFile> {
  let came = 0
  return measured(
    copy.name,
    clock,
    signal,
    async () => {
      const file = await openHead(copy, clock, signal)
      came = file.bytesRead
      return file
    },
    () => came,
  )
}

async function openHead(copy: PlainCopy, clock: Clock, signal: AbortSignal): Promise<PlainFile> {
  const part = await copy.open(0, HEAD_BYTES, null, signal)
  const { version } = part
  if (version === null || (part.isWhole && version.size > HEAD_BYTES)) {
    await part.close()
    const reason =
      version === null ? 'does not tell the size of the file' : 'does not answer ranges'
    throw new CopyFailure(copy.name, 'refused', reason)
  }
  const head = await gather(copy.name, part, Math.min(HEAD_BYTES, version.size))
  return new PlainFile(copy, version, head, clock)
}

class PlainFile implements TransportFile {
  readonly address: string
  readonly version: CopyVersion
  readonly isLent = true
  requests = 1
  bytesRead: number
  readonly #copy: PlainCopy
  readonly #head: Uint8Array<ArrayBuffer>
  readonly #clock: Clock
  readonly #gathered: GatheredRanges
  readonly #read = new Map<string, ReadRange>()

  constructor(copy: PlainCopy, version: CopyVersion, head: Uint8Array<ArrayBuffer>, clock: Clock) {
    this.#copy = copy
    this.address = copy.address
    this.version = version
    this.#head = head
    this.bytesRead = head.length
    this.#clock = clock
    const reader = rangesOf(copy, version)
    this.#gathered = new GatheredRanges(
      {
        read: async (offset, length, signal) => {
          this.requests++
          let came = 0
          const read = async () => {
            const bytes = await reader.read(offset, length, signal)
            came = bytes.length
            this.bytesRead += came
            return bytes
          }
          return measured(copy.name, clock, signal, read, () => came)
        },
      },
      MOST_GAP,
    )
  }

  get size(): number {
    return this.version.size
  }

  get ranges(): readonly ReadRange[] {
    return [...this.#read.values()].toSorted(
      (one, other) => one.offset - other.offset || one.length - other.length,
    )
  }

  async readAll(ranges: readonly ByteRange[], signal: AbortSignal): Promise<TransportBytes[]> {
    return Promise.all(ranges.map((range) => this.#readOne(range, signal)))
  }

  async #readOne(range: ByteRange, signal: AbortSignal): Promise<TransportBytes> {
    const { offset, length } = range
    if (offset < 0 || length < 0 || offset + length > this.size) {
      throw new GreenprintError(
        'raster_unusable',
        `The file names bytes ${offset} to ${offset + length}, but it has only ${this.size}: it is cut short or damaged.`,
      )
    }
    const bytes = await this.#fetch(range, signal)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    this.#read.set(`${offset}+${length}`, { offset, length, sha256 })
    return told(bytes)
  }

  async #fetch(range: ByteRange, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { offset, length } = range
    if (offset + length <= this.#head.length) return this.#head.subarray(offset, offset + length)
    try {
      return await patiently(this.#clock, signal, () => this.#gathered.read(range, signal))
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof SourceFailure ? explainFailure(this.#copy, error, this.version) : error
    }
  }
}

function told(bytes: Uint8Array<ArrayBuffer>): TransportBytes {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the brand exists only in types; this file is its mint
  return bytes as TransportBytes
}
