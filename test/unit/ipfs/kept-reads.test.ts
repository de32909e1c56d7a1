// What stays of what a request read: nothing before there is a raster, nothing of a request that is refused.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KeptReads } from '../../../lib/ipfs/kept-reads.ts'
import { blockKey, type Cid, RAW } from '../../../lib/ipld/cid.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import type { VerifiedBytes } from '../../../lib/model/bytes.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { importFile } from '../../harness/import-dag.ts'

const never = new AbortController().signal

/** Caches that remember what they were given, and a line of work that is run at once. */
function caches(lasts = true) {
  const disk = new Set<string>()
  const lasting: string[] = []
  const works: Promise<unknown>[] = []
  return {
    disk,
    lasting,
    settle: () => Promise.all(works),
    given: {
      disk: {
        get: async () => null,
        put: async (key: string) => void disk.add(key),
        remove: async (key: string) => void disk.delete(key),
      },
      lasting: lasts ? async (cid: Cid) => void lasting.push(cid.toString()) : null,
      goOn: (work: () => Promise<unknown>) => void works.push(work()),
    },
  }
}

function verified(bytes: Uint8Array<ArrayBuffer>, cid = cidOfBlock(RAW, bytes)) {
  const block = verifyBlock(cid, bytes)
  assert.ok(block !== null)
  return [cid, block] as const satisfies readonly [Cid, VerifiedBytes]
}

const [front, frontBlock] = verified(noise(1000, 1))
const [leaf, leafBlock] = verified(noise(1000, 2))
const file = await importFile(noise(600_000, 3), 'unixfs-v0-2015')
const rootBytes = file.blocks.find(({ cid }) => cid.equals(file.root))?.bytes ?? new Uint8Array(0)
const [root, rootBlock] = verified(rootBytes, file.root)

describe('what a request read', () => {
  it('goes to the disk once there is a raster, and lasts in part once there is an answer', async () => {
    const { disk, lasting, given } = caches()
    const reads = new KeptReads(given, never)
    reads.note(root, 'root', rootBlock)
    reads.note(front, 'front', frontBlock)
    assert.deepEqual([disk.size, lasting.length], [0, 0])
    reads.opened()
    assert.deepEqual([...disk], [blockKey(root), blockKey(front)])
    reads.note(leaf, 'leaf', leafBlock)
    assert.ok(disk.has(blockKey(leaf)))
    assert.deepEqual(lasting, [])
    reads.succeeded()
    await reads[Symbol.asyncDispose]()
    assert.equal(disk.size, 3)
    assert.deepEqual(lasting, [root.toString(), front.toString()])
  })

  it('is gone again when the request is refused', async () => {
    const { disk, lasting, given, settle } = caches()
    {
      await using reads = new KeptReads(given, never)
      reads.note(root, 'root', rootBlock)
      reads.opened()
      reads.note(leaf, 'leaf', leafBlock)
      assert.equal(disk.size, 2)
    }
    await settle()
    assert.deepEqual([disk.size, lasting.length], [0, 0])
  })

  it('never reaches the disk where there is no raster', async () => {
    const { disk, given, settle } = caches()
    const reads = new KeptReads(given, never)
    reads.note(root, 'root', rootBlock)
    await reads[Symbol.asyncDispose]()
    await settle()
    assert.equal(disk.size, 0)
  })

  it('stays on the disk alone when no source had the rest, or the time was up', async () => {
    for (const end of ['interrupted', 'aborted']) {
      const { disk, lasting, given, settle } = caches()
      const request = new AbortController()
      const reads = new KeptReads(given, request.signal)
      reads.note(root, 'root', rootBlock)
      if (end === 'aborted') request.abort()
      else reads.interrupted()
      await reads[Symbol.asyncDispose]()
      await settle()
      assert.deepEqual([[...disk], lasting], [[blockKey(root)], []], end)
    }
  })

  it('does not last where nothing of the caller may', async () => {
    const { disk, lasting, given } = caches(false)
    const reads = new KeptReads(given, never)
    reads.note(root, 'root', rootBlock)
    reads.opened()
    reads.succeeded()
    assert.deepEqual([disk.size, lasting.length], [1, 0])
  })

  it('has a share of the disk, and a smaller one of memory', () => {
    const { disk, lasting, given } = caches()
    const blocks = Array.from({ length: 80 }, (_, seed) => verified(noise(1024 * 1024, seed)))
    const reads = new KeptReads(given, never)
    for (const [cid, block] of blocks.slice(0, 20)) reads.note(cid, 'leaf', block)
    reads.opened()
    assert.equal(disk.size, 8)
    for (const [cid, block] of blocks) reads.note(cid, 'leaf', block)
    assert.ok(disk.size <= 64, `${disk.size} MiB`)
    reads.succeeded()
    assert.deepEqual(lasting, [])
  })
})
