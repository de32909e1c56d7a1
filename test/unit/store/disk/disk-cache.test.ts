// A folder of bounded size: what stays, what leaves first, and what a killed or careless process left in it.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { systemClock } from '../../../../lib/async/clock.ts'
import { createBlocks } from '../../../../lib/ipfs/blocks.ts'
import { BlockRace } from '../../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../../lib/ipfs/read-session.ts'
import { blockKey, RAW } from '../../../../lib/ipld/cid.ts'
import { createDiskCache } from '../../../../lib/store/disk/disk-cache.ts'
import { noise } from '../../../harness/blocks.ts'
import { cidOfBlock } from '../../../harness/cid-of-block.ts'

const signal = new AbortController().signal
let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'greenprint-cache-')), 'cache')
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

const names = async () => (await readdir(folder)).toSorted()

async function bytesOnDisk(): Promise<number> {
  const sizes = await Promise.all((await names()).map((name) => stat(join(folder, name))))
  return sizes.reduce((sum, { size }) => sum + size, 0)
}

describe('what is put', () => {
  it('comes back, now and in the next process', async () => {
    const cache = createDiskCache(folder, 1_000)
    assert.equal(await cache.get('a'), null)
    await cache.put('a', noise(100))
    await cache.put('empty', new Uint8Array(0))
    for (const process of [cache, createDiskCache(folder, 1_000)]) {
      assert.deepEqual(await process.get('a'), noise(100))
      assert.deepEqual(await process.get('empty'), new Uint8Array(0))
      assert.equal(await process.get('b'), null)
    }
  })

  it('replaces what was there, and counts once', async () => {
    const cache = createDiskCache(folder, 250)
    for (let time = 1; time <= 5; time++) await cache.put('a', noise(100, time))
    await cache.put('b', noise(100))
    assert.deepEqual(await cache.get('a'), noise(100, 5))
    assert.deepEqual(await names(), ['a', 'b'])
  })

  it('is not even tried when it is larger than all there may be', async () => {
    const cache = createDiskCache(folder, 99)
    await cache.put('a', noise(100))
    assert.equal(await cache.get('a'), null)
    await assert.rejects(readdir(folder))
  })
})

describe('the cap', () => {
  it('holds, the least recently used leaving first', async () => {
    const cache = createDiskCache(folder, 300)
    for (const key of ['a', 'b', 'c']) await cache.put(key, noise(100))
    await cache.get('a')
    await cache.put('d', noise(100))
    assert.deepEqual(await names(), ['a', 'c', 'd'])
    await cache.put('e', noise(150))
    assert.deepEqual(await names(), ['d', 'e'])
    assert.equal(await cache.get('a'), null)
  })

  it('holds while many are put at once', async () => {
    const cache = createDiskCache(folder, 1_000)
    const puts = Array.from({ length: 60 }, (_, at) => cache.put(`key${at}`, noise(90, at)))
    await Promise.all(puts)
    assert.ok((await bytesOnDisk()) <= 1_000)
    assert.equal((await names()).length, 11)
    for (const name of await names())
      assert.deepEqual(await cache.get(name), noise(90, Number(name.slice(3))))
  })

  it('holds for what an earlier process left, the oldest leaving first', async () => {
    await mkdir(folder)
    for (const [at, name] of ['new', 'old', 'middle'].entries()) {
      await writeFile(join(folder, name), noise(100))
      const written = new Date(2026, 0, [3, 1, 2][at])
      await utimes(join(folder, name), written, written)
    }
    await createDiskCache(folder, 300).put('x', noise(100))
    assert.deepEqual(await names(), ['middle', 'new', 'x'])
  })
})

describe('what a killed process left', () => {
  it('half written is cleared away and never served', async () => {
    await mkdir(folder)
    await writeFile(join(folder, '~4711-0'), noise(500))
    await writeFile(join(folder, 'a'), noise(100))
    const cache = createDiskCache(folder, 550)
    assert.equal(await cache.get('~4711-0'), null)
    await cache.put('b', noise(100))
    assert.deepEqual(await names(), ['a', 'b'])
  })

  it('of another kind is left alone', async () => {
    await mkdir(join(folder, 'folder'), { recursive: true })
    const cache = createDiskCache(folder, 300)
    await cache.put('a', noise(100))
    assert.equal(await cache.get('folder'), null)
    assert.deepEqual(await names(), ['a', 'folder'])
  })
})

describe('a cache in trouble', () => {
  it('that cannot write is no fault', async () => {
    await writeFile(folder, 'a file where the folder should be')
    const cache = createDiskCache(folder, 300)
    await cache.put('a', noise(100))
    assert.equal(await cache.get('a'), null)
  })

  it('whose file somebody took away has it no more, and can have it again', async () => {
    const cache = createDiskCache(folder, 150)
    await cache.put('a', noise(100))
    await rm(join(folder, 'a'))
    assert.equal(await cache.get('a'), null)
    await cache.put('a', noise(100))
    await cache.put('b', noise(50))
    assert.deepEqual(await names(), ['a', 'b'])
  })
})

describe('blocks on this disk', () => {
  const block = noise(1_000)
  const cid = cidOfBlock(RAW, block)

  function startProcess() {
    const gateway = {
      name: 'gateway',
      asked: 0,
      async get() {
        gateway.asked++
        return block
      },
    }
    const blocks = createBlocks({
      own: [],
      disk: createDiskCache(folder, 10_000),
      network: new BlockRace([gateway], systemClock),
      cacheBytes: 0,
    })
    const read = async () => {
      const kept = blocks.keepReads(false, signal)
      kept.opened()
      const reading = new ReadSession().with({ kept })
      assert.deepEqual(await blocks.get(cid, reading, signal), block)
      await blocks.settle()
      return Object.keys(reading.ledger.totals.sources)
    }
    return { read, gateway }
  }

  it('are served from it by the next process, and no gateway is asked', async () => {
    assert.deepEqual(await startProcess().read(), ['gateway'])
    const { read, gateway } = startProcess()
    assert.deepEqual([await read(), gateway.asked], [['disk'], 0])
  })

  const damages: readonly (readonly [string, Uint8Array])[] = [
    ['with one bit flipped', block.map((byte, at) => (at === 500 ? byte ^ 1 : byte))],
    ['cut short', block.subarray(0, 500)],
    ['empty', new Uint8Array(0)],
    ['grown', Buffer.concat([block, block])],
    ['of another CID', noise(1_000, 2)],
  ]
  for (const [name, damaged] of damages) {
    it(`${name} are found out by their hash and replaced`, async () => {
      await startProcess().read()
      const path = join(folder, blockKey(cid))
      await writeFile(path, damaged)
      const { read, gateway } = startProcess()
      assert.deepEqual(await read(), ['gateway'])
      assert.equal(gateway.asked, 1)
      assert.deepEqual(new Uint8Array(await readFile(path)), block)
      assert.deepEqual(await read(), ['disk'])
    })
  }
})
