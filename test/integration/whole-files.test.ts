// A result too large for one reply, downloaded by its href as anybody would: on this machine and from a bucket.

import assert from 'node:assert/strict'
import { get } from 'node:http'
import { after, describe, it } from 'node:test'
import type { NdviReply } from '../../lib/http/reply.ts'
import { fileCid } from '../../lib/ipld/importer.ts'
import { createBlockStore } from '../../lib/kept/block-store.ts'
import { MAX_REPLY } from '../../lib/kept/whole-files.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { importFile } from '../harness/import-dag.ts'
import { sceneItem } from '../harness/items.ts'
import { startS3Stub } from '../harness/s3-stub.ts'
import { startSystem, type TestSystem } from '../harness/system.ts'

const blocks = new MemoryBlocks()
const item = await sceneItem('s2-l2a-29RKH', blocks)
const gateway = await startGateway(blocks)
const s3 = await startS3Stub()
const local = await startSystem({ IPFS_GATEWAYS: gateway.url })
const deployed = await startSystem({
  IPFS_GATEWAYS: gateway.url,
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint',
  S3_BUCKET: s3.bucket,
  S3_PREFIX: 'stage',
  S3_REGION: s3.account.region,
  S3_ENDPOINT: s3.endpoint,
  S3_ACCESS_KEY_ID: s3.account.accessKeyId,
  S3_SECRET_ACCESS_KEY: s3.account.secretAccessKey,
})
after(async () => {
  await local.close()
  await deployed.close()
  await gateway.close()
  await s3.stop()
})

const NOBODY = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
const request = { item, outputs: ['figure', 'cog'], max_size: 'full' }

/** The address of the numbers as `system` has it, whatever its public name. */
function cogOf({ assets }: NdviReply, { base }: TestSystem) {
  const cog = assets['cog']
  assert.ok(cog !== undefined && cog.size > MAX_REPLY, `${cog?.size}`)
  return { ...cog, url: `${base}${new URL(cog.href).pathname}` }
}

for (const [name, system, origin] of [
  ['on this machine', local, local.base],
  ['from a bucket', deployed, s3.endpoint],
] as const) {
  describe(`a large GeoTIFF ${name}`, async () => {
    const cog = cogOf(await system.ndvi(request), system)

    it('is downloaded whole by its href', async () => {
      const response = await fetch(cog.url)
      assert.equal(response.status, 200)
      assert.ok(response.url.startsWith(origin), response.url)
      const bytes = new Uint8Array(await response.arrayBuffer())
      assert.equal(bytes.length, cog.size)
      assert.equal((await fileCid(bytes)).toString(), cog.cid)
      assert.equal(response.headers.get('content-type'), cog.type)
      assert.match(response.headers.get('content-disposition') ?? '', /; filename="ndvi\.tif"$/)
    })

    it('is downloaded by its CID alone', async () => {
      const response = await fetch(`${system.base}/ipfs/${cog.cid}`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      assert.equal((await fileCid(bytes)).toString(), cog.cid)
    })

    it('is served by a range that no reply of Lambda carries, whole', async () => {
      const response = await fetch(cog.url, { headers: { range: 'bytes=100-' } })
      assert.equal(response.status, 206)
      assert.ok(response.url.startsWith(origin), response.url)
      assert.equal((await response.arrayBuffer()).byteLength, cog.size - 100)
    })

    it('is read by ranges and measured by HEAD where it is', async () => {
      const part = await fetch(cog.url, { headers: { range: 'bytes=4194300-4194309' } })
      assert.equal(part.status, 206)
      assert.equal(part.redirected, false)
      assert.equal(part.headers.get('content-range'), `bytes 4194300-4194309/${cog.size}`)
      assert.equal((await part.arrayBuffer()).byteLength, 10)
      const head = await fetch(cog.url, { method: 'HEAD' })
      assert.equal(head.redirected, false)
      assert.equal(head.headers.get('content-length'), String(cog.size))
    })

    it('has no stranger beside it', async () => {
      assert.equal((await fetch(`${system.base}/ipfs/${NOBODY}`)).status, 404)
    })
  })
}

describe('on this machine', () => {
  it('no stranger’s file is put together, and no server is asked for one', async () => {
    const foreign = await blocks.add(new Uint8Array(5_000_000), 'unixfs-v1-2025')
    const asked = gateway.asked.length
    const response = await fetch(`${local.base}/ipfs/${foreign.toString()}`)
    assert.equal(response.status, 404)
    assert.equal(gateway.asked.length, asked)
  })

  it('a caller who hangs up harms nobody', async () => {
    const { url } = cogOf(await local.ndvi(request), local)
    await new Promise<void>((resolve) => {
      get(url, (response) => {
        response.once('data', () => response.destroy())
        response.once('close', resolve)
      })
    })
    assert.ok((await (await fetch(url)).arrayBuffer()).byteLength > MAX_REPLY)
  })
})

describe('in the bucket', () => {
  it('it is led to for this caller alone', async () => {
    const cog = cogOf(await deployed.ndvi(request), deployed)
    for (const headers of [{}, { range: 'bytes=0-' }]) {
      const response = await fetch(cog.url, { redirect: 'manual', headers })
      assert.equal(response.status, 307)
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
      assert.equal((await response.arrayBuffer()).byteLength, 0)
    }
  })

  it('the large file lies once, by its CID, and the small ones as blocks alone', async () => {
    const reply = await deployed.ndvi(request, { 'cache-control': 'no-cache' })
    const whole = [...s3.objects.keys()].filter((key) => key.startsWith('stage/visitors/files/'))
    assert.deepEqual(whole, [`stage/visitors/files/${reply.assets['cog']?.cid}`])
  })

  it('a file that lies there in blocks alone, as 0.3 kept them, is asked for by ranges', async () => {
    const cog = cogOf(await deployed.ndvi(request), deployed)
    const key = `stage/visitors/files/${cog.cid}`
    const kept = s3.objects.get(key)
    assert.ok(kept !== undefined)
    s3.objects.delete(key)
    const { signal } = new AbortController()
    const dag = await importFile(new Uint8Array(kept.body), 'unixfs-v1-2025')
    const earlier = createBlockStore(deployed.services.objects)
    for (const { cid, bytes } of dag.blocks) await earlier.put(cid, bytes, signal)
    const response = await fetch(cog.url)
    assert.equal(response.status, 413)
    assert.match(await response.text(), /Ask for ranges/)
    const part = await fetch(cog.url, { headers: { range: 'bytes=4194300-4194309' } })
    const bytes = Buffer.from(await part.arrayBuffer())
    assert.ok(bytes.equals(kept.body.subarray(4_194_300, 4_194_310)))
    s3.objects.set(key, kept)
  })

  it('no signature and no key is logged', async () => {
    const before = deployed.lines.length
    const { url } = cogOf(await deployed.ndvi(request), deployed)
    const response = await fetch(url, { redirect: 'manual' })
    const location = response.headers.get('location') ?? ''
    const signature = new URL(location).searchParams.get('X-Amz-Signature') ?? 'none'
    const lines = deployed.lines.slice(before).join('\n')
    assert.match(lines, /"route":"\/ipfs\/.*"status":307/)
    assert.ok(!lines.includes(signature) && !lines.includes('X-Amz'))
    assert.ok(!lines.includes(s3.account.accessKeyId))
  })
})
