// The sample that is shipped is the one that its maker makes, byte for byte.

import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { blockKey, DAG_PB, parseCid } from '../../../lib/ipld/cid.ts'
import { sampleBlocks, sampleItem, sampleRequest, sampleRoot } from '../../../lib/sample/sample.ts'
import { makeSample } from '../../fixtures/make-sample.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const signal = new AbortController().signal
const made = await makeSample()

describe('the sample', () => {
  it('has exactly the blocks that are made of the fixture', async () => {
    const folder = new URL('../../../lib/sample/scene/blocks/', import.meta.url)
    assert.deepEqual((await readdir(folder)).toSorted(), [...made.blocks.keys()].toSorted())
    const shipped = sampleBlocks()
    for (const [key, bytes] of made.blocks) {
      const cid = cidOfBlock(DAG_PB, bytes)
      assert.equal(blockKey(cid), key)
      const block = await shipped.get(cid, signal)
      assert.ok(block !== null && Buffer.from(block).equals(bytes), key)
    }
    assert.equal(shipped.name, 'sample')
  })

  it('has the item that is made of the fixture', async () => {
    assert.deepEqual(await sampleItem(), made.item)
  })

  it('has nothing of a block that it has not', async () => {
    const other = parseCid('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi')
    assert.equal(await sampleBlocks().get(other, signal), null)
  })

  it('is asked for whole, in the forms of the main job', async () => {
    const { item, ...rest } = await sampleRequest()
    assert.deepEqual(item, made.item)
    assert.deepEqual(rest, {
      scale: 'auto',
      mask: [],
      max_size: 1024,
      colormap_name: 'rdylgn',
      rescale: [-1, 1],
      outputs: ['figure', 'cog', 'item'],
    })
  })

  it('has a known root, which is a directory under a CIDv1', async () => {
    const root = parseCid(await sampleRoot())
    assert.deepEqual([root.version, root.code], [1, DAG_PB])
  })
})
