// How part of a file becomes the dag-pb leaf that a CID names: four encodings of the same bytes.

import { varint } from 'multiformats'

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
export function leafOverhead(length: number, encoding: LeafEncoding): number {
  const inner = fieldsLength(length, encoding)
  return 1 + varint.encodingLength(inner + length) + inner
}

/** The dag-pb block `0a len(08 type 12 len data [18 size])` around `data`. */
export function encodeLeaf(data: Uint8Array, encoding: LeafEncoding): Uint8Array<ArrayBuffer> {
  const { length } = data
  const block = new Uint8Array(length + leafOverhead(length, encoding))
  let at = 0
  const put = (...bytes: readonly number[]) => {
    block.set(bytes, at)
    at += bytes.length
  }
  const putVarint = (value: number) => {
    varint.encodeTo(value, block, at)
    at += varint.encodingLength(value)
  }
  put(0x0a)
  putVarint(length + fieldsLength(length, encoding))
  put(0x08, encoding.type, 0x12)
  putVarint(length)
  block.set(data, at)
  at += length
  if (encoding.filesize) {
    put(0x18)
    putVarint(length)
  }
  return block
}

/** Bytes of the UnixFS message besides the data. */
function fieldsLength(length: number, { filesize }: LeafEncoding): number {
  const size = varint.encodingLength(length)
  return 2 + 1 + size + (filesize ? 1 + size : 0)
}
