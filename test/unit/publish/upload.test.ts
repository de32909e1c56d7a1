// A directory on its way to publishers: the very CAR that it is in memory, written while it is sent, from any byte on.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { createKuboPublisher } from '../../../lib/publish/kubo.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { type CarContent, openUpload } from '../../../lib/publish/upload.ts'
import { memoryContent, readContent } from '../../../lib/store/file-content.ts'
import { noise } from '../../harness/blocks.ts'
import { importDirectory } from '../../harness/import-dag.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { fakeKey, startFakeKubo } from '../../harness/publishing-fakes.ts'
import { validateCar } from '../../harness/validate-car.ts'
import { sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal
const MIB = 1024 * 1024
const tif = noise(5 * MIB + 77)
const contents = new Map([
  ['item.json', noise(3000, 5)],
  ['ndvi.tif', tif],
])

async function kept() {
  const objects = createMemoryStore()
  const store = createContentStore(objects)
  const files = [...contents].map(([name, bytes]) => [name, memoryContent(bytes)] as const)
  const { root, assets } = await packDirectory(new Map(files), store, 'made', signal)
  return { objects, store, root, file: `files/${assets['cog']?.cid}` }
}

async function read(car: CarContent, from = 0): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of car.pieces(signal, from)) pieces.push(piece)
  return Buffer.concat(pieces)
}

describe('the CAR of an upload', () => {
  it('is the one that its receiver would check, as long as it says, each time', async () => {
    for (const upload of [await uploadOf(sampleFiles()), null]) {
      const { store, root } = await kept()
      const { car, root: top } = upload ?? (await openUpload(root, store, signal))!
      for (let time = 0; time < 2; time++) {
        const bytes = new Uint8Array(await readContent(car, signal))
        await validateCar(bytes, top)
        if (upload !== null) assert.ok(Buffer.from(upload.bytes).equals(bytes))
      }
    }
  })

  it('is opened by reading each node once, and no leaf of a file in one piece', async () => {
    const { objects, root } = await kept()
    const read: string[] = []
    const counted = createContentStore({
      ...objects,
      get: async (key, stop) => {
        const found = await objects.get(key, stop)
        if (found !== null) read.push(key)
        return found
      },
    })
    await openUpload(root, counted, signal)
    const nodes = read.filter((key) => key.startsWith('blocks/'))
    // The directory, the node of the TIFF, and the item, which is one block.
    assert.deepEqual([nodes.length, new Set(nodes).size], [3, 3])
  })

  it('is written from any byte on, and what is left out is not read', async () => {
    const { objects, root } = await kept()
    let ranges = 0
    const counted = createContentStore({
      ...objects,
      getRange: (key, offset, length, stop) => {
        ranges += 1
        return objects.getRange(key, offset, length, stop)
      },
    })
    const { car } = (await openUpload(root, counted, signal))!
    const whole = await read(car)
    for (const from of [0, 1, 58, 59, 60, 200, MIB, 3 * MIB + 5, car.size - 1, car.size]) {
      assert.ok((await read(car, from)).equals(whole.subarray(from)), String(from))
    }
    ranges = 0
    await read(car, car.size - 10)
    assert.equal(ranges, 1)
  })

  it('goes on while its files are moved to where they stay', async () => {
    const { store, root } = await kept()
    const { car } = (await openUpload(root, store, signal))!
    const whole = await read(car)
    const pieces: Uint8Array[] = []
    for await (const piece of car.pieces(signal)) {
      if (pieces.push(piece) === 4) await store.publish(root, mediaTypeOf, signal)
    }
    assert.ok(Buffer.concat(pieces).equals(whole))
  })

  it('has few blocks in memory at a time, and reads no more once nobody wants it', async () => {
    const { objects, root } = await kept()
    let reading = 0
    const store = createContentStore({
      ...objects,
      getRange: (key, offset, length, stop) => {
        reading += 1
        return objects.getRange(key, offset, length, stop)
      },
    })
    const { car } = (await openUpload(root, store, signal))!
    reading = 0
    for await (const _ of car.pieces(signal)) break
    assert.ok(reading <= 6, String(reading))
    const before = reading
    const gone = new AbortController()
    const pieces = car.pieces(gone.signal)[Symbol.asyncIterator]()
    gone.abort(new Error('gone home'))
    await assert.rejects(async () => {
      for (;;) if ((await pieces.next()).done === true) return
    }, /gone home/)
    assert.ok(reading - before <= 6)
  })
})

describe('a directory of which a part is gone', () => {
  it('is no upload, whichever it is', async () => {
    const { blocks } = await importDirectory(contents, 'unixfs-v1-2025')
    const { objects, file, root } = await kept()
    const keys = [...objects.objects.keys()].filter((key) => !isPlace(objects.objects.get(key)!))
    assert.ok(keys.includes(file) && blocks.length > keys.length)
    for (const key of keys) {
      const bytes = objects.objects.get(key)!
      objects.objects.delete(key)
      const store = createContentStore(objects)
      assert.equal(await openUpload(root, store, signal), null, key)
      objects.objects.set(key, bytes)
    }
    objects.objects.set(file, tif.slice(0, -1))
    assert.equal(await openUpload(root, createContentStore(objects), signal), null)
  })

  it('that is damaged while it is sent is told by the block, and the service holds nothing', async () => {
    const { objects, store, root, file } = await kept()
    const { service, cars } = await startFakeKubo()
    after(() => service.stop())
    const http = createHttp({ allowedHosts: [], allowPrivate: false })
    const times = { callMs: 2_000, mebibyteMs: 50, pauseMs: 5 }
    const headers = { authorization: `Bearer ${fakeKey}` }
    const kubo = createKuboPublisher({ url: service.url, headers }, http, systemClock, times)
    const upload = (await openUpload(root, store, signal))!
    objects.objects.set(file, tif.with(3 * MIB, tif[3 * MIB]! ^ 1))
    await assert.rejects(kubo.publish(upload, signal), {
      code: 'store_failed',
      message: /lost or damaged block bafkrei.*no-cache/,
    })
    assert.equal(cars.size, 0)
    objects.objects.set(file, tif)
    assert.deepEqual(await kubo.publish(upload, signal), { status: 'held' })
  })
})

function isPlace(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 8)) === '{"key":"'
}
