// Blocks in an object store: kept once, by their hash alone.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { blockKey, DAG_PB, parseCid, RAW } from '../../../lib/ipld/cid.ts'
import { createBlockStore } from '../../../lib/kept/block-store.ts'
import { createDiskStore } from '../../../lib/store/disk/disk.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const signal = new AbortController().signal
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true, force: true }))

const objects = createDiskStore(folder)
const store = createBlockStore(objects)
const block = noise(1000)

describe('a block', () => {
  it('comes back as it was put', async () => {
    const cid = cidOfBlock(RAW, block)
    await store.put(cid, block, signal)
    assert.deepEqual(await store.get(cid, signal), block)
    assert.equal(store.name, 'store')
  })

  it('is null where it is not', async () => {
    assert.equal(await store.get(cidOfBlock(RAW, noise(5, 9)), signal), null)
  })

  it('may be empty', async () => {
    const empty = new Uint8Array(0)
    await store.put(cidOfBlock(RAW, empty), empty, signal)
    assert.deepEqual(await store.get(cidOfBlock(RAW, empty), signal), empty)
  })

  it('is the same by CIDv0, by CIDv1 and by any codec', async () => {
    const v1 = cidOfBlock(DAG_PB, noise(50, 2))
    const v0 = v1.toV0()
    assert.equal(v0.version, 0)
    await store.put(v0, noise(50, 2), signal)
    for (const cid of [v0, v1, parseCid(v0.toString()), cidOfBlock(RAW, noise(50, 2))]) {
      assert.deepEqual(await store.get(cid, signal), noise(50, 2))
    }
  })

  it('lies under its key alone', async () => {
    const names = await readdir(join(folder, 'blocks'))
    assert.ok(names.includes(blockKey(cidOfBlock(RAW, block))))
    for (const name of names) assert.match(name, /^[a-z2-7]+$/)
  })

  it('that is there already is not written again', async () => {
    const cid = cidOfBlock(RAW, noise(60, 3))
    const written: boolean[] = []
    const watching = createBlockStore({
      ...objects,
      async put(key, body, options, stop) {
        const outcome = await objects.put(key, body, options, stop)
        written.push(outcome.written)
        return outcome
      },
    })
    await watching.put(cid, noise(60, 3), signal)
    await watching.put(cid, noise(60, 3), signal)
    assert.deepEqual(written, [true, false])
  })

  it('that was damaged where it lay, or cut short, is replaced by a good one', async () => {
    const cid = cidOfBlock(RAW, noise(70, 4))
    for (const damaged of [noise(70, 5), noise(10, 4), new Uint8Array(0)]) {
      await objects.put(`blocks/${blockKey(cid)}`, damaged, {}, signal)
      await store.put(cid, noise(70, 4), signal)
      assert.deepEqual(await store.get(cid, signal), noise(70, 4))
    }
  })
})
