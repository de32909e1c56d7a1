// Where a leaf lies, as far as its verified parents were read.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { LeafPlaces } from '../../../lib/ipfs/leaf-places.ts'
import { nodeKey, RAW } from '../../../lib/ipld/cid.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const [root, leaf, other] = [1, 2, 3].map((seed) => cidOfBlock(RAW, noise(10, seed)))
assert.ok(root && leaf && other)

it('a root that was not read may be the whole file, and nothing else is known then', () => {
  const places = new LeafPlaces(root)
  assert.deepEqual([places.of(root), places.of(leaf)], ['whole file', null])
})

it('of a root that was read, leaves lie where they were found', () => {
  const places = new LeafPlaces(root)
  places.open()
  places.note(nodeKey(leaf), { offset: 10, length: 20 })
  assert.deepEqual(places.of(leaf), { offset: 10, length: 20 })
  assert.deepEqual([places.of(root), places.of(other)], [null, null])
})
