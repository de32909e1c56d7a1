// Whole files in a bucket: kept once under their CID, and found only as long as they are whole.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { type Cid, DAG_PB, parseCid } from '../../../lib/ipld/cid.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import type { ShelfName } from '../../../lib/kept/shelves.ts'
import { createBucketFiles, MAX_REPLY } from '../../../lib/kept/whole-files.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { memoryContent } from '../../../lib/store/file-content.ts'
import { createS3Store } from '../../../lib/store/s3/s3.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { importFile } from '../../harness/import-dag.ts'
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

const content = createContentStore(store)
const files = createBucketFiles(store, content)
const bytes = noise(MAX_REPLY + 1)
const size = bytes.length
const contentType = 'image/tiff; application=geotiff; profile=cloud-optimized'
const name = 'ndvi.tif'

async function keep(shelf: ShelfName) {
  const { root, assets } = await packDirectory(
    new Map([[name, memoryContent(bytes)]]),
    content,
    shelf,
    signal,
  )
  return { root, cid: parseCid(assets['cog']?.cid ?? '') }
}

async function download(cid: Cid) {
  const address = await files.locate({ cid, size, contentType, name }, signal)
  const response = await fetch(address ?? '')
  assert.equal(response.status, 200)
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes))
  assert.match(response.headers.get('content-disposition') ?? '', /"ndvi\.tif"$/)
  return new URL(response.url).pathname
}

describe('a whole file', () => {
  it('is kept under its CID with its type, once, and downloaded from there', async () => {
    const { cid } = await keep('made')
    const kept = stub.objects.get(`one/files/${cid.toString()}`)
    assert.ok(kept?.body.equals(bytes))
    assert.equal(kept?.contentType, contentType)
    await keep('made')
    assert.equal(stub.objects.get(`one/files/${cid.toString()}`), kept)
    assert.match(await download(cid), new RegExp(`/one/files/${cid.toString()}$`))
  })

  it('that was published is downloaded from where it was moved to, with its type', async () => {
    const { root, cid } = await keep('made')
    assert.equal(await content.publish(root, mediaTypeOf, signal), true)
    assert.ok(!stub.objects.has(`one/files/${cid.toString()}`))
    const key = `one/published/${root.toString()}/${name}`
    assert.equal(stub.objects.get(key)?.contentType, contentType)
    assert.match(await download(cid), new RegExp(`/${key}$`))
    // What stays is not kept a second time.
    await keep('made')
    assert.ok(!stub.objects.has(`one/files/${cid.toString()}`))
  })

  it('is one by CIDv0 and CIDv1', async () => {
    const { root: v0 } = await importFile(bytes, 'unixfs-v0-2015')
    assert.equal(v0.version, 0)
    await store.put(`files/${v0.toV1().toString()}`, bytes, { contentType }, signal)
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
