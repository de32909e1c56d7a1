// Rows of a composite that were composed by a worker whose time was up before it had them all: the next goes on there.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import type { KeptRows } from '../pixels/compose.ts'
import type { RowBlock } from '../pixels/compose-plan.ts'
import type { ComposedRows } from '../pixels/composed-rows.ts'
import type { ObjectStore } from '../store/objects.ts'

/** Where rows are kept until the composite is done. */
const FOLDER = 'composites'
/** Of a composite; each has at least some hundred rows. */
const MOST_BLOCKS = 1_000

const pack = promisify(zstdCompress)
const unpack = promisify(zstdDecompress)
/** Twice as fast as the default, and a tenth larger. */
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

export interface KeptRowsStore {
  readonly objects: ObjectStore
  /** Rows are kept of composites that read more pixels of all scenes together. */
  readonly longWork: number
}

export interface Rows extends KeptRows {
  /** Nothing of them is kept any more. A store that fails is no failure: what is left expires. */
  forget(signal: AbortSignal): Promise<void>
}

/**
 * @param id of the composite: everything that decides its pixels
 * @throws {GreenprintError} `store_failed`
 */
export async function openKeptRows(
  id: string,
  { objects }: Pick<KeptRowsStore, 'objects'>,
  signal: AbortSignal,
): Promise<Rows> {
  const folder = `${FOLDER}/${id}`
  const keyOf = (row: number) => `${folder}/${String(row).padStart(8, '0')}`
  const keys = await objects.list(folder, null, MOST_BLOCKS, signal)
  const known = new Set(keys.map((key) => Number(key.slice(folder.length + 1))))
  const written = new Set(known)
  return {
    known,
    async get(block, cols, stop) {
      const stored = await objects.get(keyOf(block.row), stop)
      return stored && decode(stored.body, block, cols)
    },
    async put(rows, stop) {
      await objects.put(keyOf(rows.row), await encode(rows), {}, stop)
      written.add(rows.row)
    },
    async forget(stop) {
      try {
        for (const row of written) await objects.remove(keyOf(row), stop)
      } catch {
        stop.throwIfAborted()
      }
    },
  }
}

const HASH_BYTES = 32
const LENGTH_BYTES = 4

/** SHA-256 of all that follows; how long the packed values are; these, and the packed marks. */
async function encode({ values, marks }: ComposedRows): Promise<Uint8Array> {
  const parts = await Promise.all([values, marks].map(async (part) => pack(bytesOf(part), level)))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(parts[0]!.length)
  const body = Buffer.concat([length, ...parts])
  return Buffer.concat([createHash('sha256').update(body).digest(), body])
}

/** null for what was not written whole, or is of other rows. */
async function decode(
  bytes: Uint8Array<ArrayBuffer>,
  block: RowBlock,
  cols: number,
): Promise<ComposedRows | null> {
  const body = bytes.subarray(HASH_BYTES)
  const hash = createHash('sha256').update(body).digest()
  if (!hash.equals(bytes.subarray(0, HASH_BYTES)) || body.length < LENGTH_BYTES) return null
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true)
  const packed = body.subarray(LENGTH_BYTES)
  const [values, marks] = await Promise.all([
    unpack(packed.subarray(0, length)),
    unpack(packed.subarray(length)),
  ])
  const size = block.rows * cols
  if (values.length !== 4 * size || marks.length !== 2 * size) return null
  return {
    ...block,
    values: new Float32Array(bufferOf(values)),
    marks: new Uint16Array(bufferOf(marks)),
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Of its own, as views of wider numbers want it. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return byteOffset === 0 && byteLength === buffer.byteLength
    ? buffer
    : buffer.slice(byteOffset, byteOffset + byteLength)
}
