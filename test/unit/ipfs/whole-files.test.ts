// Whole files in a bucket: kept once under their CID, and found only as long as they are whole.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { createBucketFiles, MAX_REPLY } from '../../../lib/ipfs/whole-files.ts'
import { cidOfBlock, DAG_PB } from '../../../lib/ipld/cid.ts'
import { importFile } from '../../../lib/ipld/importer.ts'
import { memoryContent } from '../../../lib/store/file-content.ts'
import { createS3Store } from '../../../lib/store/s3/s3.ts'
import { noise } from '../../harness/blocks.ts'
import { startS3Stub } from '../../harness/s3-stub.ts'

const signal = new AbortController().signal
const stub = await startS3Stub()
const { accessKeyId, secretAccessKey, region } = stub.account
const store = createS3Store({
  bucket: stub.bucket,
  prefix: 'one',
  region,
  endpoint: stub.endpoint,
  credentials: { accessKeyId, secretAccessKey },
})
after(async () => {
  await store.close()
  await stub.stop()
})

const files = createBucketFiles(store)
const bytes = noise(MAX_REPLY + 1)
const size = bytes.length
const contentType = 'image/tiff'
const name = 'ndvi.tif'

describe('a whole file', () => {
  it('is kept under its CID with its type, once', async () => {
    const { root } = await importFile(bytes, 'unixfs-v1-2025')
    await files.keep(root, memoryContent(bytes), contentType, signal)
    const kept = stub.objects.get(`one/files/${root.toString()}`)
    assert.ok(kept?.body.equals(bytes))
    assert.equal(kept?.contentType, contentType)
    await files.keep(root, memoryContent(bytes), contentType, signal)
    assert.equal(stub.objects.get(`one/files/${root.toString()}`), kept)
  })

  it('is downloaded from where it is located', async () => {
    const { root } = await importFile(bytes, 'unixfs-v1-2025')
    await files.keep(root, memoryContent(bytes), contentType, signal)
    const address = await files.locate({ cid: root, size, contentType, name }, signal)
    const response = await fetch(address ?? '')
    assert.equal(response.status, 200)
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes))
    assert.match(response.headers.get('content-disposition') ?? '', /"ndvi\.tif"$/)
  })

  it('is one by CIDv0 and CIDv1', async () => {
    const { root: v0 } = await importFile(bytes, 'unixfs-v0-2015')
    assert.equal(v0.version, 0)
    await files.keep(v0.toV1(), memoryContent(bytes), contentType, signal)
    assert.notEqual(await files.locate({ cid: v0, size, contentType, name }, signal), null)
  })

  it('is nowhere while it is not there, or not all of it', async () => {
    const cid = cidOfBlock(DAG_PB, noise(8))
    const file = { cid, size, contentType, name }
    assert.equal(await files.locate(file, signal), null)
    await store.put(`files/${cid.toString()}`, bytes.subarray(1), {}, signal)
    assert.equal(await files.locate(file, signal), null)
  })
})
