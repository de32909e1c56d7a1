// What is known of a file while it is read: which store lacks its leaves, what came unasked, what it cost.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { cidOfBlock, DAG_PB, RAW } from '../../../lib/ipld/cid.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import { noise } from '../../harness/blocks.ts'

const bytes = noise(100)
const cid = cidOfBlock(DAG_PB, bytes)
const block = verifyBlock(cid, bytes)
assert.ok(block)

describe('a reading', () => {
  it('knows which store lacks its leaves, which all of it, and of no other', () => {
    const reading = new ReadSession()
    reading.noteLack('disk', 'leaf')
    reading.noteLack('bucket', 'root')
    reading.noteLack('bucket', 'leaf')
    const lacks = (store: string) => [reading.lacks(store, 'inner'), reading.lacks(store, 'leaf')]
    assert.deepEqual(lacks('disk'), [false, true])
    assert.deepEqual(lacks('bucket'), [true, true])
    assert.deepEqual(lacks('elsewhere'), [false, false])
  })

  it('finds what came unasked by any CID of the same block', () => {
    const reading = new ReadSession()
    reading.bring(cid, block, 'https://gateway.example')
    const brought = { block, source: 'https://gateway.example' }
    assert.deepEqual(reading.brought(cid.toV0()), brought)
    assert.deepEqual(reading.brought(cidOfBlock(RAW, bytes)), brought)
    assert.equal(reading.brought(cidOfBlock(RAW, noise(1))), null)
  })
})

describe('its ledger', () => {
  it('counts a block once, under the source that served it first, and every request', () => {
    const { ledger } = new ReadSession()
    ledger.countRequest()
    ledger.record(cid, 100, 'a', 2)
    ledger.record(cid.toV0(), 100, 'memory', 0)
    ledger.record(cidOfBlock(RAW, noise(5)), 5, 'b', 1)
    assert.deepEqual(ledger.totals, {
      bytes_read: 105,
      blocks: 2,
      requests: 4,
      sources: { a: 1, b: 1 },
    })
  })
})
