// Which blocks of a file a byte range of it needs, in the order of a CAR.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cid } from '../../../lib/ipld/cid.ts'
import { blocksOfEntity, readEntityBytes } from '../../../lib/ipld/entity-bytes.ts'
import { importFile } from '../../../lib/ipld/importer.ts'
import { noise } from '../../harness/blocks.ts'

const LEAF = 262_144
const bytes = noise(46_000_000)
const { root, blocks } = await importFile(bytes, 'unixfs-v0-2015')
const known = new Map(blocks.map((block) => [block.cid.toString(), block.bytes]))
const get = async (cid: Cid) => {
  const block = known.get(cid.toString())
  assert.ok(block)
  return block
}

describe('entity-bytes', () => {
  const rows: [text: string, blocks: number, meaning: string][] = [
    ['0:0', 3, 'the root, its first inner node and the first leaf'],
    [`0:${LEAF - 1}`, 3, 'one whole leaf and not the next'],
    [`0:${LEAF}`, 4, 'one byte of the next leaf'],
    ['-1:*', 3, 'the last byte, through the second inner node'],
    [`-${LEAF}:-1`, 4, 'the last leaf and the end of the one before'],
    ['0:*', blocks.length, 'all'],
    ['99999999:*', 1, 'a range beyond the end: the root alone'],
  ]
  for (const [text, count, meaning] of rows) {
    it(`${text} needs ${meaning}`, async () => {
      const entity = readEntityBytes(text)
      assert.ok(entity)
      const found = await blocksOfEntity(root, entity, get)
      assert.equal(found.length, count)
      const order = new Map(blocks.map((block, at) => [block.cid.toString(), at]))
      const places = found.map(({ cid }) => order.get(cid.toString()) ?? -1)
      assert.deepEqual(
        places,
        places.toSorted((one, other) => one - other),
        'depth first',
      )
    })
  }

  it('is two numbers, or one and a star', () => {
    assert.deepEqual(readEntityBytes('-5:*'), { from: -5, to: null })
    for (const text of ['', '5', ':', '1:', '*:1', 'a:b', '1:2:3', '0x1:2', '1.5:2']) {
      assert.equal(readEntityBytes(text), null, text)
    }
  })
})
