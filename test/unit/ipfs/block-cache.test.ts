// Blocks in memory: what is counted is what they hold in memory, be they whole or a part of something larger.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BlockCache } from '../../../lib/ipfs/block-cache.ts'
import { RAW } from '../../../lib/ipld/cid.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import type { VerifiedBytes } from '../../../lib/model/bytes.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const LEAF = 1000

/** Leaves that came in one piece of memory. */
function together(count: number): VerifiedBytes[] {
  const memory = new Uint8Array(count * LEAF)
  return Array.from({ length: count }, (_, at) => {
    const leaf = memory.subarray(at * LEAF, (at + 1) * LEAF)
    return verifyBlock(cidOfBlock(RAW, leaf), leaf)!
  })
}

describe('blocks in memory', () => {
  it('that lie together are counted once', () => {
    const cache = new BlockCache(4 * LEAF)
    const leaves = together(4)
    for (const [at, leaf] of leaves.entries()) cache.put(`${at}`, leaf)
    assert.ok(leaves.every((leaf, at) => cache.get(`${at}`) === leaf))
  })

  it('hold the memory that they came in: it counts until the last of them leaves', () => {
    const cache = new BlockCache(8 * LEAF)
    // One of four each: sixteen such leaves would hold sixty-four.
    for (let at = 0; at < 16; at++) cache.put(`${at}`, together(4)[1]!)
    const there = Array.from({ length: 16 }, (_, at) => at).filter((at) => cache.get(`${at}`))
    assert.deepEqual(there, [14, 15])
  })

  it('leave the least recently used first, and make room for as much as they held', () => {
    const cache = new BlockCache(8 * LEAF)
    const [one, two] = together(2)
    const [alone] = together(1)
    cache.put('one', one!)
    cache.put('two', two!)
    cache.put('alone', alone!)
    cache.get('one')
    cache.put('six', together(6)[0]!)
    // 'two' is gone, and 'alone'; 'one' holds the memory of both.
    assert.deepEqual(
      ['one', 'two', 'alone', 'six'].filter((key) => cache.get(key)),
      ['one', 'six'],
    )
    cache.put('two', together(2)[0]!)
    assert.deepEqual(
      ['one', 'six', 'two'].filter((key) => cache.get(key)),
      ['six', 'two'],
    )
  })

  it('are not kept where what they lie in is larger than all that may be', () => {
    const cache = new BlockCache(2 * LEAF)
    cache.put('part', together(3)[0]!)
    assert.equal(cache.get('part'), undefined)
  })
})
