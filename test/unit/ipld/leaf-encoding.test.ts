// Leaves spelled out: the same bytes that the importers write, in each of four spellings.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { DAG_PB } from '../../../lib/ipld/cid.ts'
import { encodeLeaf, leafEncodings, leafOverhead } from '../../../lib/ipld/leaf-encoding.ts'
import { decodeFileNode } from '../../../lib/ipld/unixfs.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

/** Around every length at which a varint grows, and the chunks of real importers. */
const lengths = [1, 120, 127, 128, 129, 16_383, 16_384, 262_144, 1_048_576]

describe('a leaf', () => {
  for (const [type, name] of [
    [2, 'file'],
    [0, 'raw'],
  ] as const) {
    it(`of type ${name} with its size is what UnixFS writes`, () => {
      for (const length of lengths) {
        const data = noise(length)
        const block = encode({ Data: new UnixFS({ type: name, data }).marshal(), Links: [] })
        assert.ok(Buffer.from(block).equals(encodeLeaf(data, { type, filesize: true })))
      }
    })
  }

  for (const encoding of leafEncodings) {
    it(`(${JSON.stringify(encoding)}) is as long as announced and holds its data`, () => {
      for (const length of [0, ...lengths]) {
        const data = noise(length)
        const bytes = encodeLeaf(data, encoding)
        assert.equal(bytes.length - length, leafOverhead(length, encoding))
        const cid = cidOfBlock(DAG_PB, bytes)
        const block = verifyBlock(cid, bytes)
        assert.ok(block)
        const node = decodeFileNode(cid, block)
        assert.ok(Buffer.from(node.data).equals(data))
        assert.deepEqual(node.children, [])
      }
    })
  }

  it('without its size lacks its last field and nothing else', () => {
    const whole = encodeLeaf(noise(100), { type: 2, filesize: true })
    const short = encodeLeaf(noise(100), { type: 2, filesize: false })
    assert.deepEqual(short.slice(2), whole.slice(2, -2))
    assert.deepEqual(whole.slice(-2), Uint8Array.of(0x18, 100))
  })

  it('of 256 KiB is 14 bytes longer than its data', () => {
    assert.equal(leafOverhead(262_144, { type: 2, filesize: true }), 14)
    assert.equal(leafOverhead(262_144, { type: 2, filesize: false }), 10)
  })
})
