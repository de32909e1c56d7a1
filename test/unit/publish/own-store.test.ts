// The local and S3 publishers: what lies where, and that "held" is believed only after reading back.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { blockKey, parseCid } from '../../../lib/ipld/cid.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { createLocalPublisher, createS3Publisher } from '../../../lib/publish/own-store.ts'
import { folderIn } from '../../../lib/publish/public-folder.ts'
import { readContent } from '../../../lib/store/file-content.ts'
import { createS3Store } from '../../../lib/store/s3/s3.ts'
import { createMemoryStore, type MemoryStore } from '../../harness/memory-store.ts'
import { startS3Stub } from '../../harness/s3-stub.ts'
import { sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal

/** A store that has the sample files, nothing of it published. */
async function freshStore() {
  const objects = createMemoryStore()
  const store = createContentStore(objects)
  const upload = await uploadOf(sampleFiles(), store)
  return { objects, store, upload, root: upload.root.toString() }
}

/** Objects under `published/` that are no record of where something lies. */
function publishedFiles({ objects }: MemoryStore, root: string): string[] {
  return [...objects.keys()].filter((key) => key.startsWith(`published/${root}/`)).toSorted()
}

describe('a result that its own store publishes', () => {
  it('lies under its root, each file once', async () => {
    const { objects, store, upload, root } = await freshStore()
    const receipt = await createLocalPublisher(store).publish(upload, signal)
    assert.deepEqual(receipt, { status: 'held' })
    for (const [name, content] of sampleFiles()) {
      const found = objects.objects.get(`published/${root}/${name}`)
      assert.deepEqual(found, await readContent(content, signal), name)
    }
    assert.equal(publishedFiles(objects, root).length, sampleFiles().size)
    assert.deepEqual(
      [...objects.objects.keys()].filter((key) => key.startsWith('files/')),
      [],
      'what was moved is not where it was',
    )
  })

  it('that goes there as it is made is the same', async () => {
    const { objects, store, upload, root } = await freshStore()
    await createLocalPublisher(store).publish(upload, signal)
    const direct = createMemoryStore()
    await packDirectory(sampleFiles(), createContentStore(direct), 'published', signal)
    const published = (from: MemoryStore) =>
      new Map([...from.objects].filter(([key]) => key.startsWith('published/')))
    assert.deepEqual(published(direct), published(objects))
    assert.ok([...direct.objects.keys()].every((key) => key.startsWith('published/')))
    const again = createContentStore(direct)
    assert.deepEqual(await createLocalPublisher(again).publish(upload, signal), { status: 'held' })
    assert.equal(publishedFiles(direct, root).length, sampleFiles().size)
  })

  it('is held again by asking again, and outlasts what expires', async () => {
    const { objects, store, upload } = await freshStore()
    const publisher = createLocalPublisher(store)
    await publisher.publish(upload, signal)
    for (const key of objects.objects.keys()) {
      if (!key.startsWith('published/')) objects.objects.delete(key)
    }
    const later = createContentStore(objects)
    assert.deepEqual(await createLocalPublisher(later).publish(upload, signal), { status: 'held' })
    assert.ok(await later.has(upload.root, signal))
    const whole = await uploadOf(sampleFiles(), { ...later, keep: async () => undefined })
    assert.deepEqual(whole.bytes, upload.bytes)
  })

  it('of which a file was damaged there is not held', async () => {
    const { objects, store, upload, root } = await freshStore()
    await createLocalPublisher(store).publish(upload, signal)
    for (const key of publishedFiles(objects, root)) {
      const bytes = objects.objects.get(key)
      assert.ok(bytes !== undefined)
      // Nothing is to be damaged of an empty file, and item.json is here the same file as request.json.
      if (bytes.length === 0 || key.endsWith('/item.json')) continue
      objects.objects.set(key, bytes.with(0, (bytes[0] ?? 0) ^ 1))
      const receipt = await createLocalPublisher(createContentStore(objects)).publish(
        upload,
        signal,
      )
      assert.ok(receipt.status === 'unproven', key)
      assert.match(receipt.reason, /cannot be read back|is not in the store any more/)
      objects.objects.set(key, bytes)
    }
  })

  it('of which a part is gone before is not held', async () => {
    for (const name of ['figure', 'cog']) {
      const { objects, store, upload, root } = await freshStore()
      const { assets } = await packDirectory(sampleFiles(), store, 'made', signal)
      const cid = assets[name]?.cid ?? ''
      const key = name === 'cog' ? `files/${cid}` : `blocks/${blockKey(parseCid(cid))}`
      assert.ok(objects.objects.delete(key), key)
      const receipt = await createLocalPublisher(createContentStore(objects)).publish(
        upload,
        signal,
      )
      assert.ok(receipt.status === 'unproven', name)
      assert.match(receipt.reason, /is not in the store any more/)
      assert.ok(!objects.objects.has(`published/blocks/${blockKey(parseCid(root))}`))
    }
  })

  it('by a store that forgets is not held', async () => {
    const { store, upload } = await freshStore()
    const forgetful = { publish: async () => true, published: { ...store.published } }
    const receipt = await createLocalPublisher(forgetful).publish(upload, signal)
    assert.ok(receipt.status === 'unproven')
    assert.match(receipt.reason, new RegExp(`${upload.root.toString()} cannot be read back`))
  })
})

it('s3: objects lie under prefix and root with their types, and the href names the folder', async () => {
  const stub = await startS3Stub()
  const objects = createS3Store({
    bucket: stub.bucket,
    prefix: 'ndvi',
    region: stub.account.region,
    endpoint: stub.endpoint,
    credentials: stub.account,
  })
  try {
    const store = createContentStore(objects)
    const upload = await uploadOf(sampleFiles(), store)
    const root = upload.root.toString()
    const publisher = createS3Publisher(store, folderIn(objects.name, null))
    const receipt = { status: 'held', href: `s3://maps/ndvi/published/${root}/` }
    assert.deepEqual(await publisher.publish(upload, signal), receipt)
    const types = [...stub.objects]
      .filter(([key]) => key.startsWith(`ndvi/published/${root}/`))
      .map(([key, object]) => [key.split('/').at(-1), object.contentType])
    assert.deepEqual(Object.fromEntries(types), {
      'figure.png': 'image/png',
      'item.json': 'application/geo+json',
      'request.json': 'application/json',
      'ndvi.tif': 'image/tiff; application=geotiff; profile=cloud-optimized',
      empty: 'application/octet-stream',
    })
    assert.deepEqual(await publisher.publish(upload, signal), receipt)
    const asked = stub.requests.length
    assert.deepEqual(await publisher.publish(upload, signal), receipt)
    const writes = stub.requests.slice(asked).filter((line) => line.startsWith('PUT'))
    assert.deepEqual(
      writes.filter((line) => line.includes(root)),
      [],
      'no file is written twice',
    )
  } finally {
    await objects.close()
    await stub.stop()
  }
})
