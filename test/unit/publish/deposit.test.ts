// The local and S3 publishers: what lies where, and that "held" is believed only after reading back.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLocalPublisher } from '../../../lib/publish/local.ts'
import { createS3Publisher } from '../../../lib/publish/s3.ts'
import { createDiskStore } from '../../../lib/store/disk/disk.ts'
import type { ObjectStore } from '../../../lib/store/objects.ts'
import { createS3Store } from '../../../lib/store/s3/s3.ts'
import { startS3Stub } from '../../harness/s3-stub.ts'
import { sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal
const upload = await uploadOf(sampleFiles())
const root = upload.root.toString()
const carKey = `published/${root}/${root}.car`

let folder = ''
let stores = 0
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenprint-deposit-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const freshStore = () => createDiskStore(join(folder, String(++stores)))

test('local: the CAR and every file lie under the root', async () => {
  const store = freshStore()
  const receipt = await createLocalPublisher(store).publish(upload, signal)
  assert.deepEqual(receipt, { status: 'held' })
  assert.ok(Buffer.from(upload.car).equals((await store.get(carKey, signal))?.body ?? Buffer.of()))
  for (const [name, { bytes }] of upload.files) {
    const found = await store.get(`published/${root}/${name}`, signal)
    assert.ok(Buffer.from(bytes).equals(found?.body ?? Buffer.of(0)), name)
  }
})

test('local: publishing again is success and writes nothing', async () => {
  const store = freshStore()
  await createLocalPublisher(store).publish(upload, signal)
  const writes: boolean[] = []
  const watched: ObjectStore = {
    ...store,
    async put(...write) {
      const outcome = await store.put(...write)
      writes.push(outcome.written)
      return outcome
    },
  }
  assert.deepEqual(await createLocalPublisher(watched).publish(upload, signal), { status: 'held' })
  assert.deepEqual(
    writes,
    Array.from({ length: 6 }, () => false),
  )
})

test('local: a CAR that was there and is damaged is not held', async () => {
  for (const { cid, offset } of upload.sampleBlocks) {
    const store = freshStore()
    const damaged = upload.car.slice()
    damaged[offset] = (damaged[offset] ?? 0) ^ 1
    await store.put(carKey, damaged, {}, signal)
    const receipt = await createLocalPublisher(store).publish(upload, signal)
    assert.ok(receipt.status === 'unproven')
    assert.match(receipt.reason, new RegExp(`${cid.toString()} cannot be read back`))
  }
})

test('local: a CAR that was there and is too short is not held', async () => {
  const store = freshStore()
  await store.put(carKey, upload.car.subarray(0, 200), {}, signal)
  assert.equal((await createLocalPublisher(store).publish(upload, signal)).status, 'unproven')
})

test('local: another file under the same name is not held', async () => {
  const store = freshStore()
  await store.put(`published/${root}/figure.png`, new Uint8Array(3), {}, signal)
  const receipt = await createLocalPublisher(store).publish(upload, signal)
  assert.ok(receipt.status === 'unproven')
  assert.match(receipt.reason, /a different figure\.png/)
})

test('local: a store that forgets is not believed', async () => {
  const forgetful: ObjectStore = {
    ...freshStore(),
    put: async () => ({ written: true, etag: 'x' }),
  }
  assert.equal((await createLocalPublisher(forgetful).publish(upload, signal)).status, 'unproven')
})

test('s3: objects lie under prefix and root with their types, and the href names the folder', async () => {
  const stub = await startS3Stub()
  const store = createS3Store({
    bucket: stub.bucket,
    prefix: 'ndvi',
    region: stub.account.region,
    endpoint: stub.endpoint,
    credentials: stub.account,
  })
  try {
    const publisher = createS3Publisher(store)
    const receipt = { status: 'held', href: `s3://maps/ndvi/${root}/` }
    assert.deepEqual(await publisher.publish(upload, signal), receipt)
    const types = [...stub.objects].map(([key, object]) => [key, object.contentType])
    assert.deepEqual(Object.fromEntries(types), {
      [`ndvi/${root}/${root}.car`]: 'application/vnd.ipld.car; version=1',
      [`ndvi/${root}/figure.png`]: 'image/png',
      [`ndvi/${root}/item.json`]: 'application/geo+json',
      [`ndvi/${root}/request.json`]: 'application/json',
      [`ndvi/${root}/ndvi.tif`]: 'image/tiff; application=geotiff; profile=cloud-optimized',
      [`ndvi/${root}/empty`]: 'application/octet-stream',
    })
    assert.deepEqual(await publisher.publish(upload, signal), receipt)
  } finally {
    await store.close()
    await stub.stop()
  }
})
