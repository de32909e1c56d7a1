// A reading: never changed, one account for all its parts; and which store lacks its leaves.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { StoreGaps } from '../../../lib/ipfs/store-gaps.ts'
import { DAG_PB, RAW } from '../../../lib/ipld/cid.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const cid = cidOfBlock(DAG_PB, noise(100))

describe('a reading', () => {
  it('stays as it is when more is known, and the rest goes on its account', () => {
    const session = new ReadSession()
    const known = session.with({ root: cid })
    const further = known.with({ prefetch: { start: () => undefined, take: async () => null } })
    assert.deepEqual(
      [session.root, known.root, known.prefetch, further.root],
      [null, cid, null, cid],
    )
    assert.equal(further.ledger, session.ledger)
    assert.equal(further.gaps, session.gaps)
  })
})

describe('the own stores', () => {
  it('that lack its leaves, or all of it, are known', () => {
    const gaps = new StoreGaps()
    gaps.note('disk', 'leaf')
    gaps.note('bucket', 'root')
    gaps.note('bucket', 'leaf')
    gaps.note('elsewhere', 'inner')
    const lacks = (store: string) => [gaps.lacks(store, 'inner'), gaps.lacks(store, 'leaf')]
    assert.deepEqual(lacks('disk'), [false, true])
    assert.deepEqual(lacks('bucket'), [true, true])
    assert.deepEqual(lacks('elsewhere'), [false, false])
  })

  it('are asked for a root in any case', () => {
    const gaps = new StoreGaps()
    gaps.note('bucket', 'root')
    assert.deepEqual(
      [gaps.lacks('bucket', 'root'), gaps.lacks('bucket', 'unknown')],
      [false, false],
    )
  })
})

describe('its ledger', () => {
  it('counts a block once, under the source that served it first, and every request', () => {
    const { ledger } = new ReadSession()
    for (let request = 0; request < 4; request++) ledger.countRequest()
    ledger.record(cid, 100, 'a')
    ledger.record(cid.toV0(), 100, 'memory')
    ledger.record(cidOfBlock(RAW, noise(5)), 5, 'b')
    assert.deepEqual(ledger.totals, {
      bytes_read: 105,
      blocks: 2,
      requests: 4,
      sources: { a: 1, b: 1 },
    })
  })
})
