// How a stretch of a file becomes the dag-pb leaf that a CID names: four spellings of the same bytes.

/**
 * UnixFS Data of a leaf: type File (2) or Raw (0), with the file size in it or without. What `ipfs add` and
 * the importers of js-ipfs and go-ipfs have written over the years.
 */
export interface LeafEncoding {
  readonly type: 0 | 2
  readonly filesize: boolean
}

export const leafEncodings: readonly LeafEncoding[] = [
  { type: 2, filesize: true },
  { type: 0, filesize: true },
  { type: 2, filesize: false },
  { type: 0, filesize: false },
]

/** Bytes that an encoding adds to a leaf of `length` bytes (14 for 256 KiB with the size). */
export function leafOverhead(length: number, { filesize }: LeafEncoding): number {
  const size = varintLength(length)
  const inner = 2 + 1 + size + (filesize ? 1 + size : 0)
  return 1 + varintLength(inner + length) + inner
}

/** The dag-pb block `0a len(08 type 12 len data [18 size])` around `data`. */
export function encodeLeaf(data: Uint8Array, encoding: LeafEncoding): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(data.length + leafOverhead(data.length, encoding))
  const size = varintLength(data.length)
  const inner = data.length + 2 + 1 + size + (encoding.filesize ? 1 + size : 0)
  let at = 0
  block[at++] = 0x0a
  at = writeVarint(block, at, inner)
  block[at++] = 0x08
  block[at++] = encoding.type
  block[at++] = 0x12
  at = writeVarint(block, at, data.length)
  block.set(data, at)
  at += data.length
  if (encoding.filesize) {
    block[at++] = 0x18
    writeVarint(block, at, data.length)
  }
  return block
}

function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++
  return length
}

/** @returns where the next byte goes */
function writeVarint(block: Uint8Array, start: number, value: number): number {
  let at = start
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) block[at++] = (rest % 0x80) | 0x80
  block[at++] = rest
  return at
}
