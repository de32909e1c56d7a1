// The S3 store and publisher against Ceph's RADOS gateway: an S3 server that nobody here wrote.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { S3Config } from '../../../lib/config/config.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { createS3Publisher } from '../../../lib/publish/own-store.ts'
import { folderIn } from '../../../lib/publish/public-folder.ts'
import { memoryContent } from '../../../lib/store/file-content.ts'
import { createS3Store, type S3Store } from '../../../lib/store/s3/s3.ts'
import { buildDirectoryCar } from '../../harness/directory-car.ts'
import { missing, skipWithout } from '../../harness/requires.ts'
import { type Rgw, rgwRequirement, startRgw } from '../../harness/rgw.ts'
import { sampleFiles, uploadOf } from '../../unit/publish/sample-files.ts'
import { objectStoreSuite } from '../../unit/store/object-store-suite.ts'

const signal = new AbortController().signal
const BUCKET = 'maps'
const MEBIBYTE = 1024 * 1024

if (missing(rgwRequirement) === null) testOnRgw()
else test('the S3 store against the RADOS gateway', (t) => void skipWithout(t, rgwRequirement))

function testOnRgw(): void {
  let rgw: Rgw | undefined
  let store: S3Store
  const opened: S3Store[] = []

  function open(changes: Partial<S3Config> = {}): S3Store {
    assert.ok(rgw !== undefined)
    const { endpoint, credentials } = rgw
    const base = { bucket: BUCKET, prefix: 'tests/rgw', region: 'us-east-1', endpoint, credentials }
    const made = createS3Store({ ...base, ...changes })
    opened.push(made)
    return made
  }

  before(async () => {
    rgw = await startRgw()
    const { endpoint, credentials } = rgw
    const admin = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true })
    await admin.send(new CreateBucketCommand({ Bucket: BUCKET }))
    admin.destroy()
    store = open()
  })
  after(async () => {
    await Promise.all(opened.map((each) => each.close()))
    await rgw?.stop()
  })

  objectStoreSuite('RADOS gateway', () => store)

  test('an upload in parts is whole, and heeds its condition', async () => {
    const body = new Uint8Array(9 * MEBIBYTE).map((_, index) => index % 251)
    assert.ok((await store.put('parts', body, { ifNoneMatch: '*' }, signal)).written)
    assert.ok(Buffer.from(body).equals((await store.get('parts', signal))?.body ?? Buffer.of()))
    const again = await store.put('parts', body, { ifNoneMatch: '*' }, signal)
    assert.deepEqual(again, { written: false })
  })

  test('a file in pieces is downloaded by its address, as what it is said to be', async () => {
    const body = new Uint8Array(9 * MEBIBYTE).map((_, index) => index % 253)
    const content = memoryContent(body)
    assert.ok((await store.putContent('files/x', content, { ifNoneMatch: '*' }, signal)).written)
    const download = { contentType: 'image/tiff; application=geotiff', fileName: 'ndvi.tif' }
    const address = await store.presign('files/x', download, signal)
    const response = await fetch(address)
    assert.equal(response.status, 200)
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(body))
    assert.equal(response.headers.get('content-type'), download.contentType)
    assert.equal(response.headers.get('content-disposition'), 'attachment; filename="ndvi.tif"')
    assert.equal((await fetch(address.replace('ndvi.tif', 'ndvi.exe'))).status, 403)
  })

  test('what was published is read back, file by file and from its blocks', async () => {
    const content = createContentStore(store)
    const upload = await uploadOf(sampleFiles(), content)
    const root = upload.root.toString()
    const href = `s3://${BUCKET}/tests/rgw/published/${root}/`
    for (let time = 0; time < 2; time++) {
      const receipt = await createS3Publisher(content, folderIn(store.name, null)).publish(
        upload,
        signal,
      )
      assert.deepEqual(receipt, { status: 'held', href })
    }
    for (const [name, { bytes }] of upload.files) {
      const found = await store.get(`published/${root}/${name}`, signal)
      assert.ok(Buffer.from(bytes).equals(found?.body ?? Buffer.of(0)), name)
    }
    const made = await store.list('files', null, 9, signal)
    assert.ok(!made.some((key) => key.startsWith('files/baf')), 'what was moved is gone')
    const { published } = createContentStore(store)
    const unpacked = await buildDirectoryCar(
      upload.root,
      (cid) => published.get(cid, signal),
      mediaTypeOf,
    )
    assert.ok(Buffer.from(upload.bytes).equals(unpacked?.car ?? Buffer.of()))
  })

  test('a damaged file that was there is not held', async () => {
    const content = createContentStore(store)
    const upload = await uploadOf(sampleFiles(), content)
    const key = `published/${upload.root.toString()}/ndvi.tif`
    await createS3Publisher(content, folderIn(store.name, null)).publish(upload, signal)
    const damaged = (await store.get(key, signal))?.body ?? new Uint8Array(1)
    await store.put(key, damaged.with(0, 0), {}, signal)
    const publisher = createS3Publisher(createContentStore(store), folderIn(store.name, null))
    assert.equal((await publisher.publish(upload, signal)).status, 'unproven')
    await store.put(key, damaged, {}, signal)
  })

  test('its refusals are told in our words', async () => {
    const credentials = { accessKeyId: rgw?.credentials.accessKeyId ?? '', secretAccessKey: 'no' }
    for (const [changes, words] of [
      [{ credentials }, /S3_SECRET_ACCESS_KEY does not belong/],
      [{ credentials: { ...credentials, accessKeyId: 'NOBODY' } }, /correct S3_ACCESS_KEY_ID/],
      [{ bucket: 'nowhere' }, /no bucket "nowhere"/],
    ] as const) {
      const denied = open(changes)
      const message = (error: Error & { code?: string }) =>
        error.code === 'store_failed' && words.test(error.message)
      await assert.rejects(denied.put('x', new Uint8Array(1), {}, signal), message)
      await assert.rejects(denied.get('x', signal), message)
    }
  })
}
